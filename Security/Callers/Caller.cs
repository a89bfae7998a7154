using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Text;
using Deploy.Security.Operators;
using Deploy.Security.Signatures;

namespace Deploy.Security.Callers;

/// <summary>What a route of the v1 API asks of whoever calls it.</summary>
internal enum Access
{
    /// <summary>Nothing: what it answers is no secret.</summary>
    Open,

    /// <summary>To be known.</summary>
    Read,

    /// <summary>To be known, and to have the right to what is asked.</summary>
    Act,
}

/// <summary>Who calls, checked; made by <see cref="RequestGate"/>.</summary>
/// <param name="Name">For logs and for whoever is told who did it: a key's comment, an API key's name, an address. Safe to print.</param>
/// <param name="Rights">What it may do.</param>
internal sealed record Caller(string Name, Rights Rights)
{
    /// <summary>The operator's or proxy's; null for an API key and for whoever needs no signature.</summary>
    public VerifiedSignature? Signature { get; init; }

    /// <summary>The key that was given; null for all others.</summary>
    public ApiKey? ApiKey { get; init; }

    /// <summary>What it is known by: a key's fingerprint, an API key's name; null for whoever needs neither.</summary>
    public string? Key => Signature?.Key.Fingerprint ?? ApiKey?.Name;

    /// <summary>True for this host's own users where unsigned orders are taken over the loopback.</summary>
    public bool IsUnsigned => Signature is null && ApiKey is null;

    /// <summary>Why it may not give this order, on this daemon; null where it may.</summary>
    /// <param name="spec">What is ordered.</param>
    /// <param name="daemon">What the daemon calls itself.</param>
    public Problem? Refusal(JobSpec spec, string daemon)
    {
        string? lacks = !Rights.Orders.Contains(spec.Order) ? $"the order {spec.Order.Word()}"
            : spec.AllowDelete is not null && !Rights.AllowDelete ? "to raise the delete guard's limits (allow-delete)"
            : spec.Order == Order.Exec ? (Rights.Commands is { } commands && !commands.Fit(spec.Command ?? string.Empty) ? $"the command {SafeText.Of(spec.Command ?? string.Empty, 64)}" : null)
            : Rights.Groups is not { } groups || (spec.Group is { } group && groups.Fit(group)) ? null
            : spec.Group is { } other ? $"the sync group {SafeText.Of(other, 64)}"
            : "an origin and a target of its own: its groups are named";
        return lacks is null ? null : new Problem(ProblemTypes.NotAllowed, 403, "not allowed", $"{Name} may not order this of {daemon}: {lacks}")
        {
            Hint = $"see its line in authorized_operators; it may {string.Join(", ", Rights.Words)}{Bound("groups", Rights.Groups)}{Bound("commands", Rights.Commands)}",
        };
    }

    private static string Bound(string what, NamePatterns? names) => names is null ? string.Empty : $"; {what} {SafeText.Of(names.ToString(), 200)}";
}
