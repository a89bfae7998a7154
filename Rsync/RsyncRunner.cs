using Deploy.Logs;
using Deploy.Processes;

namespace Deploy.Rsync;

/// <summary>Runs rsync: arguments, child, output, meaning.</summary>
internal sealed class RsyncRunner(Children children, ILog log)
{
    /// <summary>Starts one run. Never throws for what rsync or the host does wrong: a run that could not start has ended already, with its diagnosis.</summary>
    public Task<RsyncRun> StartAsync(SyncCall call) => throw new NotImplementedException($"{children}{log}");
}

/// <summary>One run of rsync on its way.</summary>
internal sealed class RsyncRun
{
    /// <summary>The result, when it ended; never faults.</summary>
    public Task<SyncResult> Completion => throw new NotImplementedException();

    /// <summary>Every live process of it, ascending; empty when it ended.</summary>
    public IReadOnlyList<int> LivePids() => throw new NotImplementedException();

    /// <summary>TERM to the group, KILL after the grace; ends when none of it is left.</summary>
    public Task<SyncResult> StopAsync(TimeSpan grace) => throw new NotImplementedException();
}
