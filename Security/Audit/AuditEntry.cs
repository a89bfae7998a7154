using System.Net;
using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Security.Audit;

/// <summary>What was asked of a daemon, of whom it was taken to come, and what it was told: one record of the audit log.</summary>
internal sealed record AuditEntry
{
    public required AuditAsk Ask { get; init; }

    /// <summary>The order's word, or what was asked of a job: <c>rsync</c>, <c>cancel</c>.</summary>
    public required string Order { get; init; }

    /// <summary>The group, the command's name, origin and target, the lease; null where there is none. May hold anything that was sent.</summary>
    public string? What { get; init; }

    /// <summary>Folded; null where the order names none. Cut at <see cref="Limits.AuditHostLetters"/>.</summary>
    public string? Hosts { get; init; }

    public JobId? Job { get; init; }

    /// <summary>Whose connection it was: a proxy's where one relays.</summary>
    public required IPAddress Peer { get; init; }

    public required AuditWho Who { get; init; }

    /// <summary>Why it was refused, one line; null where it was accepted.</summary>
    public string? Refusal { get; init; }

    /// <summary>True of a refusal where the record before it of the same says accepted: it was recorded before it was done, and was not done then.</summary>
    public bool WasAccepted { get; init; }

    /// <summary>What the asker said of it: the reason of a job, or of a theft; null for nothing.</summary>
    public string? Reason { get; init; }

    /// <summary>An order as its document has it, accepted; where it is refused, set <see cref="Refusal"/>.</summary>
    public static AuditEntry Of(JobSpec spec, IPAddress peer, AuditWho who) => new()
    {
        Ask = AuditAsk.Order,
        Order = spec.Order.Word(),
        What = spec.What,
        Hosts = spec.Hosts,
        Job = spec.Id,
        Peer = peer,
        Who = who,
        Reason = spec.Reason,
    };
}

/// <summary>The kinds of things that are asked.</summary>
internal enum AuditAsk
{
    /// <summary>A job, by v1.</summary>
    Order,

    /// <summary>Something of a job: cancel, pause, resume.</summary>
    Act,

    /// <summary>The leases of others.</summary>
    Steal,

    /// <summary>An order of the original's wire.</summary>
    LegacyOrder,
}

/// <summary>Whom something was taken to come from.</summary>
/// <param name="By">How that is known.</param>
/// <param name="Name">The operator's, the API key's or the proxy's; empty where there is none.</param>
/// <param name="Key">The fingerprint of the key, <c>SHA256:…</c>; null where nothing was signed. Of <see cref="AuditBy.Unknown"/> it is a claim.</param>
internal sealed record AuditWho(AuditBy By, string Name = "", string? Key = null)
{
    /// <summary>True for one whom a key has proved: what such a one is refused does not count with what others are.</summary>
    public bool IsProved => By is AuditBy.Operator or AuditBy.Proxy or AuditBy.ApiKey;
}

/// <summary>How it is known who asks.</summary>
internal enum AuditBy
{
    /// <summary>By an operator's signature.</summary>
    Operator,

    /// <summary>By a proxy's own signature.</summary>
    Proxy,

    ApiKey,

    /// <summary>The original's shared key.</summary>
    Legacy,

    /// <summary>Not at all: unsigned requests are taken from this host.</summary>
    Unsigned,

    /// <summary>Not at all: what proves it is missing or wrong. Such a one is always refused.</summary>
    Unknown,
}
