using System.Collections.Immutable;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Output;
using Deploy.Tui.State;

namespace Deploy.Tui.Wishes;

/// <summary>The same order again, for hosts of a job that ended badly: what <c>deploy client retry</c> does, by the same rules.</summary>
internal static class Retrying
{
    /// <summary>Those that are asked again by themselves: unknown ones may be running, and those that refused or were cancelled did so on purpose. // as Modes.Client.Following.Retrying</summary>
    public static readonly IReadOnlyList<HostState> Default = [HostState.Failed, HostState.Partial, HostState.Timeout, HostState.Unreachable, HostState.Skipped];

    /// <summary>Why a job cannot be retried, in a few words; null where it can. Its hosts are not gone through.</summary>
    public static string? WhyNot(JobRecord? record) =>
        record?.View is not { } job ? "the job is not known yet"
        : !job.State.IsTerminal() ? "the job has not ended"
        : job.Wire == "legacy" ? "it came by the original's protocol"
        : Bad(job) == 0 ? "every host is well"
        : null;

    /// <summary>Whether its document or its hosts have to be read first: lists of jobs are told without.</summary>
    public static bool NeedsReading(JobRecord record) => record.View is { } job && (job.Spec is null || record.Standings.Rows.Count < job.Summary.Hosts);

    /// <summary>The wish: the marked hosts that are not well; without marks those of <see cref="Default"/>, and where there are none of them all that are not well.</summary>
    /// <param name="record">The job, with its document and all of its hosts.</param>
    /// <param name="marked">Hosts of it; empty for none.</param>
    public static Wished Of(JobRecord record, ImmutableHashSet<string> marked)
    {
        if (WhyNot(record) is { } trouble)
        {
            return Wished.None(trouble);
        }

        if (NeedsReading(record) || record.View?.Spec is not { } spec)
        {
            return Wished.None("what was asked for, or how its hosts ended, is not read yet");
        }

        var job = record.View;
        var bad = record.Standings.Rows.Where(host => host.State.IsTerminal() && !host.State.IsGood()).ToList();

        List<HostStanding> chosen;
        IReadOnlyList<HostState>? states;
        if (!marked.IsEmpty)
        {
            if (spec.Plan is not null)
            {
                return Wished.None("a job that does a plan is retried whole: A takes the marks away"); // no command line could say the same
            }

            (chosen, states) = (bad.FindAll(host => marked.Contains(host.Host)), null);
            if (chosen.Count == 0)
            {
                return Wished.None("every marked host is well");
            }
        }
        else
        {
            (chosen, states) = (bad.FindAll(host => Default.Contains(host.State) && !(spec.Order == Order.Exec && host.Cause == Reasons.Interrupted)), []);
            if (chosen.Count == 0)
            {
                (chosen, states) = (bad, [.. bad.Select(host => host.State).Distinct().Order()]);
            }
        }

        var hosts = chosen.ConvertAll(host => host.Host);
        return new Wished(
            new JobWish
            {
                Order = spec.Order,
                Hosts = hosts,
                Group = spec.Group,
                Origin = spec.Origin,
                Target = spec.Target,
                Command = spec.Command,
                Arguments = spec.Arguments,
                IsPlan = spec.Keep == true,
                Plan = PlanOf(spec, hosts),
                Rollout = spec.Rollout,
                HostTimeoutSeconds = spec.HostTimeoutSeconds,
                Reason = spec.Reason,
                Again = job.Id,
                AgainStates = states,
            },
            null,
            [.. Warnings(spec, bad, chosen)]);
    }

    private static IEnumerable<string> Warnings(JobSpec spec, List<HostStanding> bad, List<HostStanding> chosen)
    {
        yield return $"{spec.Order.Word()} again on {CountText.Of(chosen.Select(host => host.State))}";
        if (Named(chosen.Where(host => host.State == HostState.Unknown)) is { } unknown)
        {
            yield return $"may have started, and may be running still: {unknown}";
        }

        if (spec.Order == Order.Exec && Named(chosen.Where(host => host.State != HostState.Unknown && host.Started is not null && host.State is not HostState.Unreachable)) is { } twice)
        {
            yield return $"the command began there once already: {twice}";
        }

        foreach (var left in bad.Except(chosen).GroupBy(host => host.State).OrderBy(same => same.Key))
        {
            string why = left.Key switch
            {
                HostState.Unknown => ": may have started",
                HostState.Refused => ": said no",
                HostState.Cancelled => ": on purpose",
                _ => string.Empty,
            };
            yield return $"left out, {left.Key.Word()}{why}: {Named(left)} (space marks hosts by hand)";
        }

        if (spec.AllowDelete is { } allowed)
        {
            yield return $"the {ByteSize.Count(allowed)} deletions that were allowed then are not allowed again";
        }
    }

    private static string? Named(IEnumerable<HostStanding> hosts) => hosts.Select(host => host.Host).ToList() is { Count: > 0 } names ? HostFold.Fold(names) : null;

    private static int Bad(JobView job) => job.Summary.Counts.Where(count => HostStates.TryParse(count.Key, out var state) && state.IsTerminal() && !state.IsGood()).Aggregate(0, (sum, count) => (int)Math.Clamp((long)sum + count.Value, 0, int.MaxValue));

    /// <summary>The plan of these hosts alone.</summary>
    private static Dictionary<string, string>? PlanOf(JobSpec spec, IReadOnlyList<string> hosts)
    {
        if (spec.Plan is null)
        {
            return null;
        }

        var plan = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (digest, text) in spec.Plan)
        {
            if (FrozenHosts.TryParse(text, out var of, out _) && hosts.Where(of.Contains).ToList() is { Count: > 0 } names)
            {
                plan[digest] = HostFold.Fold(names);
            }
        }

        return plan;
    }
}
