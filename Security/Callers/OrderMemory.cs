namespace Deploy.Security.Callers;

/// <summary>
/// Ids of signed orders that are not kept on disk (status, rlist), until their signature expires: the same bytes are the same order, other bytes are refused, and a full memory takes none. Kept
/// orders are remembered by the store, likewise until then. One key has a quarter of the room at most. Any thread.
/// </summary>
/// <param name="most">How many at once.</param>
internal sealed class OrderMemory(int most)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (string Key, byte[] Digest)> known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> shares = new(StringComparer.Ordinal);
    private readonly PriorityQueue<string, DateTimeOffset> ends = new();

    /// <summary>What is known of an id.</summary>
    internal enum Answer
    {
        New,
        Same,
        Other,
        Full,
    }

    /// <summary>How many are remembered.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return known.Count;
            }
        }
    }

    /// <summary>Remembers an id that is new.</summary>
    /// <param name="id">The order's.</param>
    /// <param name="key">Whose it is.</param>
    /// <param name="digest">Of its bytes.</param>
    /// <param name="until">When its signature expires.</param>
    /// <param name="now">By the clock; what expired before is forgotten.</param>
    public Answer Remember(string id, string key, byte[] digest, DateTimeOffset until, DateTimeOffset now)
    {
        lock (gate)
        {
            while (ends.TryPeek(out string? oldest, out var end) && end < now)
            {
                ends.Dequeue();
                known.Remove(oldest, out var gone);
                if (--shares[gone.Key] == 0)
                {
                    shares.Remove(gone.Key);
                }
            }

            if (known.TryGetValue(id, out var before))
            {
                return before.Digest.AsSpan().SequenceEqual(digest) ? Answer.Same : Answer.Other;
            }

            int share = shares.GetValueOrDefault(key);
            if (known.Count >= most || share >= most / 4)
            {
                return Answer.Full;
            }

            known[id] = (key, digest);
            shares[key] = share + 1;
            ends.Enqueue(id, until);
            return Answer.New;
        }
    }
}
