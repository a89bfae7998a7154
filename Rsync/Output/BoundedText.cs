using Deploy.Model.Text;

namespace Deploy.Rsync.Output;

/// <summary>Bytes kept up to a bound: the first ones, and the last ones where some were left out between.</summary>
internal sealed class BoundedText(int headBytes, int tailBytes)
{
    private readonly List<byte> _head = [];
    private readonly byte[] _tail = new byte[tailBytes];
    private long _tailTotal;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        int toHead = Math.Min(bytes.Length, headBytes - _head.Count);
        _head.AddRange(bytes[..toHead]);
        bytes = bytes[toHead..];
        if (tailBytes == 0)
        {
            _tailTotal += bytes.Length;
            return;
        }

        if (bytes.Length > tailBytes)
        {
            _tailTotal += bytes.Length - tailBytes;
            bytes = bytes[^tailBytes..];
        }

        int at = (int)(_tailTotal % tailBytes);
        int first = Math.Min(bytes.Length, tailBytes - at);
        bytes[..first].CopyTo(_tail.AsSpan(at));
        bytes[first..].CopyTo(_tail);
        _tailTotal += bytes.Length;
    }

    /// <summary>What was kept, in ByteText, with a line that counts what was left out.</summary>
    public string Text()
    {
        string head = ByteText.FromBytes([.. _head]);
        if (_tailTotal == 0)
        {
            return head;
        }

        int kept = (int)Math.Min(_tailTotal, tailBytes);
        byte[] tail = new byte[kept];
        for (int i = 0; i < kept; i++)
        {
            tail[i] = _tail[(int)((_tailTotal - kept + i) % tailBytes)];
        }

        return _tailTotal == kept ? ByteText.FromBytes([.. _head, .. tail]) : $"{head}\n[{_tailTotal - kept} bytes left out]\n{ByteText.FromBytes(tail)}";
    }
}
