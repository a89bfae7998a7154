using System.Buffers;
using System.Collections;

namespace Deploy.Rsync;

/// <summary>Names in the order they came, packed: each is its printed bytes and a newline, which no printed name holds. A list can have millions.</summary>
internal sealed class NameList : IReadOnlyCollection<RsyncName>
{
    private readonly ArrayBufferWriter<byte> _lines = new();

    public int Count { get; private set; }

    /// <summary>Bytes of all of it.</summary>
    public int Bytes => _lines.WrittenCount;

    /// <param name="printed">A name as rsync printed it: one line, not empty.</param>
    public void Add(ReadOnlySpan<byte> printed)
    {
        _lines.Write(printed);
        _lines.Write("\n"u8);
        Count++;
    }

    public IEnumerator<RsyncName> GetEnumerator()
    {
        for (var rest = _lines.WrittenMemory; !rest.IsEmpty;)
        {
            int end = rest.Span.IndexOf((byte)'\n');
            yield return new RsyncName(rest[..end]);
            rest = rest[(end + 1)..];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
