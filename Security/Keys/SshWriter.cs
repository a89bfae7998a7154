using System.Buffers;
using System.Buffers.Binary;

namespace Deploy.Security.Keys;

/// <summary>Writes what <see cref="SshReader"/> reads.</summary>
internal sealed class SshWriter
{
    private readonly ArrayBufferWriter<byte> written = new();

    public byte[] ToArray() => written.WrittenSpan.ToArray();

    /// <summary>Bytes as they are.</summary>
    public SshWriter Raw(ReadOnlySpan<byte> bytes)
    {
        written.Write(bytes);
        return this;
    }

    public SshWriter Number(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(written.GetSpan(4), value);
        written.Advance(4);
        return this;
    }

    /// <summary>Bytes behind their length.</summary>
    public SshWriter String(ReadOnlySpan<byte> bytes) => Number((uint)bytes.Length).Raw(bytes);
}
