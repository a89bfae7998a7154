using System.Globalization;

namespace Deploy.Protocol;

/// <summary>Limits of what a peer may send; every number is bytes.</summary>
internal static class LegacyLimits
{
    public const int MaxHeadBytes = 32 * 1024; // ours; the original's heads are below 200
    public const int MaxBodyBytes = 256 * 1024 * 1024; // ours; an rlist of four million names
    public const long MaxRunBytes = 1024L * 1024 * 1024; // ours; all hosts of one run together, so that a fleet cannot fill the memory
}

/// <summary>Memory that the answers of many hosts share: each takes from it as it grows.</summary>
/// <param name="bytes">How much there is.</param>
internal sealed class ReceiveBudget(long bytes)
{
    private const long Mebibyte = 1024 * 1024;
    private const long Gibibyte = 1024 * Mebibyte;

    private long left = bytes;

    /// <summary>How much there is, for messages.</summary>
    public string Size { get; } = bytes >= Gibibyte ? string.Create(CultureInfo.InvariantCulture, $"{bytes / Gibibyte} GiB") : string.Create(CultureInfo.InvariantCulture, $"{bytes / Mebibyte} MiB");

    /// <summary>How much is left, bytes.</summary>
    public long Left => Interlocked.Read(ref left);

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
