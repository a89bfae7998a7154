using Deploy.Processes;
using Deploy.Rsync.Meaning;

namespace Deploy.Rsync;

/// <summary>One run of rsync on its way.</summary>
internal sealed class RsyncRun
{
    private static readonly TimeSpan ResultGrace = TimeSpan.FromSeconds(3); // from the end of the child to its result: pipes may be held for 1 s

    private readonly Child? _child;
    private readonly RunOutput? _output;

    internal RsyncRun(Child child, RunOutput output, Task<SyncResult> completion)
    {
        _child = child;
        _output = output;
        Completion = completion;
    }

    private RsyncRun(SyncResult result) => Completion = Task.FromResult(result);

    /// <summary>The result, when it ended; never faults.</summary>
    public Task<SyncResult> Completion { get; }

    /// <summary>The last progress that rsync told; null before the first, in a dry run, and where it did not start. Any thread may ask.</summary>
    public SyncProgress? Progress => _output?.Parser.Progress;

    /// <summary>A run that could not start.</summary>
    internal static RsyncRun Ended(SyncResult result) => new(result);

    /// <summary>Every live process of it, ascending; empty when it ended.</summary>
    public IReadOnlyList<int> LivePids() => _child?.LivePids() ?? [];

    /// <summary>TERM to the group, KILL after the grace; ends when none of it is left. Safe to call twice and after the end.</summary>
    /// <remarks>A process that outlives KILL, stuck in the kernel, gives a failure that says so; <see cref="Completion"/> then waits on.</remarks>
    public async Task<SyncResult> StopAsync(TimeSpan grace)
    {
        if (_child is null)
        {
            return await Completion;
        }

        await _child.StopAsync(grace);
        return await Task.WhenAny(Completion, Task.Delay(ResultGrace)) == Completion
            ? await Completion
            : new SyncResult { Outcome = SyncOutcome.Failed, Diagnosis = StartDiagnoser.DoesNotEnd(_child.Pid) };
    }
}
