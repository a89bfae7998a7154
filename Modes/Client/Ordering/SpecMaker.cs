using System.Globalization;
using Deploy.Jobs.Rollouts;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Text;
using Deploy.Modes.Binding.Toml;

namespace Deploy.Modes.Client.Ordering;

/// <summary>From the words of a command line to a job's document.</summary>
/// <param name="time">The clock: ids, and times from now.</param>
internal sealed class SpecMaker(TimeProvider time)
{
    private static readonly TimeSpan MostAhead = TimeSpan.FromDays(7); // as the other times of the command line

    /// <summary>The document.</summary>
    /// <param name="ask">What was asked.</param>
    /// <param name="hosts">The hosts, frozen.</param>
    /// <param name="plan">By digest the hosts on which the dry run must give it; null without a plan.</param>
    /// <exception cref="UserError">It is none that could be done.</exception>
    public JobDocument Make(OrderAsk ask, ChosenHosts hosts, IReadOnlyDictionary<string, string>? plan)
    {
        bool isExec = ask.Order == Order.Exec;
        return Checked(new JobSpec
        {
            Id = JobId.New(time.GetUtcNow()),
            Order = ask.Order,
            Hosts = hosts.Folded,
            Group = !isExec && ask.Words.Count == 1 ? ask.Words[0] : null,
            Origin = !isExec && ask.Words.Count == 2 ? ask.Words[0] : null,
            Target = !isExec && ask.Words.Count == 2 ? ask.Words[1] : null,
            Command = isExec ? ask.Words[0] : null,
            Arguments = isExec && ask.Words.Count > 1 ? [.. ask.Words.Skip(1)] : null,
            NotAfter = ask.NotAfter is null ? null : Moment(ask.NotAfter),
            Keep = ask.IsPlan ? true : null,
            Plan = plan,
            AllowDelete = ask.AllowDelete,
            Rollout = CheckedRollout(ask.Rollout, hosts.Names.Count),
            HostTimeoutSeconds = (int?)ask.HostTimeout?.TotalSeconds,
            By = SafeText.Of(Surroundings.UserAtHost, 200),
            Reason = ask.Reason,
        });
    }

    /// <summary>The same again for hosts of it: a new id, and nothing that was meant for that one time: no moment, no deletions above the guard's.</summary>
    public JobDocument Again(JobSpec spec, ChosenHosts hosts, RetryAsk ask) => Checked(spec with
    {
        Id = JobId.New(time.GetUtcNow()),
        Hosts = hosts.Folded,
        NotAfter = null,
        AllowDelete = ask.AllowDelete,
        Rollout = ask.Deadline is { } deadline && spec.Order is Order.Rsync or Order.Exec ? (spec.Rollout ?? new RolloutSpec()) with { DeadlineSeconds = (int)deadline.TotalSeconds } : spec.Rollout,
        By = SafeText.Of(Surroundings.UserAtHost, 200),
        Reason = ask.Reason ?? spec.Reason,
    });

    /// <summary>What <c>--not-after</c> says.</summary>
    /// <exception cref="UserError">It says no time, or one that has passed.</exception>
    internal DateTimeOffset Moment(string text)
    {
        var now = time.GetUtcNow();
        DateTimeOffset? moment = Quantities.TryDuration(text, out var fromNow) && fromNow <= MostAhead ? now + fromNow
            : DateTimeOffset.TryParseExact(text, ["yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mmK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal | DateTimeStyles.AdjustToUniversal, out var given) ? given
            : null;
        return moment is null ? throw new UserError($"--not-after takes a time up to 7d, or a moment, not '{SafeText.Of(text, 40)}'", ExitCodes.Usage, "e.g. 30m, or 2026-03-01T14:00:00Z")
            : moment <= now ? throw new UserError($"--not-after: {SafeText.Of(text, 40)} has passed", ExitCodes.Usage, "nothing would be started")
            : moment.Value.ToUniversalTime();
    }

    private static JobDocument Checked(JobSpec spec)
    {
        Words.RefuseBytes([spec.Group, spec.Origin, spec.Target, spec.Command, .. spec.Arguments ?? [], spec.Reason]);
        return JobDocument.TryOf(spec, out var document, out var problem) ? document : throw new UserError(problem.Detail, ExitCodes.Usage, problem.Hint ?? "nothing was sent");
    }

    private static RolloutSpec? CheckedRollout(RolloutSpec? rollout, int hosts) =>
        rollout is null || RolloutPlan.TryParse(rollout, hosts, 1, out _, out var mistake)
            ? rollout
            : throw new UserError($"--{mistake.Member.Replace('_', '-').Replace("-seconds", string.Empty, StringComparison.Ordinal)}: {mistake}", ExitCodes.Usage, "nothing was sent");
}
