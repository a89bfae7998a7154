using Deploy.Jobs.Syncs;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Rsync;
using Deploy.Rsync.Changes;

namespace Deploy.Jobs.Plans;

/// <summary>Holds a dry run against the plan that an order carries.</summary>
internal static class PlanCheck
{
    private const string NextStep = "make a new plan, look at it and apply that";

    /// <summary>The digest in whose list a host stands; null where it stands in none, or in two.</summary>
    /// <param name="plan">By digest the hosts, folded.</param>
    /// <param name="host">The host as the job's list has it.</param>
    public static string? DigestOf(IReadOnlyDictionary<string, string> plan, string host)
    {
        string[] its = [.. plan.Where(shape => FrozenHosts.TryParse(shape.Value, out var hosts, out _) && hosts.Contains(host)).Select(shape => shape.Key)];
        return its.Length == 1 ? its[0] : null;
    }

    /// <summary>Why a sync whose plan has no digest for this host is refused.</summary>
    public static SyncDone NotPlanned(string host) => Refused($"the plan says nothing of {host}, nothing was touched");

    /// <summary>Why the sync is refused; null where no plan is asked for, and where the dry run gives it.</summary>
    public static SyncDone? Refusal(string? planned, SyncResult counted) =>
        planned is null ? null
        : counted.Changes!.Digest() is not { } digest ? Refused("the changes are too many to be held against the plan, nothing was touched")
        : digest != planned ? Refused($"the dry run gives other changes than the plan has ({Said(counted.Changes)}), nothing was touched")
        : null;

    private static string Said(ChangeSet now) => now.IsEmpty
        ? "now nothing would change: it may have been applied already"
        : $"now +{now.New} ~{now.Changed + now.Attributes} -{now.Deleted}; names, sizes and times count";

    private static SyncDone Refused(string why) => new(HostState.Refused, $"{why}; {NextStep}") { Cause = Reasons.PlanDrift, Refusal = (why, NextStep) };
}
