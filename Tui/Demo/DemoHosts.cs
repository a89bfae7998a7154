using System.Globalization;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;

namespace Deploy.Tui.Demo;

/// <summary>The made-up hosts: their names, groups, and what is odd about a few of them.</summary>
internal sealed class DemoHosts
{
    /// <summary>The rsync of most hosts.</summary>
    public const string Rsync = "3.5.0";

    /// <summary>The one of some.</summary>
    public const string OldRsync = "3.4.1";

    /// <summary>The host whose directory of pictures nobody may write.</summary>
    public const string Broken = "web-004";

    /// <summary>Below it a host is much behind the others.</summary>
    public const double SlowBytesPerSecond = 0.6e6;

    private const double SlowShare = 0.02;

    /// <summary>Of each group, the share of the hosts.</summary>
    private static readonly (string Group, double Share)[] Shares = [("web", 0.48), ("img", 0.24), ("edge", 0.16), ("cache", 0.08), ("db", 0.04)];

    private readonly Dictionary<string, DemoHost> byName;

    public DemoHosts(DemoChance chance, int count, DateTimeOffset now)
    {
        var named = new List<(string Group, string Name)>();
        foreach (var (group, share) in Shares)
        {
            int number = group == Shares[0].Group ? count - Shares[1..].Sum(other => Most(other.Share, count)) : Most(share, count);
            int digits = Math.Max(3, number.ToString(CultureInfo.InvariantCulture).Length);
            named.AddRange(Enumerable.Range(1, number).Select(one => (group, $"{group}-{one.ToString("D" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)}")));
        }

        All = [.. named.OrderBy(host => host.Name, HostOrder.Natural).Select((host, place) => Make(chance, host.Group, host.Name, place, now))];
        byName = All.ToDictionary(host => host.Name, HostName.Comparer);
        Groups = [.. Shares.Select(share => Fold(share.Group, All.Where(host => host.Group == share.Group)))];
    }

    /// <summary>In the order of lists.</summary>
    public IReadOnlyList<DemoHost> All { get; }

    public IReadOnlyList<GroupFacts> Groups { get; }

    /// <summary>Null for one that is not there.</summary>
    public DemoHost? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>The hosts of a group.</summary>
    public IEnumerable<DemoHost> In(string group) => All.Where(host => host.Group == group);

    private static int Most(double share, int count) => (int)Math.Round(share * count, MidpointRounding.AwayFromZero);

    private static GroupFacts Fold(string name, IEnumerable<DemoHost> hosts)
    {
        var names = hosts.Select(host => host.Name).ToList();
        return new GroupFacts(name, HostFold.Fold(names), names.Count);
    }

    /// <summary>A few hosts are as they are in every fleet, so that there is something to find; chance decides the rest.</summary>
    private static DemoHost Make(DemoChance chance, string group, string name, int place, DateTimeOffset now)
    {
        bool isDown = name is "cache-001" or "web-009" || chance.Of1000(4, $"{name} is down");
        bool isSuspect = !isDown && name != Broken && (name is "db-002" || chance.Of1000(2, $"{name} is suspect"));
        var since = isDown ? TimeSpan.FromMinutes(12 + chance.Below(170, $"{name} down for")) : isSuspect ? TimeSpan.FromSeconds(47) : TimeSpan.FromSeconds(chance.Below(12, $"{name} heard of"));
        bool isOdd = chance.Of1000(12, $"{name} skew");
        bool isOld = name is "db-001" or "web-012" || chance.Of1000(25, $"{name} old");
        return new DemoHost
        {
            Name = name,
            Place = place,
            Group = group,
            Address = string.Create(CultureInfo.InvariantCulture, $"10.{20 + (place / 62500)}.{place / 250 % 250}.{1 + (place % 250)}:3440"),
            IsLegacy = name is "img-003",
            IsDown = isDown,
            IsSuspect = isSuspect,
            Version = isOld ? "2.0.0" : "2.1.0",
            Rsync = isOld ? OldRsync : Rsync,
            Skew = name == "cache-002" ? -272.4 : isOdd ? Math.Round(chance.Between(-90, 90, $"{name} by"), 1) : Math.Round(chance.Between(-0.4, 0.4, $"{name} by"), 2),
            BytesPerSecond = chance.Share($"{name} slow") < SlowShare ? chance.Between(0.25e6, 0.5e6, $"{name} rate") : chance.Between(1.6e6, 3.2e6, $"{name} rate"),
            Variant = name is "web-010" or "web-011" || chance.Of1000(10, $"{name} uploads") ? DemoTrees.Uploads : chance.Of1000(60, $"{name} edited") ? DemoTrees.Edited : DemoTrees.Plain,
            LastContact = now - since,
        };
    }
}
