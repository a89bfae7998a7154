namespace Deploy.Rsync.Output;

/// <summary>Takes one line.</summary>
/// <param name="line">Its bytes without the separator; valid during the call only. At most <see cref="LineSplitter.LongestLineBytes"/>; of a longer one the beginning.</param>
/// <param name="end">What ended it.</param>
internal delegate void LineTaker(ReadOnlySpan<byte> line, LineEnd end);

/// <summary>What ended a line.</summary>
internal enum LineEnd
{
    /// <summary><c>\n</c>.</summary>
    NewLine,

    /// <summary><c>\r</c>, rsync's way to print a progress record over the one before.</summary>
    Return,

    /// <summary>The end of the output: the line may be torn.</summary>
    OfOutput,

    /// <summary>It was longer than the bound; its rest was thrown away.</summary>
    Cut,
}

/// <summary>Splits bytes that come in any pieces on <c>\n</c> and <c>\r</c>; keeps one line at most, of bounded length.</summary>
internal sealed class LineSplitter(LineTaker taker)
{
    /// <summary>64 KiB: a name and a link target of PATH_MAX (4096) bytes each, every byte escaped to five, with room for the rest.</summary>
    public const int LongestLineBytes = 65536;

    private byte[] _held = new byte[256];
    private int _length;
    private bool _overlong;

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int at = bytes.IndexOfAny((byte)'\n', (byte)'\r');
            if (at < 0)
            {
                Hold(bytes);
                return;
            }

            End(bytes[..at], bytes[at] == '\n' ? LineEnd.NewLine : LineEnd.Return);
            bytes = bytes[(at + 1)..];
        }
    }

    /// <summary>Nothing follows: hands over what is held, if anything.</summary>
    public void Complete()
    {
        if (_length > 0)
        {
            End([], LineEnd.OfOutput);
        }
    }

    private void End(ReadOnlySpan<byte> last, LineEnd end)
    {
        if (_length == 0 && last.Length <= LongestLineBytes)
        {
            taker(last, end);
            return;
        }

        Hold(last);
        taker(_held.AsSpan(0, _length), _overlong ? LineEnd.Cut : end);
        _length = 0;
        _overlong = false;
    }

    private void Hold(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > LongestLineBytes - _length)
        {
            bytes = bytes[..(LongestLineBytes - _length)];
            _overlong = true;
        }

        if (_length + bytes.Length > _held.Length)
        {
            Array.Resize(ref _held, Math.Min(LongestLineBytes, Math.Max(_held.Length * 2, _length + bytes.Length)));
        }

        bytes.CopyTo(_held.AsSpan(_length));
        _length += bytes.Length;
    }
}
