using Deploy.Model;

namespace Deploy.Security.Rates;

/// <summary>
/// What comes again and again, by key: the first few are told at once; of the others, once a minute while they come, how many there were and the last of them. A minute without any, and the next is a first
/// one again. In bounded memory: keys beyond it are counted together. Any thread.
/// </summary>
internal sealed class Repeats<TKey, TOne> : IDisposable
    where TKey : class
{
    private readonly int first;
    private readonly int most;
    private readonly Action<TKey?, int, TOne> tell;
    private readonly Lock gate = new();
    private readonly ITimer timer;
    private Dictionary<TKey, (int Count, TOne? Last)> seen = [];
    private (int Count, TOne? Last) others;
    private bool isCounting;

    /// <param name="first">How many of a key are told at once.</param>
    /// <param name="tell">Told of a key, null for the others together, how many were not told, and the last of these.</param>
    /// <param name="time">The clock.</param>
    /// <param name="most">Keys that are remembered.</param>
    public Repeats(int first, Action<TKey?, int, TOne> tell, TimeProvider time, int most = Limits.RatesRemembered)
    {
        (this.first, this.tell, this.most) = (first, tell, most);
        timer = time.CreateTimer(_ => EndMinute(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>True for one that is to be told now; any other is counted.</summary>
    /// <param name="key">Whose.</param>
    /// <param name="one">What to tell of it, where it is the last.</param>
    public bool IsFirst(TKey key, TOne one)
    {
        lock (gate)
        {
            if (!isCounting)
            {
                isCounting = true;
                timer.Change(Limits.RepeatsTime, Timeout.InfiniteTimeSpan);
            }

            if (seen.Count >= most && !seen.ContainsKey(key))
            {
                others = (others.Count + 1, one);
                return false;
            }

            int count = seen.TryGetValue(key, out var before) ? before.Count + 1 : 1;
            seen[key] = (count, count > first ? one : default); // nobody asks for that of one which was told
            return count <= first;
        }
    }

    /// <summary>Tells what was counted until now.</summary>
    public void Dispose()
    {
        timer.Dispose();
        EndMinute(isLast: true);
    }

    private void EndMinute(bool isLast = false)
    {
        Dictionary<TKey, (int Count, TOne? Last)> minute;
        (int Count, TOne? Last) rest;
        lock (gate)
        {
            (minute, rest, others) = (seen, others, default);
            seen = minute.Where(one => one.Value.Count > first).ToDictionary(one => one.Key, one => (first, default(TOne))); // they go on: of the next minute none is a first one
            isCounting = seen.Count > 0 && !isLast;
            if (isCounting)
            {
                timer.Change(Limits.RepeatsTime, Timeout.InfiniteTimeSpan);
            }
        }

        foreach (var (key, (count, last)) in minute.Where(one => one.Value.Count > first))
        {
            tell(key, count - first, last!);
        }

        if (rest.Count > 0)
        {
            tell(null, rest.Count, rest.Last!);
        }
    }
}
