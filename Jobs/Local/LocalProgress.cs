using Deploy.Jobs.Engine;
using Deploy.Jobs.Syncs;
using Deploy.Model.Jobs;
using Deploy.Rsync;

namespace Deploy.Jobs.Local;

/// <summary>Tells how far a sync is, once a second at most, from what rsync says of itself.</summary>
internal sealed class LocalProgress(IHostRun run, RunningSync sync, Func<SyncResult?> counted, TimeProvider time)
{
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(1);

    /// <summary>How long nothing may move before it is said. // ours: 10 s</summary>
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);

    /// <summary>The rate is that of the last so many seconds. // ours</summary>
    private const int RateSeconds = 5;

    private readonly Queue<(long At, long Bytes)> samples = new();
    private HostProgress? last;
    private long moved;

    /// <summary>Tells until the token fires.</summary>
    public async Task TellAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Often, time);
        moved = time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
            {
                Tell(sync.Current?.Progress);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>Tells one standing, where it is another than the last.</summary>
    public void Tell(SyncProgress? now)
    {
        if (now is null && last is null && sync.Current is null)
        {
            return; // it waits, and says for what
        }

        long at = time.GetTimestamp();
        long bytes = now?.BytesDone ?? 0;
        long files = now?.FilesDone ?? 0;
        if (last is null || last.BytesDone != bytes || last.FilesDone != files)
        {
            moved = at;
        }

        samples.Enqueue((at, bytes));
        if (samples.Count > RateSeconds + 1)
        {
            samples.Dequeue();
        }

        var (firstAt, firstBytes) = samples.Peek();
        double seconds = time.GetElapsedTime(firstAt, at).TotalSeconds;
        var still = time.GetElapsedTime(moved, at);
        var totals = counted()?.Counts;
        var progress = new HostProgress
        {
            BytesDone = bytes,
            BytesTotal = totals?.BytesTransferred,
            FilesDone = files,
            FilesTotal = totals?.FilesTransferred,
            BytesPerSecond = seconds > 0 ? (long)(Math.Max(0, bytes - firstBytes) / seconds) : null,
            StalledSeconds = still >= Long ? (int)still.TotalSeconds : null,
        };
        if (progress != last)
        {
            last = progress;
            run.Progress(progress);
        }
    }
}
