using System.Collections;

namespace Deploy.Model.Hosts;

/// <summary>Hosts, each once, in the order in which they first came; equal are those that <see cref="HostName.Comparer"/> says are. Prints folded.</summary>
/// <remarks>A host without a port stands for that host at every port where hosts are left out or kept; so nothing is asked that was left out by name.</remarks>
internal sealed class HostSet : IReadOnlyCollection<string>
{
    private readonly List<string> ordered = [];
    private readonly HashSet<string> known = new(HostName.Comparer);

    private HostSet()
    {
    }

    /// <summary>No host.</summary>
    public static HostSet Empty { get; } = new();

    public int Count => ordered.Count;

    /// <summary>The hosts of a list; what stands twice stays where and as it first stood.</summary>
    /// <param name="hosts">Each a host that <see cref="HostPattern"/> would read.</param>
    public static HostSet Of(IEnumerable<string> hosts)
    {
        var set = new HostSet();
        foreach (string host in hosts)
        {
            if (set.known.Add(host))
            {
                set.ordered.Add(host);
            }
        }

        return set;
    }

    /// <summary>True for a host of the set, at the same port.</summary>
    public bool Contains(string host) => known.Contains(host);

    /// <summary>These, then those of the other set that are new.</summary>
    public HostSet Union(HostSet other) => Of(ordered.Concat(other));

    /// <summary>These without those that the other set covers.</summary>
    public HostSet Except(HostSet other) => Of(ordered.Where(host => !other.Covers(host)));

    /// <summary>Those of these that the other set covers.</summary>
    public HostSet Intersect(HostSet other) => Of(ordered.Where(other.Covers));

    public IEnumerator<string> GetEnumerator() => ordered.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The canonical text: <see cref="HostFold.Fold"/>.</summary>
    public override string ToString() => HostFold.Fold(this);

    /// <summary>True where the host is in the set at its port, or without one.</summary>
    private bool Covers(string host) => Contains(host) || (HostName.Split(host) is { Port: > 0 } parts && Contains(parts.Address));
}
