using Deploy.Model.Hosts;
using Deploy.Security;

namespace Deploy.Jobs.Relay;

/// <summary>Who may order what of which agents, as one immutable piece: replaced as a whole when the configuration is read again.</summary>
internal sealed record RelayRules
{
    public required ApiKeys Keys { get; init; }

    /// <summary>Each host by name, looked up with <see cref="HostName.Comparer"/>.</summary>
    public required IReadOnlyDictionary<string, RelayHost> Hosts { get; init; }

    /// <summary>The hosts of each group; each of them is in <see cref="Hosts"/>.</summary>
    public required IReadOnlyDictionary<string, HostSet> Groups { get; init; }

    /// <summary>Hosts of one order that are asked at once.</summary>
    public required int FanOut { get; init; }

    /// <summary>The whole wait for one host, from when its turn comes.</summary>
    public required TimeSpan HostTimeout { get; init; }

    /// <summary>The wait for its next byte.</summary>
    public required TimeSpan HostSocketTimeout { get; init; }

    /// <summary>How long a whole order may take; null is no limit of its own.</summary>
    public TimeSpan? MaxRequestTime { get; init; }

    /// <summary>The hosts of a list, each once, in its order; else the first name that this key does not open.</summary>
    /// <param name="key">The key that was given; null for one that is none.</param>
    /// <param name="list">Whom it asks for.</param>
    /// <param name="refused">The name that was refused; null where there are hosts, or where the groups have none.</param>
    public IReadOnlyList<RelayHost> Resolve(ApiKey? key, HostList list, out string? refused)
    {
        if (key is null)
        {
            refused = list.Names[0];
            return [];
        }

        // Each name once, and nothing is made of any before all are known to be open: a body holds 60,000 names.
        if (!list.AreGroups)
        {
            var open = key.Groups.Select(HostsOf).ToList();
            var named = HostSet.Of(list.Names);
            refused = named.FirstOrDefault(name => !open.Exists(group => group.Contains(name)));
            return refused is null ? [.. named.Select(name => Hosts[name])] : [];
        }

        var groups = new HashSet<string>();
        foreach (string name in list.Names)
        {
            if (GroupOf(key, name) is not { } group)
            {
                refused = name;
                return [];
            }

            groups.Add(group);
        }

        refused = null;
        return [.. HostSet.Of(groups.SelectMany(HostsOf)).Select(name => Hosts[name])];
    }

    private HostSet HostsOf(string group) => Groups.GetValueOrDefault(group) ?? HostSet.Empty;

    /// <summary>The key's group of this name; in another case too, where only one is meant (the original knew no group with a capital).</summary>
    private static string? GroupOf(ApiKey key, string name)
    {
        if (key.Groups.Contains(name))
        {
            return name;
        }

        string[] like = [.. key.Groups.Where(group => group.Equals(name, StringComparison.OrdinalIgnoreCase))];
        return like.Length == 1 ? like[0] : null;
    }
}
