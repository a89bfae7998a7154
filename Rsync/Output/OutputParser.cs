using System.Text;
using Deploy.Rsync.Targets;

namespace Deploy.Rsync.Output;

/// <summary>Takes each change, while it is parsed.</summary>
internal delegate void ChangeTaker(ChangeLine change);

/// <summary>
/// Reads rsync's stdout as it comes: change lines, progress, statistics, and what else it says. Holds one line and counters,
/// and the names where they are asked for. Any bytes are taken without an exception.
/// </summary>
/// <param name="keepNames">Keep <see cref="NewNames"/> and <see cref="DeletedNames"/>.</param>
/// <param name="progressPerFile">rsync 3.0, whose progress is that of one file.</param>
/// <param name="onChange">Called for each change; null for nobody.</param>
/// <param name="timed">Change lines have the time at the origin.</param>
/// <param name="target">How a new target is told; null as rsync says it.</param>
internal sealed class OutputParser
{
    /// <summary>16 KiB of other lines are kept, of any one line 1 KiB.</summary>
    public const int SaidBytes = 16384;
    private const int SaidLineBytes = 1024;

    /// <summary>Names kept at most, bytes: two million of 32; an origin that lists without end must not cost more.</summary>
    private const int MaxKeptBytes = 64 * 1024 * 1024;

    private readonly bool _keepNames;
    private readonly bool _progressPerFile;
    private readonly bool _timed;
    private readonly CreatedTarget? _target;
    private readonly ChangeTaker? _onChange;
    private readonly LineSplitter _lines;
    private readonly BoundedText _said = new(SaidBytes, 0);
    private readonly NameList _newNames = [];
    private readonly NameList _deletedNames = [];
    private Statistics? _statistics;
    private bool _toldTarget;
    private bool _inStatistics;
    private bool _afterBlank;
    private long _deletions;
    private long _transfers;
    private long _transferBytes;
    private long _changes;
    private long _skippedLinks;
    private long _bytesOfEndedFiles;
    private volatile SyncProgress? _progress;

    public OutputParser(bool keepNames, bool progressPerFile, ChangeTaker? onChange = null, bool timed = false, CreatedTarget? target = null)
    {
        _target = target;
        _timed = timed;
        _keepNames = keepNames;
        _progressPerFile = progressPerFile;
        _onChange = onChange;
        _lines = new LineSplitter(Take);
    }

    /// <summary>The last progress record, or null before the first; any thread may ask.</summary>
    public SyncProgress? Progress => _progress;

    /// <summary>True when names were dropped because there were too many to keep.</summary>
    public bool NamesOverflowed { get; private set; }

    /// <summary>See <see cref="SyncResult.NewNames"/>.</summary>
    public IReadOnlyCollection<RsyncName> NewNames => _newNames;

    /// <summary>See <see cref="SyncResult.DeletedNames"/>.</summary>
    public IReadOnlyCollection<RsyncName> DeletedNames => _deletedNames;

    /// <summary>rsync printed its statistics, as it does at the end of every run that was not broken off.</summary>
    public bool HasStatistics => _statistics is not null;

    /// <summary>Where the statistics are missing, what the progress told; without that (a dry run) what the lines say, which come before a file is transferred.</summary>
    public SyncCounts Counts => new()
    {
        Deletions = _deletions,
        FilesTransferred = _statistics?.FilesTransferred ?? BrokenOff?.FilesDone ?? _transfers,
        BytesTransferred = _statistics?.BytesTransferred ?? BrokenOff?.BytesDone ?? _transferBytes,
        ChangeLines = _changes,
        FilesListed = _statistics?.Files,
        SkippedLinks = _skippedLinks,
    };

    /// <summary>See <see cref="SyncResult.IsOriginEmpty"/>.</summary>
    public bool IsOriginEmpty => _statistics is { Files: { } files } && (_statistics.Directories is { } directories ? files == directories : files <= 1);

    private SyncProgress? BrokenOff => HasStatistics ? null : _progress;

    /// <summary>The lines that are neither change nor progress nor statistic, bounded, in ByteText.</summary>
    public string Said() => _said.Text();

    public void Feed(ReadOnlySpan<byte> bytes) => _lines.Feed(bytes);

    /// <summary>Nothing follows.</summary>
    public void Complete()
    {
        _lines.Complete();
        if (HasStatistics)
        {
            TellMadeTarget();
        }
    }

    private void Take(ReadOnlySpan<byte> line, LineEnd end)
    {
        // Only an empty line of its own is the blank one before statistics; the empty piece before the \r of a record is not.
        bool afterBlank = _afterBlank;
        _afterBlank = line.IsEmpty && end == LineEnd.NewLine;
        if (line.IsEmpty)
        {
            return;
        }

        if (afterBlank && line.StartsWith(Statistics.FirstLabel))
        {
            _statistics = new Statistics(); // the last block counts: an origin can send lines that look like one
            _inStatistics = true;
        }

        // A torn or cut line has no whole name, and a name with its end missing is another file's.
        if (end is LineEnd.NewLine or LineEnd.Return && ChangeLine.TryRead(line, out var change, _timed))
        {
            _inStatistics = false;
            TakeChange(change);
        }
        else if (ProgressRecord.TryRead(line, out var record))
        {
            TakeProgress(record);
        }
        else if (!(_inStatistics && _statistics!.TryTake(line)))
        {
            TakeOther(line, end);
        }
    }

    /// <summary>Where rsync would have said it: before all else that it does, and not where it does nothing.</summary>
    private void TellMadeTarget()
    {
        if (_target is { ByUs: true } made && !_toldTarget)
        {
            _toldTarget = true;
            Keep(_newNames, made.Line.Span);
        }
    }

    private void TakeChange(ChangeLine change)
    {
        TellMadeTarget();
        change = _target is { ByUs: true } ? change.AsNewTarget() : change;
        _onChange?.Invoke(change);
        if (change.IsDeletion)
        {
            _deletions++;
            Keep(_deletedNames, change.IsDirectory ? [] : change.Rest);
            return;
        }

        _changes += change.IsNoChange ? 0 : 1;
        if (change.IsTransfer)
        {
            _transfers++;
            _transferBytes += Math.Min(change.Size, long.MaxValue - _transferBytes);
        }

        // rsync.md, "Legacy results", rule 2.
        Keep(_newNames, change.IsDirectory || change.IsAttributesOnly ? [] : change.Rest);
    }

    private void TakeProgress(in ProgressRecord record)
    {
        long bytes = Math.Min(record.Bytes, long.MaxValue - _bytesOfEndedFiles) + _bytesOfEndedFiles;
        bool ended = record.FilesDone is not null;
        if (_progressPerFile && ended)
        {
            _bytesOfEndedFiles = bytes;
        }

        var before = _progress;
        _progress = new SyncProgress
        {
            BytesDone = bytes,
            Percent = _progressPerFile ? null : record.Percent,
            BytesPerSecond = record.BytesPerSecond,
            FilesDone = record.FilesDone ?? before?.FilesDone ?? 0,
            EntriesLeft = ended ? record.EntriesLeft : before?.EntriesLeft,
            EntriesKnown = ended ? record.EntriesKnown : before?.EntriesKnown,
            ListComplete = ended ? record.ListComplete : before?.ListComplete ?? false,
        };
    }

    private void TakeOther(ReadOnlySpan<byte> line, LineEnd end)
    {
        if (end == LineEnd.NewLine && line.StartsWith("created directory "u8))
        {
            Keep(_newNames, _target is { } told ? told.Line.Span : line);
            return;
        }

        if (line.StartsWith("ignoring unsafe symlink "u8) || line.StartsWith("skipping unsafe symlink "u8))
        {
            _skippedLinks++;
        }

        if (!IsListNoise(line))
        {
            _said.Add(line[..Math.Min(line.Length, SaidLineBytes)]);
            _said.Add(line.Length > SaidLineBytes || end == LineEnd.Cut ? " [...]\n"u8 : "\n"u8);
        }
    }

    /// <summary><c>receiving incremental file list</c> and its kin, and 3.0's counting of files under <c>--progress</c>.</summary>
    private static bool IsListNoise(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("receiving "u8) || line.StartsWith("sending "u8) || line.StartsWith("building "u8))
        {
            return line.IndexOf("file list"u8) >= 0;
        }

        var words = line.TrimStart((byte)' ');
        int digits = words.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return digits > 0 && (words[digits..].TrimEnd((byte)' ').SequenceEqual(" files..."u8) || words[digits..].SequenceEqual(" files to consider"u8)
            || words[digits..].SequenceEqual(" file to consider"u8));
    }

    private void Keep(NameList names, ReadOnlySpan<byte> printed)
    {
        if (!_keepNames || printed.IsEmpty)
        {
            return;
        }

        if (_newNames.Bytes + _deletedNames.Bytes + printed.Length > MaxKeptBytes)
        {
            NamesOverflowed = true;
            return;
        }

        names.Add(printed);
    }
}
