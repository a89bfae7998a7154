using System.Globalization;
using Deploy.Model;
using Deploy.Model.Jobs;
using Microsoft.Win32.SafeHandles;

namespace Deploy.Security.Audit;

/// <summary>
/// Reads an audit log backwards, page after page, while its daemon writes it: pieces from the end, and where a number is given by halves to its place, so that a page costs some pieces however
/// long the log is. What is no record is passed over: <c>deploy audit verify</c> tells of it.
/// </summary>
internal static class AuditPages
{
    private const int PieceBytes = 2 * AuditLine.MaxBytes; // a whole line is in every piece that has one
    private const int MostPieces = 256; // ours: 32 MiB for one page; behind that the page ends with what it has

    /// <summary>Records with numbers below one, newest first.</summary>
    /// <param name="directory">The daemon's state directory.</param>
    /// <param name="before">The number; null is from the newest on.</param>
    /// <param name="most">So many at most.</param>
    /// <returns>The records, and the number to go on at; null where there are no more.</returns>
    /// <exception cref="IOException">A file cannot be read; so is <see cref="UnauthorizedAccessException"/>.</exception>
    public static (IReadOnlyList<AuditRecord> Records, long? Next) Read(string directory, long? before, int most)
    {
        var found = new List<AuditRecord>();
        long below = before ?? long.MaxValue;
        int pieces = MostPieces;
        foreach (string path in AuditFiles.In(directory).Reverse())
        {
            SafeFileHandle file;
            try
            {
                file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            }
            catch (FileNotFoundException)
            {
                continue; // put aside, or the oldest that went, between the two looks
            }

            using (file)
            {
                ReadFile(file, ref below, most, found, ref pieces);
            }

            if (found.Count == most || pieces == 0)
            {
                break;
            }
        }

        // The first record of a log is 1; a log whose oldest file went ends with an empty page.
        return (found, below > 1 && below != long.MaxValue && (found.Count == most || pieces == 0) ? below : null);
    }

    private static void ReadFile(SafeFileHandle file, ref long below, int most, List<AuditRecord> found, ref int pieces)
    {
        byte[] bytes = new byte[PieceBytes];
        long end = Place(file, RandomAccess.GetLength(file), below, bytes, ref pieces);
        while (end > 0 && found.Count < most && pieces > 0)
        {
            pieces--;
            long from = Math.Max(0, end - PieceBytes);
            int count = Fill(file, bytes, from, (int)(end - from));
            int behind = bytes.AsSpan(0, count).LastIndexOf((byte)'\n') + 1;
            if (behind == 0)
            {
                end = from; // no end of a line in so much: none of ours
                continue;
            }

            int begin = behind;
            while (begin > 0 && found.Count < most)
            {
                int start = bytes.AsSpan(0, behind - 1).LastIndexOf((byte)'\n') + 1;
                if (start == 0 && from > 0)
                {
                    break; // its beginning is in the piece before
                }

                if (AuditLine.TryRead(bytes.AsSpan(start, behind - start), out var line) && line.Seq < below)
                {
                    found.Add(RecordOf(line));
                    below = line.Seq;
                }

                begin = behind = start;
            }

            end = behind == count && from > 0 && begin == count ? from : from + behind; // one line that is longer than a piece is none of ours
        }
    }

    /// <summary>A place in a file behind which no record is below a number: the file's end, or one that halving finds, not far behind.</summary>
    private static long Place(SafeFileHandle file, long length, long below, byte[] bytes, ref int pieces)
    {
        long low = 0, high = length;
        while (below != long.MaxValue && high - low > 2 * PieceBytes && pieces > 0)
        {
            pieces--;
            long middle = (low + high) / 2;
            int count = Fill(file, bytes, middle, PieceBytes);
            if (FirstOf(bytes.AsSpan(0, count)) is { } seq && seq < below)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return Math.Min(length, below == long.MaxValue ? length : high + PieceBytes);
    }

    /// <summary>The number of the first whole record; null for none.</summary>
    private static long? FirstOf(ReadOnlySpan<byte> bytes)
    {
        int begin = bytes.IndexOf((byte)'\n') + 1;
        while (begin > 0 && begin < bytes.Length && bytes[begin..].IndexOf((byte)'\n') is >= 0 and var length)
        {
            if (AuditLine.TryRead(bytes.Slice(begin, length + 1), out var line))
            {
                return line.Seq;
            }

            begin += length + 1;
        }

        return null;
    }

    private static int Fill(SafeFileHandle file, byte[] bytes, long from, int most)
    {
        int read = 0;
        for (int got; read < most && (got = RandomAccess.Read(file, bytes.AsSpan(read, most - read), from + read)) > 0; read += got)
        {
        }

        return read;
    }

    private static AuditRecord RecordOf(AuditLine line) => new()
    {
        Seq = line.Seq,
        Time = DateTimeOffset.TryParse(line.Time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : default,
        What = line.Order ?? line.Ask,
        Subject = line.What ?? line.Ask switch
        {
            "omitted" => string.Create(CultureInfo.InvariantCulture, $"{line.Count ?? 0} records were not written"),
            "torn" => string.Create(CultureInfo.InvariantCulture, $"{line.TornBytes ?? 0} bytes before this are a record that a kill left in part"),
            _ => null,
        },
        Hosts = line.Hosts,
        Job = JobId.TryParse(line.Job ?? string.Empty, out var job) ? job : null,
        Who = line.Who ?? line.By,
        Key = line.Key,
        Peer = line.Peer,
        Refusal = line.Refusal,
        Reason = line.Reason,
    };
}
