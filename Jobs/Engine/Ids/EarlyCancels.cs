using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Jobs.Engine.Ids;

/// <summary>Cancellations that came before their jobs, each with who asked: it holds for a job that this one may order, and for no other. Used under the engine's lock.</summary>
/// <param name="most">How many at once.</param>
/// <param name="mostOfOne">How many of one key.</param>
internal sealed class EarlyCancels(int most, int mostOfOne)
{
    private readonly Dictionary<JobId, List<(Asker Asker, DateTimeOffset Until)>> known = [];

    /// <summary>Remembers one; false where there is no room, for this key or at all: nothing is pushed out.</summary>
    /// <param name="id">The job that may come.</param>
    /// <param name="asker">Who cancels it.</param>
    /// <param name="now">What ended before is forgotten.</param>
    /// <param name="life">How long the job may come.</param>
    public bool TryAdd(JobId id, Asker asker, DateTimeOffset now, TimeSpan life)
    {
        if (Of(id).Any(one => one.Key == asker.Key))
        {
            return true;
        }

        foreach (var (old, askers) in known)
        {
            if (askers.RemoveAll(one => one.Until < now) > 0 && askers.Count == 0)
            {
                known.Remove(old);
            }
        }

        var all = known.Values.SelectMany(askers => askers).ToList();
        if (all.Count >= most || all.Count(one => one.Asker.Key == asker.Key) >= mostOfOne)
        {
            return false;
        }

        if (!known.TryAdd(id, [(asker, now + life)]))
        {
            known[id].Add((asker, now + life));
        }

        return true;
    }

    /// <summary>Who cancelled a job that was not there.</summary>
    public IEnumerable<Asker> Of(JobId id) => known.TryGetValue(id, out var askers) ? askers.Select(one => one.Asker) : [];
}
