using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Tui.State.Moments;

namespace Deploy.Tui.State.News;

/// <summary>What is told of hosts and their groups.</summary>
internal static class HostNews
{
    public static TuiModel Told(TuiModel model, Message.HostsTold told)
    {
        var groups = told.IsAll || told.Hosts.Any(host => model.Hosts.Find(host.Name) is null) ? GroupsByHost(model.Groups) : null;
        Dictionary<string, HostRow> rows = new(told.Hosts.Count, StringComparer.Ordinal);
        foreach (var facts in told.Hosts)
        {
            rows[facts.Name] = model.Hosts.Find(facts.Name) is { } known
                ? known with { Facts = facts }
                : new HostRow { Name = facts.Name, Facts = facts, Groups = groups?.GetValueOrDefault(facts.Name) ?? [] };
        }

        return Recounted(model with { Hosts = model.Hosts.With(rows.Values, told.IsAll) });
    }

    public static TuiModel Groups(TuiModel model, Message.GroupsTold told)
    {
        var groups = GroupsByHost(told.Groups);
        var rows = model.Hosts.Rows.Select(row => row with { Groups = groups.GetValueOrDefault(row.Name) ?? [] }).ToList();
        return model with { Groups = told.Groups, Hosts = model.Hosts.With(rows) };
    }

    /// <summary>Where hosts stand in their jobs: every table is copied once, however many they are.</summary>
    /// <param name="model">The model.</param>
    /// <param name="standings">Of all jobs, the newest of each host and job.</param>
    public static TuiModel Standing(TuiModel model, IEnumerable<(JobId Job, HostStanding Standing)> standings)
    {
        Dictionary<string, HostRow> changed = new(StringComparer.Ordinal);
        foreach (var (job, standing) in standings)
        {
            if ((changed.GetValueOrDefault(standing.Host) ?? model.Hosts.Find(standing.Host)) is { } row && Counts(row, job, standing))
            {
                changed[standing.Host] = row with { Job = job, Standing = standing };
            }
        }

        return changed.Count == 0 ? model : model with { Hosts = model.Hosts.With(changed.Values) };
    }

    /// <summary>How many hosts are up, where time or news may have changed that.</summary>
    public static TuiModel Recounted(TuiModel model) => model with { Health = FleetHealth.Of(model) };

    /// <summary>A job that runs on the host goes before one that has ended there, the later before the earlier.</summary>
    private static bool Counts(HostRow row, JobId job, HostStanding standing)
    {
        if (row.Job is not { } before || before == job || row.Standing is not { } known)
        {
            return true;
        }

        return known.State.IsTerminal() == standing.State.IsTerminal()
            ? string.CompareOrdinal(job.ToString(), before.ToString()) > 0
            : known.State.IsTerminal();
    }

    private static Dictionary<string, IReadOnlyList<string>> GroupsByHost(IReadOnlyList<GroupFacts> groups)
    {
        Dictionary<string, IReadOnlyList<string>> byHost = new(StringComparer.Ordinal);
        foreach (var group in groups)
        {
            // What a daemon folds is read by the same rules; what is none names no host.
            foreach (string host in group.Hosts.Length > 0 && FrozenHosts.TryParse(group.Hosts, out var hosts, out _) ? hosts.Expand() : [])
            {
                byHost[host] = byHost.TryGetValue(host, out var others) ? [.. others, group.Name] : [group.Name];
            }
        }

        return byHost;
    }
}
