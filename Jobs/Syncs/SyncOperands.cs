using System.Text.RegularExpressions;
using Deploy.Model.Targets;
using Deploy.Security;

namespace Deploy.Jobs.Syncs;

/// <summary>Finds what a sync order means by its options: a configured group, or an origin and a target named in the request.</summary>
internal static partial class SyncOperands
{
    /// <summary>What the options came to: a group to sync, with where it writes, or the refusal.</summary>
    internal abstract record Resolved
    {
        private Resolved()
        {
        }

        /// <param name="Group">Origin, target and options, as written.</param>
        /// <param name="TargetKey">Where the target really is: one sync at a time runs for it.</param>
        /// <param name="Hold">Opens the target by the rules that let it pass, right before each run.</param>
        internal sealed record Found(SyncGroup Group, string TargetKey, Func<TargetHold> Hold) : Resolved;

        /// <param name="Outcome">The answer.</param>
        /// <param name="Reason">For the log.</param>
        internal sealed record Refused(OrderOutcome Outcome, string Reason) : Resolved;
    }

    /// <summary>Resolves the options of status, rlist, rsync and rkill, as the legacy wire has them.</summary>
    public static Resolved Resolve(AgentRules rules, string options)
    {
        if (options.IndexOfAny([',', '|']) < 0)
        {
            return Resolve(rules, options, null, null);
        }

        // Further parts are ignored, as the original did.
        string[] parts = options.Split([',', '|']);
        return Check(rules, rules.FreeForm with { Name = options, Origin = parts[0], Target = parts[1] }, configured: false, isNamed: true);
    }

    /// <summary>Resolves what a job's document says.</summary>
    /// <param name="rules">The rules in force.</param>
    /// <param name="name">The group; null where origin and target are named.</param>
    /// <param name="origin">What is read.</param>
    /// <param name="target">What is written.</param>
    public static Resolved Resolve(AgentRules rules, string? name, string? origin, string? target) => name is null
        ? Check(rules, rules.FreeForm with { Name = $"{origin},{target}", Origin = origin ?? string.Empty, Target = target ?? string.Empty }, configured: false, isNamed: true)
        : Check(rules, rules.Groups.GetValueOrDefault(name), configured: true, isNamed: name.Length > 0);

    private static Resolved Check(AgentRules rules, SyncGroup? group, bool configured, bool isNamed)
    {
        if (group is null || group.Origin.Length == 0 || group.Target.Length == 0)
        {
            string reason = !isNamed ? "no options" : group is null ? "no such sync group" : "no origin or no target";
            return new Resolved.Refused(new OrderOutcome.OptionsUnusable(), reason);
        }

        if (!configured && !RequestOrigin().IsMatch(group.Origin))
        {
            return new Resolved.Refused(new OrderOutcome.NotAllowed(group.Origin), "an origin in a request is host::module/path or rsync://host/module/path");
        }

        if (!configured && !rules.AllowsFreeForm)
        {
            return new Resolved.Refused(new OrderOutcome.NotAllowed(group.Target), "an order names a sync group here: an origin and a target of its own are not allowed ([allow] free_form)");
        }

        return rules.Targets.Check(group.Target, configured) switch
        {
            TargetVerdict.Allowed allowed when !configured && GuardedGroup(rules, allowed.RealPath) is { } guarded =>
                new Resolved.Refused(new OrderOutcome.NotAllowed(group.Target), $"the target is that of the sync group '{guarded.Name}', or above or below it, whose limits an order of its own would pass by"),
            TargetVerdict.Allowed allowed => new Resolved.Found(group, allowed.RealPath, () => rules.Targets.Open(group.Target, configured, allowed.RealPath)),
            TargetVerdict.Refused refused => new Resolved.Refused(new OrderOutcome.NotAllowed(group.Target), refused.Reason),
            _ => throw new InvalidOperationException(),
        };
    }

    /// <summary>The group with limits of its own whose target is this directory, or above or below it; null for none.</summary>
    private static SyncGroup? GuardedGroup(AgentRules rules, string realPath) => rules.Groups.Values.FirstOrDefault(group =>
        group.HasLimits
        && rules.Targets.Check(group.Target, configured: true) is TargetVerdict.Allowed { RealPath: var target }
        && (TargetRules.IsBelow(realPath, target) || TargetRules.IsBelow(target, realPath)));

    /// <summary>
    /// <c>[user@]host::module…</c> or <c>rsync://[user@]host[:port]/module…</c>, host a name, an IPv4 or a bracketed IPv6 address, no control
    /// character. rsync takes anything else for a local path or for a remote shell, which a request may not ask for.
    /// </summary>
    [GeneratedRegex(
        @"\A(?:(?:[A-Za-z0-9._+-]+@)?(?:[A-Za-z0-9_][A-Za-z0-9._-]*|\[[0-9A-Fa-f:.]+\])::[^/\x00-\x1f\x7f:][^\x00-\x1f\x7f]*|rsync://(?:[A-Za-z0-9._+-]+@)?(?:[A-Za-z0-9_][A-Za-z0-9._-]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?/[^/\x00-\x1f\x7f][^\x00-\x1f\x7f]*)\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex RequestOrigin();
}
