using System.CommandLine;
using Deploy.Model.Jobs;

namespace Deploy.Modes.Client.Ordering;

/// <summary>The options of orders that are jobs. Which of them an order has is said by its command.</summary>
/// <param name="rollout">Whether it can be a rollout: then <c>--deadline</c> is the rollout's too.</param>
internal sealed class OrderOptions(bool rollout)
{
    public Option<string?> Group { get; } = OptionKinds.Text("--group", "NAME", "the hosts of a group of the proxy, as @NAME in --hosts; all of them where both are given");

    public Option<string?> Limit { get; } = OptionKinds.Text("--limit", "N|P%", "of these hosts the first ones alone");

    public Option<int?> Pick { get; } = OptionKinds.Number("--pick", "N", "of these hosts some by chance; the seed is printed", 1, Model.Limits.Hosts);

    public Option<int?> Seed { get; } = OptionKinds.Number("--seed", "S", "of --pick: the same seed picks the same hosts", 0, int.MaxValue);

    public Option<int?> MaxParallel { get; } = OptionKinds.Number("--max-parallel", "N", "hosts that run at once; 50 where the order has one of these options", 1, ClientInput.MaxParallel);

    public Option<string?> Batches { get; } = OptionKinds.Text("--batches", "LIST", "where each batch ends, e.g. 1,10%,100%");

    public Option<string?> Canary { get; } = OptionKinds.Text("--canary", "N|P%", "so many hosts go first, alone, and must all be well");

    public Option<string?> MaxFailures { get; } = OptionKinds.Text("--max-failures", "N|P%", "how many hosts may fail; with one more no other host is started");

    public Option<int?> PauseAfter { get; } = OptionKinds.Number("--pause-after", "BATCH", "pause when this batch has ended, the canary is 0; `deploy client resume ID` goes on", 0, Model.Limits.Hosts);

    public Option<OnFailure?> OnFailure { get; } = OptionKinds.Of<OnFailure?>("--on-failure", "stop|continue", "what a failed host means for the batches behind its own; continue", "stop or continue", text => text switch { "stop" => Model.Jobs.OnFailure.Stop, "continue" => Model.Jobs.OnFailure.Continue, _ => null });

    public Option<bool> NoHealthCheck { get; } = new("--no-health-check") { Description = "leave out the sync group's health check" };

    public Option<TimeSpan?> HostTimeout { get; } = OptionKinds.Duration("--host-timeout", "longest time of one host, e.g. 90s or 1h30m");

    public Option<TimeSpan?> Deadline { get; } = OptionKinds.Duration("--deadline", rollout ? "start no host after this time, and wait no longer: exit code 13" : "wait no longer: exit code 13; what runs goes on");

    public Option<string?> NotAfter { get; } = OptionKinds.Text("--not-after", "TIME", "until when it may start anywhere, e.g. 30m or 2026-03-01T14:00:00Z; an hour, at most a day");

    public Option<int?> AllowDelete { get; } = OptionKinds.Number("--allow-delete", "N", "how many deletions the guard lets pass on a host, this once", 1, SpecRules.MostDeletions);

    public Option<string?> Plan { get; } = OptionKinds.Text("--plan", "ID", "do what this plan shows and nothing else; its hosts, where none are named");

    public Option<string?> Reason { get; } = OptionKinds.Text("--reason", "TEXT", "why, for those who read it later");

    public Option<bool> Wait { get; } = new("--wait") { Description = "where another job rolls out the group: wait until it is done" };

    public Option<bool> Changes { get; } = new("--changes") { Description = "list the names" };

    public Option<bool> DetailedExitCode { get; } = new("--detailed-exitcode") { Description = "exit with 10 where anything would change" };

    /// <summary>Which hosts of those named.</summary>
    public HelpGroup Choosing => new("Some of the hosts", [Group, Limit, Pick, Seed]);

    /// <summary>How the hosts are gone through.</summary>
    public HelpGroup Rollout => new("Rollout", [MaxParallel, Batches, Canary, MaxFailures, PauseAfter, OnFailure, NoHealthCheck]);

    /// <summary>How long.</summary>
    public HelpGroup Times => new("Time limits", [HostTimeout, Deadline, NotAfter]);

    /// <summary>The rollout that was asked for; null where none of its options was given.</summary>
    /// <param name="parsed">The command line.</param>
    public RolloutSpec? RolloutOf(ParseResult parsed) =>
        Rollout.Options.Append(Deadline).Any(option => OptionKinds.IsGiven(parsed, option))
            ? new RolloutSpec
            {
                MaxParallel = parsed.GetValue(MaxParallel),
                Batches = parsed.GetValue(Batches),
                Canary = parsed.GetValue(Canary),
                MaxFailures = parsed.GetValue(MaxFailures),
                PauseAfter = parsed.GetValue(PauseAfter),
                OnFailure = parsed.GetValue(OnFailure),
                HealthCheck = parsed.GetValue(NoHealthCheck) ? false : null,
                DeadlineSeconds = (int?)parsed.GetValue(Deadline)?.TotalSeconds,
            }
            : null;
}
