using System.Buffers;
using System.Buffers.Text;

namespace Deploy.Rsync.Output;

/// <summary>One progress record of rsync, of one file (3.0) or of all (progress2, 3.1 and later).</summary>
/// <remarks>
/// Layout (progress.c, rprint_progress): bytes, percent, rate, time, separated by blanks; time may be <c>??:??:??</c>. At file ends
/// <c>(xfr#N, to-chk=A/B)</c>, with <c>ir-chk</c> while the list grows; 3.0 has <c>xfer#</c> and <c>to-check</c>. Rates count in 1024.
/// </remarks>
internal readonly record struct ProgressRecord
{
    private static readonly SearchValues<byte> TimeBytes = SearchValues.Create("0123456789:?"u8);

    public required long Bytes { get; init; }

    public required int Percent { get; init; }

    public required long? BytesPerSecond { get; init; }

    /// <summary>Files transferred; null between file ends.</summary>
    public long? FilesDone { get; init; }

    /// <summary>Set together with <see cref="FilesDone"/>.</summary>
    public long EntriesLeft { get; init; }

    /// <summary>Set together with <see cref="FilesDone"/>.</summary>
    public long EntriesKnown { get; init; }

    /// <summary>Set together with <see cref="FilesDone"/>.</summary>
    public bool ListComplete { get; init; }

    public static bool TryRead(ReadOnlySpan<byte> line, out ProgressRecord record)
    {
        record = default;
        ReadOnlySpan<byte> rest = line;
        ReadOnlySpan<byte> percent = default;
        if (line.IsEmpty || line[0] is not ((byte)' ' or (>= (byte)'0' and <= (byte)'9'))
            || !RsyncNumber.TryRead(Word(ref rest), out long bytes)
            || !(percent = Word(ref rest)).EndsWith("%"u8)
            || !Utf8Parser.TryParse(percent, out int value, out int used) || used != percent.Length - 1 || value < 0
            || !TryRate(Word(ref rest), out long? rate)
            || !IsTime(Word(ref rest)))
        {
            return false;
        }

        record = new ProgressRecord { Bytes = bytes, Percent = value, BytesPerSecond = rate };
        rest = rest.Trim((byte)' ');
        return rest.IsEmpty || TryEnd(rest, ref record);
    }

    /// <summary><c>(xfr#N, to-chk=A/B)</c>.</summary>
    private static bool TryEnd(ReadOnlySpan<byte> end, ref ProgressRecord record)
    {
        int number = end.IndexOf((byte)'#');
        int comma = end.IndexOf((byte)',');
        int equal = end.IndexOf((byte)'=');
        int slash = end.IndexOf((byte)'/');
        if (!(end.StartsWith("(xfr#"u8) || end.StartsWith("(xfer#"u8)) || !end.EndsWith(")"u8) || !(number < comma && comma < equal && equal < slash)
            || !Utf8Parser.TryParse(end[(number + 1)..comma], out long files, out int used) || used != comma - number - 1
            || !Utf8Parser.TryParse(end[(equal + 1)..slash], out long left, out used) || used != slash - equal - 1
            || !Utf8Parser.TryParse(end[(slash + 1)..^1], out long known, out used) || used != end.Length - slash - 2)
        {
            return false;
        }

        bool complete = end[comma..equal].StartsWith(", to-"u8);
        record = record with { FilesDone = files, EntriesLeft = left, EntriesKnown = known, ListComplete = complete };
        return true;
    }

    private static bool TryRate(ReadOnlySpan<byte> word, out long? bytesPerSecond)
    {
        bytesPerSecond = null;
        if (!word.EndsWith("B/s"u8))
        {
            return false;
        }

        if (Utf8Parser.TryParse(word, out double amount, out int used) && used == word.Length - "kB/s".Length && double.IsFinite(amount))
        {
            double unit = word[used] switch
            {
                (byte)'k' or (byte)'K' => 1024.0,
                (byte)'M' => 1024.0 * 1024,
                (byte)'G' => 1024.0 * 1024 * 1024,
                (byte)'T' => 1024.0 * 1024 * 1024 * 1024,
                _ => double.NaN,
            };
            double rate = amount * unit;
            bytesPerSecond = rate is >= 0 and < 1e18 ? (long)rate : null;
        }

        return true;
    }

    private static bool IsTime(ReadOnlySpan<byte> word) =>
        word.Length >= "0:00:00".Length && word.Count((byte)':') == 2 && !word.ContainsAnyExcept(TimeBytes);

    /// <summary>The next word, and what follows it.</summary>
    private static ReadOnlySpan<byte> Word(scoped ref ReadOnlySpan<byte> rest)
    {
        rest = rest.TrimStart((byte)' ');
        int end = rest.IndexOf((byte)' ');
        end = end < 0 ? rest.Length : end;
        ReadOnlySpan<byte> word = rest[..end];
        rest = rest[end..];
        return word;
    }
}
