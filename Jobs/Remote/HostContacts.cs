using System.Collections.Concurrent;
using System.Collections.Immutable;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;

namespace Deploy.Jobs.Remote;

/// <summary>What asking the hosts has taught about them: the last of each, in memory.</summary>
internal sealed class HostContacts
{
    private readonly ConcurrentDictionary<string, HostContact> contacts = new(HostName.Comparer);

    /// <summary>Told of each change, from any thread: of which host, and whether its state changed: reached or not, at work or not. Null for nobody.</summary>
    public Action<string, bool>? Changed { get; set; }

    private int atWork;

    /// <summary>Turns of hosts in jobs that have begun and are not over.</summary>
    public int AtWork => Volatile.Read(ref atWork);

    /// <summary>Of a host that was not asked yet, nothing is known.</summary>
    public HostContact Of(string host) => contacts.GetValueOrDefault(host) ?? HostContact.None;

    /// <summary>It was heard of.</summary>
    /// <param name="host">Who.</param>
    /// <param name="at">When, by our clock.</param>
    /// <param name="skew">Its clock less ours; null leaves what was known.</param>
    /// <param name="version">Of deploy; null leaves what was known.</param>
    /// <param name="rsync">Its rsync's version; null leaves what was known.</param>
    /// <param name="keyTrouble">Why it lets nobody in, as <see cref="HostFacts.KeyTrouble"/>; null where it does.</param>
    public void Heard(string host, DateTimeOffset at, TimeSpan? skew, string? version, string? rsync = null, string? keyTrouble = null) => Change(
        host,
        before => before with { IsReachable = true, Last = at, Skew = skew ?? before.Skew, Version = version ?? before.Version, Rsync = rsync ?? before.Rsync, KeyTrouble = keyTrouble });

    /// <summary>It could not be reached.</summary>
    /// <param name="host">Who.</param>
    /// <param name="isOtherKey">Because it, or whoever is in between, showed another key than the one that is known.</param>
    public void Missed(string host, bool isOtherKey = false) => Change(host, before => before with { IsReachable = false, KeyTrouble = isOtherKey ? Reasons.OtherKey : before.KeyTrouble });

    /// <summary>Its turn in a job has come.</summary>
    public void Began(string host, JobId job)
    {
        Interlocked.Increment(ref atWork);
        Change(host, before => before with { Running = job });
    }

    /// <summary>Its turn is over; a sync's end is remembered.</summary>
    /// <param name="document">The job's.</param>
    /// <param name="standing">How it stands then.</param>
    public void Left(JobDocument document, HostStanding standing)
    {
        Interlocked.Decrement(ref atWork);
        Change(standing.Host, before => before with
        {
            Running = before.Running == document.Spec.Id ? null : before.Running,
            LastSyncs = document.Spec is { Order: Order.Rsync, Group: { } group } && standing is { Ended: { } ended }
                ? before.LastSyncs.SetItem(group, new LastSync(document.Spec.Id, standing.State, ended))
                : before.LastSyncs,
        });
    }

    private void Change(string host, Func<HostContact, HostContact> change)
    {
        bool isState = false;
        contacts.AddOrUpdate(host, _ => Changing(HostContact.None), (_, before) => Changing(before));
        Changed?.Invoke(host, isState);

        HostContact Changing(HostContact before)
        {
            var after = change(before);
            isState = (before.IsReachable, before.Running, before.KeyTrouble) != (after.IsReachable, after.Running, after.KeyTrouble);
            return after;
        }
    }
}

/// <summary>What is known of a host by asking it.</summary>
internal sealed record HostContact
{
    public static HostContact None { get; } = new();

    /// <summary>Whether the last try reached it; null where there was none.</summary>
    public bool? IsReachable { get; init; }

    /// <summary>When it was last heard of; null for never.</summary>
    public DateTimeOffset? Last { get; init; }

    /// <summary>Its clock less ours; null is not known.</summary>
    public TimeSpan? Skew { get; init; }

    /// <summary>Of deploy; null is not known.</summary>
    public string? Version { get; init; }

    /// <summary>Its rsync's version; null is not known, or none.</summary>
    public string? Rsync { get; init; }

    /// <summary>As <see cref="HostFacts.KeyTrouble"/>.</summary>
    public string? KeyTrouble { get; init; }

    /// <summary>The job that began there last and has not ended.</summary>
    public JobId? Running { get; init; }

    /// <summary>How the last sync of each sync group ended, by name.</summary>
    public ImmutableDictionary<string, LastSync> LastSyncs { get; init; } = ImmutableDictionary<string, LastSync>.Empty;
}
