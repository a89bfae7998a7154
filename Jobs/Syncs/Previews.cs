using Deploy.Model;
using Deploy.Rsync;

namespace Deploy.Jobs.Syncs;

/// <summary>
/// The dry runs under way. Who asks for one that runs already shares it: a client that gave up and asks again must not set another scan of the
/// same tree going. The last to stop waiting stops it.
/// </summary>
/// <param name="rsync">Runs them.</param>
/// <param name="slots">How many run at once; the others wait their turn.</param>
internal sealed class Previews(RsyncRunner rsync, SemaphoreSlim slots)
{
    private readonly Lock gate = new();
    private readonly Dictionary<Key, Shared> running = [];

    /// <summary>The result of a dry run of this group; null when the token fired first, and then nothing of it is left, unless others wait for it.</summary>
    /// <param name="found">What to compare; however its target is spelled, it is where it really is.</param>
    /// <param name="kind">How much of it is wanted.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<SyncResult?> RunAsync(SyncOperands.Resolved.Found found, PreviewKind kind, CancellationToken cancellationToken)
    {
        var key = new Key(found.Group with { Name = string.Empty, Target = string.Empty }, found.TargetKey, kind);
        Shared shared;
        lock (gate)
        {
            if (!running.TryGetValue(key, out shared!))
            {
                shared = new Shared();
                shared.Run = RunOneAsync(key, found, shared);
                running.Add(key, shared);
            }

            shared.Waiting++;
        }

        try
        {
            return await shared.Run.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            bool last;
            lock (gate)
            {
                last = --shared.Waiting == 0;
                if (last)
                {
                    Forget(key, shared);
                }
            }

            if (last)
            {
                await shared.Stop.CancelAsync().ConfigureAwait(false);
                await Task.WhenAny(shared.Run, Task.Delay(Limits.KillGrace + Limits.EndTime, CancellationToken.None)).ConfigureAwait(false);
            }

            return null;
        }
    }

    private async Task<SyncResult> RunOneAsync(Key key, SyncOperands.Resolved.Found found, Shared shared)
    {
        await Task.Yield(); // the caller holds the gate
        await slots.WaitAsync(shared.Stop.Token).ConfigureAwait(false);
        try
        {
            var run = await rsync.StartAsync(Call(found.Group, key.Kind) with { Hold = found.Hold }).ConfigureAwait(false);
            using var stop = new CancellationTokenSource(Limits.DryRunTime);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, shared.Stop.Token);
            try
            {
                return await run.Completion.WaitAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return await run.StopAsync(Limits.KillGrace).ConfigureAwait(false);
            }
        }
        finally
        {
            slots.Release();
            lock (gate)
            {
                Forget(key, shared);
            }
        }
    }

    private static SyncCall Call(SyncGroup group, PreviewKind kind) => kind switch
    {
        PreviewKind.Totals => SyncCalls.Count(group, ChangeReport.Counts),
        PreviewKind.Lines => SyncCalls.Count(group, ChangeReport.Lines),
        _ => SyncCalls.Of(group) with { DryRun = true, KeepNames = kind == PreviewKind.Names },
    };

    private void Forget(Key key, Shared shared)
    {
        if (running.GetValueOrDefault(key) == shared)
        {
            running.Remove(key);
        }
    }

    /// <summary>Dry runs of equal keys are one: origin and options equal, the same directory, and equal what is wanted.</summary>
    private readonly record struct Key(SyncGroup Group, string TargetKey, PreviewKind Kind);

    private sealed class Shared
    {
        public Task<SyncResult> Run { get; set; } = null!;

        public CancellationTokenSource Stop { get; } = new();

        /// <summary>Who waits; guarded by the gate.</summary>
        public int Waiting { get; set; }
    }
}

/// <summary>How much of a dry run is wanted.</summary>
internal enum PreviewKind
{
    /// <summary>The counts that the legacy wire has.</summary>
    Counts,

    /// <summary>These, and the names.</summary>
    Names,

    /// <summary>How many changes of which kind.</summary>
    Totals,

    /// <summary>These, and every change as a line.</summary>
    Lines,
}
