using Deploy.Logs;
using Deploy.Processes.Confined;
using Deploy.Processes.Leftovers;

namespace Deploy.Processes;

/// <summary>The children of one daemon: one thread starts them, reads their pipes and reaps them, for as long as the daemon lives.</summary>
internal sealed class Children : IAsyncDisposable
{
    private readonly ILog _log;
    private readonly Lazy<ChildRecords?> _records;
    private readonly ChildLoop _loop;

    /// <param name="recordsDirectory">Where a record of each running child is kept, so that the next start finds what a killed daemon left; null keeps none. Opened when first needed, as the user that the daemon is by then.</param>
    /// <param name="log">Says what was started, stopped and found.</param>
    /// <param name="trampoline">Through which confined children start; null starts them as they are.</param>
    /// <exception cref="IOException">There is no descriptor left for the thread.</exception>
    public Children(string? recordsDirectory, ILog log, Trampoline? trampoline = null)
    {
        _log = log;
        _records = new Lazy<ChildRecords?>(() => recordsDirectory is null ? null : ChildRecords.TryOpen(recordsDirectory, log));
        _loop = new ChildLoop(_records, trampoline, log);
    }

    /// <summary>Finds the children that an earlier daemon with the same records left, by pid, start time and boot, and stops their sessions (TERM, then KILL). Returns the pids stopped.</summary>
    public Task<IReadOnlyList<int>> StopLeftoversAsync(TimeSpan grace, CancellationToken cancellationToken) =>
        _records.Value is not { } records
            ? Task.FromResult<IReadOnlyList<int>>([])
            : new LeftoverSessions(records, _log).StopAsync(grace, cancellationToken);

    /// <summary>Starts a child in its own session with default signals, no inherited descriptor but its three, stdin from /dev/null.</summary>
    /// <remarks>Its output may come before this ends. Any number of calls at once; after <see cref="DisposeAsync"/> nothing is started.</remarks>
    public Task<ChildStartResult> StartAsync(ChildStart start) => _loop.Start(start);

    /// <summary>Stops every child (TERM, KILL after a second) and ends the thread.</summary>
    public async ValueTask DisposeAsync()
    {
        _loop.RequestEnd();
        await _loop.Ended;
        _loop.Dispose();
        if (_records.IsValueCreated)
        {
            _records.Value?.Dispose();
        }
    }
}
