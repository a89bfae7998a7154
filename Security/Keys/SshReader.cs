using System.Buffers.Binary;

namespace Deploy.Security.Keys;

/// <summary>Reads what SSH writes (RFC 4251, section 5): a byte, a 32-bit number with the high byte first, a string of bytes behind its length. A false leaves it where it was.</summary>
internal ref struct SshReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> rest = bytes;

    /// <summary>What was not read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => rest;

    public bool TryByte(out byte value)
    {
        value = rest.IsEmpty ? (byte)0 : rest[0];
        bool there = !rest.IsEmpty;
        rest = there ? rest[1..] : rest;
        return there;
    }

    public bool TryNumber(out uint value)
    {
        bool there = BinaryPrimitives.TryReadUInt32BigEndian(rest, out value);
        rest = there ? rest[4..] : rest;
        return there;
    }

    /// <param name="value">A part of what was given, not a copy.</param>
    public bool TryString(out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!BinaryPrimitives.TryReadUInt32BigEndian(rest, out uint length) || length > (uint)(rest.Length - 4))
        {
            return false;
        }

        value = rest.Slice(4, (int)length);
        rest = rest[(4 + (int)length)..];
        return true;
    }
}
