using System.Collections.Concurrent;
using Deploy.Jobs.Engine;
using Deploy.Model;

namespace Deploy.Tests.Jobs.Engine;

/// <summary>A runner that does what a test says; it counts who ran and how many at once.</summary>
internal sealed class ScriptedRunner(Func<IHostRun, CancellationToken, Task> script) : IHostRunner
{
    private int running;
    private int most;

    /// <summary>Hosts in the order in which they came.</summary>
    public ConcurrentQueue<string> Came { get; } = new();

    /// <summary>Most that ran at once.</summary>
    public int Most => most;

    public int Running => running;

    /// <summary>Connects, runs and ends every host well.</summary>
    public static ScriptedRunner Good() => new(static async (run, _) => await EndAsync(run, HostState.Ok));

    /// <summary>Ends hosts as a test says.</summary>
    public static ScriptedRunner Ending(Func<string, HostState> how) => new(async (run, _) => await EndAsync(run, how(run.Host)));

    /// <summary>Holds every host until it is let go, cancelled, or the daemon stops.</summary>
    public static ScriptedRunner Held(Task until) => new(async (run, stop) =>
    {
        await run.ConnectingAsync();
        await run.RunningAsync();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(run.Cancelled, stop);
        await until.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.ThrowIfCancellationRequested();
        await run.EndAsync(new HostEnd(run.Cancelled.IsCancellationRequested ? HostState.Cancelled : HostState.Ok));
    });

    public static async Task EndAsync(IHostRun run, HostState state)
    {
        await run.ConnectingAsync();
        if (state is not (HostState.Unreachable or HostState.Unknown))
        {
            await run.RunningAsync();
        }

        await run.EndAsync(new HostEnd(state, state.IsGood() ? null : "because"));
    }

    public async Task RunAsync(IHostRun run, CancellationToken cancellationToken)
    {
        Came.Enqueue(run.Host);
        int now = Interlocked.Increment(ref running);
        for (int seen = most; now > seen && Interlocked.CompareExchange(ref most, now, seen) != seen; seen = most)
        {
            // Somebody else was quicker.
        }

        try
        {
            await script(run, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref running);
        }
    }
}
