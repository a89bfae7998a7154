using System.Security.Cryptography;

namespace Deploy.Security.Audit;

/// <summary>Checks the chain of an audit log: each record has the hash of the line before it, and the number behind its. Give it the files oldest first, then ask for the verdict.</summary>
/// <param name="wanted">The hash of a record that has to be there, 64 hexadecimal digits; null for none.</param>
/// <param name="kept">Where the daemon says that the log ends, or ended a moment ago; null where that is not known. A cut tail shows by nothing but these two.</param>
internal sealed class AuditChain(string? wanted, AuditEnd? kept = null) : IDisposable
{
    private readonly IncrementalHash junk = IncrementalHash.CreateHash(HashAlgorithmName.SHA256); // of the bytes since the last record
    private long junkBytes;
    private bool junkHasLines;
    private (string File, long Line) junkAt;
    private AuditEnd? last;
    private (string File, long Line) lastAt;
    private long first;
    private int closed;
    private long omitted;
    private long? found;
    private bool isKeptThere;
    private string reading = string.Empty;

    /// <summary>The first thing that is wrong; null so far.</summary>
    public AuditVerdict.Broken? Broken { get; private set; }

    /// <summary>Reads one file, and ends early where something is wrong.</summary>
    /// <param name="name">Its path, for the verdict.</param>
    /// <param name="file">Its bytes.</param>
    public void Read(string name, Stream file)
    {
        long number = 0;
        bool isFirst = true;
        reading = name;
        foreach (var line in AuditLines.Of(file))
        {
            number++;
            if (Broken is not null)
            {
                return;
            }

            if (AuditLine.TryRead(line.Span, out var record))
            {
                Broken = Judge(record, (name, number), isFirst);
                last = new AuditEnd(record.Seq, AuditLine.HashOf(line.Span));
                lastAt = (name, number);
                found = last.Hash.Equals(wanted, StringComparison.OrdinalIgnoreCase) ? record.Seq : found;
                isKeptThere |= last == kept;
                isFirst = false;
            }
            else
            {
                junkAt = junkBytes == 0 ? (name, number) : junkAt;
                junk.AppendData(line.Span);
                junkBytes += line.Length;
                junkHasLines |= line.Span[^1] == (byte)'\n';
                isFirst = isFirst && number == 1; // a file may begin with what was torn
            }
        }
    }

    /// <summary>The verdict on all of it.</summary>
    public AuditVerdict Verdict() => Broken ?? LinesBehind() ?? Cut() ?? (AuditVerdict)new AuditVerdict.Whole(first, last ?? AuditEnd.None)
    {
        TornBytes = junkBytes,
        Closed = closed,
        Omitted = omitted,
        Found = found,
    };

    public void Dispose() => junk.Dispose();

    private AuditVerdict.Broken? LinesBehind() =>
        junkBytes > 0 && junkHasLines ? new(junkAt.File, junkAt.Line, "is no record, and has a line feed, which nothing has that a kill leaves: it was changed, or put in") : null;

    /// <summary>Older files may go while these are read, and the record with them that was the last.</summary>
    private AuditVerdict.Broken? Cut() =>
        kept is null || isKeptThere || kept.Seq < first ? null
        : last is null ? new(reading, 1, $"there is no record, and {kept.Seq} were written: they were cut off, or moved away")
        : last.Seq < kept.Seq ? new(lastAt.File, lastAt.Line, $"record {last.Seq} is the last one here, and {kept.Seq} were written: those behind it were cut off, or moved away")
        : new(lastAt.File, lastAt.Line, $"no record is the one with the number {kept.Seq} that was written: it was changed, or all were written anew");

    private AuditVerdict.Broken? Judge(AuditLine record, (string File, long Line) at, bool isFirst)
    {
        string torn = Convert.ToHexStringLower(junk.GetHashAndReset());
        long bytes = junkBytes;
        junkBytes = 0;
        junkHasLines = false;
        if (bytes > 0 && (record.Torn != torn || record.TornBytes != bytes))
        {
            return new(junkAt.File, junkAt.Line, $"is no record, and record {record.Seq} behind it does not say that it was torn: it was changed, or put in");
        }

        if (bytes == 0 && record.Torn is not null)
        {
            return new(at.File, at.Line, $"record {record.Seq} tells of {record.TornBytes} torn bytes before it, which are not there");
        }

        (closed, omitted) = (closed + (bytes > 0 ? 1 : 0), omitted + (record.Count ?? 0));
        if (isFirst && bytes == 0 && record.First != true)
        {
            return new(at.File, at.Line, $"record {record.Seq} is not the one that the file began with: what stood before it was taken out");
        }

        if (last is null)
        {
            first = record.Seq;
            return record.Seq == 1 && record.Prev != AuditLine.NoHash ? new(at.File, at.Line, "record 1 has one before it") : null;
        }

        if (record.Seq != last.Seq + 1)
        {
            string what = record.Seq > last.Seq ? $"records {last.Seq + 1} to {record.Seq - 1} between them are missing" : "the order is not the one in which they were written, or a part was cut off and written anew";
            return new(at.File, at.Line, $"record {record.Seq} stands behind record {last.Seq}: {what}");
        }

        return record.Prev == last.Hash ? null : new(lastAt.File, lastAt.Line, $"record {last.Seq} is not what was written there: record {record.Seq} behind it has another hash for it");
    }
}
