using System.Text.Json;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;
using Deploy.Store;

namespace Deploy.Jobs.Engine.Telling;

/// <summary>A job as it is told, from what is kept of it.</summary>
internal static class JobViews
{
    /// <summary>The state that is told: what ends while hosts run is kept as what it will be, and is running still.</summary>
    public static JobState Told(StoredJob job) => job.State.IsTerminal() && job.Ended is null ? JobState.Running : job.State;

    /// <summary>The words and numbers of <see cref="JobSummary.Counts"/>.</summary>
    public static Dictionary<string, int> Counts(Func<HostState, int> count) =>
        Enum.GetValues<HostState>().Where(state => count(state) > 0).ToDictionary(state => state.Word(), count);

    public static JobView Of(StoredJob job, JobSpec? spec, IReadOnlyList<string> hosts, JobSummary summary) => Of(job, spec, hosts.Count == 1 ? hosts[0] : spec?.Hosts ?? HostFold.Fold(hosts), summary);

    /// <summary>A job that is in the store alone.</summary>
    public static JobView Of(StoredJob job, JobStore store)
    {
        var counts = store.Counts(job.Id);
        var spec = Spec(job);
        int hosts = counts.Values.Sum();
        string list = hosts == 1 ? store.Hosts(job.Id, [], 0, 1)[0].Standing.Host : spec?.Hosts ?? string.Empty;
        return Of(job, spec, list, new JobSummary { State = Told(job), Hosts = hosts, Counts = Counts(state => counts.GetValueOrDefault(state)) });
    }

    /// <summary>What the document says, also where this version would not take it any more; null where it is none.</summary>
    public static JobSpec? Spec(StoredJob job)
    {
        try
        {
            return JsonSerializer.Deserialize(job.Document.Span, V1Json.Default.JobSpec);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JobView Of(StoredJob job, JobSpec? spec, string hosts, JobSummary summary) => new()
    {
        Id = job.Id,
        Order = job.Order,
        What = job.What,
        Hosts = hosts,
        State = summary.State,
        Reason = job.Reason,
        IsPlan = job.Order == Order.Rlist && spec?.Keep == true,
        Wire = job.Wire,
        By = job.Asker.By ?? spec?.By,
        Peer = job.Asker.Peer,
        Why = spec?.Reason,
        Accepted = job.Accepted,
        NotAfter = job.NotAfter,
        Started = job.Started,
        Ended = job.Ended,
        Rollout = spec?.Rollout,
        Summary = summary,
    };
}
