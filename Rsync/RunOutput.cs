using Deploy.Model.Jobs;
using Deploy.Model.Text;
using Deploy.Processes;
using Deploy.Rsync.Changes;
using Deploy.Rsync.Output;
using Deploy.Rsync.Targets;

namespace Deploy.Rsync;

/// <summary>Takes the output of one run; what comes after <see cref="End"/> is dropped, so that a result never changes under its reader.</summary>
internal sealed class RunOutput : IChildOutput
{
    private readonly Lock _lock = new();
    private readonly ChangeCollector? _changes;
    private bool _ended;

    /// <param name="keepNames">See <see cref="SyncCall.KeepNames"/>.</param>
    /// <param name="progressPerFile">rsync 3.0, whose progress is that of one file.</param>
    /// <param name="changes">What is kept of the changes.</param>
    /// <param name="target">How a new target is told.</param>
    public RunOutput(bool keepNames, bool progressPerFile, ChangeReport changes, CreatedTarget target)
    {
        _changes = changes == ChangeReport.None ? null : new ChangeCollector(changes == ChangeReport.Lines);
        Parser = new OutputParser(keepNames, progressPerFile, _changes is null ? null : _changes.Take, timed: changes == ChangeReport.Lines, target);
    }

    /// <summary>stdout. But for <see cref="OutputParser.Progress"/>, read it after <see cref="End"/> only.</summary>
    public OutputParser Parser { get; }

    /// <summary>stderr. Read it after <see cref="End"/> only.</summary>
    public ErrorText Errors { get; } = new();

    public void OnOutput(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (!_ended)
            {
                Parser.Feed(bytes);
            }
        }
    }

    public void OnError(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (!_ended)
            {
                Errors.Feed(bytes);
            }
        }
    }

    /// <summary>Nothing follows; may be called once.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            Parser.Complete();
            Errors.Complete();
        }
    }

    /// <summary>See <see cref="SyncResult.Changes"/>; after <see cref="End"/>.</summary>
    public ChangeSet? Changes() => _changes?.Finish();

    /// <summary>See <see cref="SyncResult.Log"/>; after <see cref="End"/>.</summary>
    public IReadOnlyList<LogLine> Log() => [.. Lines("stderr", Errors.Text()), .. Lines("stdout", Parser.Said())];

    /// <summary>See <see cref="SyncResult.Said"/>.</summary>
    public string Said()
    {
        string errors = Errors.Text();
        return errors.Length == 0 || errors.EndsWith('\n') ? errors + Parser.Said() : errors + "\n" + Parser.Said();
    }

    private static IEnumerable<LogLine> Lines(string stream, string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => new LogLine(stream, System.Text.Encoding.UTF8.GetString(ByteText.ToBytes(line))));
}
