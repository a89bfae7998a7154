using Deploy.Logs;

namespace Deploy.Processes;

/// <summary>The children of one daemon: one thread starts them, reads their pipes and reaps them, for as long as the daemon lives.</summary>
internal sealed class Children : IAsyncDisposable
{
    /// <param name="recordsDirectory">Where a record of each running child is kept, so that the next start finds what a killed daemon left; null keeps none.</param>
    /// <param name="log">Says what was started, stopped and found.</param>
    public Children(string? recordsDirectory, ILog log) => throw new NotImplementedException();

    /// <summary>Finds the children that an earlier daemon with the same records left, by pid, start time and boot, and stops their sessions (TERM, then KILL). Returns the pids stopped.</summary>
    public Task<IReadOnlyList<int>> StopLeftoversAsync(TimeSpan grace, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Starts a child in its own session with default signals, no inherited descriptor but its three, stdin from /dev/null.</summary>
    public Task<ChildStartResult> StartAsync(ChildStart start) => throw new NotImplementedException();

    /// <summary>Stops every child (TERM, KILL after a second) and ends the thread.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
