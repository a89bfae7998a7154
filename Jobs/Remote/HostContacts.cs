using System.Collections.Concurrent;
using Deploy.Model.Hosts;

namespace Deploy.Jobs.Remote;

/// <summary>What asking the hosts has taught about them: the last of each, in memory.</summary>
internal sealed class HostContacts
{
    private readonly ConcurrentDictionary<string, HostContact> contacts = new(HostName.Comparer);

    /// <summary>Null for a host that was not asked yet.</summary>
    public HostContact? Of(string host) => contacts.GetValueOrDefault(host);

    /// <summary>It was heard of.</summary>
    /// <param name="host">Who.</param>
    /// <param name="at">When, by our clock.</param>
    /// <param name="skew">Its clock less ours; null leaves what was known.</param>
    /// <param name="version">Of deploy; null leaves what was known.</param>
    public void Heard(string host, DateTimeOffset at, TimeSpan? skew, string? version) => contacts.AddOrUpdate(
        host,
        _ => new HostContact(true, at, skew, version),
        (_, before) => new HostContact(true, at, skew ?? before.Skew, version ?? before.Version));

    /// <summary>It could not be reached.</summary>
    public void Missed(string host) => contacts.AddOrUpdate(host, _ => new HostContact(false, null, null, null), (_, before) => before with { IsReachable = false });
}

/// <summary>What is known of a host by asking it.</summary>
/// <param name="IsReachable">Whether the last try reached it.</param>
/// <param name="Last">When it was last heard of; null for never.</param>
/// <param name="Skew">Its clock less ours; null is not known.</param>
/// <param name="Version">Of deploy; null is not known.</param>
internal sealed record HostContact(bool IsReachable, DateTimeOffset? Last, TimeSpan? Skew, string? Version);
