using System.Globalization;

namespace Deploy.Protocol;

/// <summary>Limits of what a peer may send; every number is bytes.</summary>
internal static class LegacyLimits
{
    public const int MaxHeadBytes = 32 * 1024; // ours; the original's heads are below 200
    public const int MaxBodyBytes = 256 * 1024 * 1024; // ours; an rlist of four million names
    public const int SmallBytes = 4 * 1024; // ours; an answer up to here takes nothing from a budget, so that no large one can cost it
    public const long MaxRunBytes = 1024L * 1024 * 1024; // ours; all hosts of one run together, so that a fleet cannot fill the memory
}

/// <summary>Memory that the answers of many hosts share: each takes from it as it grows.</summary>
/// <param name="bytes">How much there is.</param>
internal sealed class ReceiveBudget(long bytes)
{
    private const long Mebibyte = 1024 * 1024;
    private const long Gibibyte = 1024 * Mebibyte;

    private long left = bytes;

    /// <summary>Bytes of one answer at most, so that it leaves room for others.</summary>
    public int MostOfOne { get; init; } = LegacyLimits.MaxBodyBytes;

    /// <summary>How much there is, for messages.</summary>
    public string Size { get; } = Shown(bytes);

    /// <summary><see cref="MostOfOne"/>, for messages.</summary>
    public string SizeOfOne => Shown(MostOfOne);

    /// <summary>How much is left, bytes.</summary>
    public long Left => Interlocked.Read(ref left);

    /// <summary>Takes so many bytes; false, and takes nothing, when there are not enough left.</summary>
    public bool TryTake(long count)
    {
        if (count == 0 || Interlocked.Add(ref left, -count) >= 0)
        {
            return true; // nothing is there also while another tries for too much
        }

        Interlocked.Add(ref left, count);
        return false;
    }

    /// <summary>Gives back what an answer took that is not kept.</summary>
    public void Return(long count) => Interlocked.Add(ref left, count);

    private static string Shown(long bytes) =>
        bytes >= Gibibyte ? string.Create(CultureInfo.InvariantCulture, $"{bytes / Gibibyte} GiB") : string.Create(CultureInfo.InvariantCulture, $"{bytes / Mebibyte} MiB");
}
