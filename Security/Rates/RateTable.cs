using Deploy.Model;

namespace Deploy.Security.Rates;

/// <summary>A rate for each of many keys, in bounded memory: beyond <see cref="Limits.RatesRemembered"/> the key that was idle longest is forgotten, and is new when it comes again. Any thread.</summary>
/// <param name="burst">Of each.</param>
/// <param name="perSecond">Of each.</param>
/// <param name="time">The clock.</param>
/// <param name="most">Keys that are remembered.</param>
internal sealed class RateTable<TKey>(double burst, double perSecond, TimeProvider time, int most = Limits.RatesRemembered)
    where TKey : notnull
{
    private readonly Lock gate = new();
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TokenBucket Bucket)>> known = [];
    private readonly LinkedList<(TKey Key, TokenBucket Bucket)> byUse = new(); // the last used first

    /// <summary>Keys that are remembered now.</summary>
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

    /// <summary>Takes one of this key; false where it has none left.</summary>
    /// <param name="key">Whose.</param>
    /// <param name="retryAfter">When it has one again; zero where it was taken.</param>
    public bool Take(TKey key, out TimeSpan retryAfter)
    {
        lock (gate)
        {
            if (known.TryGetValue(key, out var node))
            {
                byUse.Remove(node);
            }
            else
            {
                node = new((key, new TokenBucket(burst, perSecond, time)));
                known.Add(key, node);
                if (known.Count > most)
                {
                    known.Remove(byUse.Last!.Value.Key);
                    byUse.RemoveLast();
                }
            }

            byUse.AddFirst(node);
            return node.Value.Bucket.Take(out retryAfter);
        }
    }
}
