using System.Collections.Immutable;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Output;
using Deploy.Tui.State;

namespace Deploy.Tui.Wishes;

/// <summary>From a plan: doing it, all of it or without some of its shapes, and making it anew.</summary>
internal static class Deploying
{
    /// <summary>From here on a plan is called stale: its hosts may have changed since.</summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromMinutes(15); // ours: as long as being armed

    /// <summary>Why it cannot be done, in a few words; null where it can.</summary>
    public static string? WhyNot(JobRecord? plan) =>
        plan?.View is not { } job ? "there is no plan"
        : !job.IsPlan ? "this is no plan"
        : !job.State.IsTerminal() ? "the plan has not ended"
        : job.Spec is null ? "what was asked for is not read yet"
        : plan.Standings.Rows.Count < job.Summary.Hosts ? "not all of its hosts are read yet"
        : null;

    /// <summary>Does what the plan shows, and nothing else.</summary>
    /// <param name="plan">With its document and all of its hosts.</param>
    /// <param name="excluded">Digests of shapes that are left out.</param>
    /// <param name="now">For its age.</param>
    public static Wished Of(JobRecord plan, ImmutableHashSet<string> excluded, DateTimeOffset now)
    {
        if (WhyNot(plan) is { } trouble)
        {
            return Wished.None(trouble);
        }

        var (job, spec) = (plan.View!, plan.View!.Spec!);
        var planned = plan.Standings.Rows.Where(host => host.State.IsGood() && host.Shape is not null).ToList();
        var chosen = planned.FindAll(host => !excluded.Contains(host.Shape!));
        if (chosen.Count == 0)
        {
            return Wished.None(planned.Count == 0 ? "no host of the plan ended well" : "every shape is left out");
        }

        var shapes = chosen.GroupBy(host => host.Shape!).Select(same => (Digest: same.Key, Hosts: same.Select(host => host.Host).ToList(), same.First().Totals)).OrderByDescending(shape => shape.Hosts.Count).ToList();
        long usual = planned.GroupBy(host => host.Shape!).MaxBy(same => same.Count())!.First().Totals?.Deleted ?? 0;
        var more = shapes.FindAll(shape => shape.Totals?.Deleted > usual);
        return new Wished(
            new JobWish
            {
                Order = Order.Rsync,
                Hosts = chosen.ConvertAll(host => host.Host),
                Group = spec.Group,
                Origin = spec.Origin,
                Target = spec.Target,
                OfPlan = job.Id,
                Plan = shapes.ToDictionary(shape => shape.Digest, shape => HostFold.Fold(shape.Hosts)),
            },
            null,
            [.. Warnings(plan, chosen, more, now)],
            more.Count > 0 || plan.Standings.Rows.Any(host => host.Cause == Reasons.Guard));
    }

    /// <summary>The same plan anew, of all of its hosts.</summary>
    public static Wished Again(JobRecord? plan) => plan?.View is not { IsPlan: true } job || job.Spec is not { } spec || !FrozenHosts.TryParse(spec.Hosts, out var hosts, out _)
        ? Wished.None(plan is null ? "there is no plan" : "what was asked for is not read yet")
        : new Wished(new JobWish { Order = Order.Rlist, IsPlan = true, Hosts = [.. hosts.Expand()], Group = spec.Group, Origin = spec.Origin, Target = spec.Target, HostTimeoutSeconds = spec.HostTimeoutSeconds, Reason = spec.Reason }, null, []);

    /// <summary>How old it is: from when its last host was planned.</summary>
    public static TimeSpan Age(JobView plan, DateTimeOffset now) => now - (plan.Ended ?? plan.Accepted) is var age && age > TimeSpan.Zero ? age : TimeSpan.Zero;

    private static IEnumerable<string> Warnings(JobRecord plan, List<HostStanding> chosen, List<(string Digest, List<string> Hosts, SyncTotals? Totals)> more, DateTimeOffset now)
    {
        long deleted = (long)Math.Min(chosen.Sum(host => (double)(host.Totals?.Deleted ?? 0)), long.MaxValue / 2);
        if (deleted > 0)
        {
            yield return $"deletes {ByteSize.Count(deleted)} {(deleted == 1 ? "entry" : "entries")} in all, {ByteSize.Count(chosen.Max(host => host.Totals?.Deleted ?? 0))} on one host at most";
        }

        foreach (var (_, hosts, totals) in more)
        {
            yield return $"more than the others: {ByteSize.Count(totals!.Deleted)} deletions on each of {HostFold.Fold(hosts)}";
        }

        if (Named(plan.Standings.Rows.Where(host => host.Cause == Reasons.Guard)) is { } guarded)
        {
            yield return $"above the delete guard: {guarded}";
        }

        var left = plan.Standings.Rows.Except(chosen).ToList();
        if (Named(left.Where(host => host.State.IsGood() && host.Shape is not null)) is { } excluded)
        {
            yield return $"left out by hand: {excluded}";
        }

        if (Named(left.Where(host => !host.State.IsGood() || host.Shape is null)) is { } unplanned)
        {
            yield return $"not planned, so left out: {unplanned}";
        }

        if (Age(plan.View!, now) is var age && age > StaleAfter)
        {
            yield return $"the plan is {(int)age.TotalMinutes} minutes old: a host that has changed since refuses";
        }
    }

    private static string? Named(IEnumerable<HostStanding> hosts) => hosts.Select(host => host.Host).ToList() is { Count: > 0 } names ? $"{CountText.Hosts(names.Count)}, {HostFold.Fold(names)}" : null;
}
