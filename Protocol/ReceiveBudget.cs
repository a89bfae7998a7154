namespace Deploy.Protocol;

/// <summary>Limits of what a peer may send; every number is bytes.</summary>
internal static class LegacyLimits
{
    public const int MaxHeadBytes = 32 * 1024; // ours; the original's heads are below 200
    public const int MaxBodyBytes = 256 * 1024 * 1024; // ours; an rlist of four million names
    public const long MaxRunBytes = 1024L * 1024 * 1024; // ours; all hosts of one run together, so that a fleet cannot fill the memory
}

/// <summary>Memory that all answers of a run share: each takes from it as it grows.</summary>
/// <param name="bytes">How much there is.</param>
internal sealed class ReceiveBudget(long bytes)
{
    private long left = bytes;

    /// <summary>Takes so many bytes; false, and takes nothing, when there are not enough left.</summary>
    public bool TryTake(long count)
    {
        if (Interlocked.Add(ref left, -count) >= 0)
        {
            return true;
        }

        Interlocked.Add(ref left, count);
        return false;
    }

    /// <summary>Gives back what an answer took that is not kept.</summary>
    public void Return(long count) => Interlocked.Add(ref left, count);
}
