using Deploy.Processes;
using Deploy.Rsync.Output;

namespace Deploy.Rsync;

/// <summary>Takes the output of one run; what comes after <see cref="End"/> is dropped, so that a result never changes under its reader.</summary>
internal sealed class RunOutput(bool keepNames, bool progressPerFile) : IChildOutput
{
    private readonly Lock _lock = new();
    private bool _ended;

    /// <summary>stdout. But for <see cref="OutputParser.Progress"/>, read it after <see cref="End"/> only.</summary>
    public OutputParser Parser { get; } = new(keepNames, progressPerFile);

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

    /// <summary>See <see cref="SyncResult.Said"/>.</summary>
    public string Said()
    {
        string errors = Errors.Text();
        return errors.Length == 0 || errors.EndsWith('\n') ? errors + Parser.Said() : errors + "\n" + Parser.Said();
    }
}
