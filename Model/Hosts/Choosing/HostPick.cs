namespace Deploy.Model.Hosts.Choosing;

/// <summary>Some hosts by chance, and the same ones for the same seed: whatever order they come in, on every machine and in every version.</summary>
/// <remarks>The hosts in their natural order are shuffled (Fisher-Yates) by SplitMix64 (Steele, Lea, Flood 2014; prng.di.unimi.it/splitmix64.c), the first ones are taken.</remarks>
internal static class HostPick
{
    /// <summary>So many of the hosts, in their natural order.</summary>
    /// <param name="hosts">Each once.</param>
    /// <param name="count">All of them where there are fewer.</param>
    /// <param name="seed">Any number.</param>
    public static IReadOnlyList<string> Of(IEnumerable<string> hosts, int count, int seed)
    {
        // Ordinal behind natural: hosts that are equal but for case have a place of their own.
        string[] all = [.. hosts.Order(HostOrder.Natural).ThenBy(host => host, StringComparer.Ordinal)];
        ulong state = unchecked((ulong)(long)seed);
        int taken = Math.Min(count, all.Length);
        for (int at = 0; at < taken; at++)
        {
            int other = at + (int)(Next(ref state) % (ulong)(all.Length - at));
            (all[at], all[other]) = (all[other], all[at]);
        }

        return [.. all.Take(taken).Order(HostOrder.Natural)];
    }

    private static ulong Next(ref ulong state)
    {
        unchecked
        {
            state += 0x9E3779B97F4A7C15;
            ulong mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return mixed ^ (mixed >> 31);
        }
    }
}
