namespace Deploy.Modes.Daemon;

/// <summary>
/// Gives memory back to the kernel once nothing has ended for a few seconds: the collector keeps what the last burst needed, for a burst that may never come.
/// Armed by <see cref="Touch"/> alone, so that an idle process never wakes for it. (malloc_trim(3) would give nothing more: our memory is the collector's.)
/// </summary>
/// <param name="time">Its clock.</param>
internal sealed class IdleMemory(TimeProvider time) : IDisposable
{
    /// <summary>Long enough that orders which follow each other do not pay for it; a collection costs some 10 ms.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    private readonly ITimer timer = time.CreateTimer(
        _ => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true),
        null,
        Timeout.InfiniteTimeSpan,
        Timeout.InfiniteTimeSpan);

    /// <summary>Something has ended that used memory. From any thread, as often as you like.</summary>
    public void Touch() => timer.Change(Quiet, Timeout.InfiniteTimeSpan);

    public void Dispose() => timer.Dispose();
}
