using System.Buffers;
using System.Globalization;
using System.Text;
using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Tui.Demo;

/// <summary>What a sync of a made-up group changes: real change lines, with their real digests. A host that has the release already changes nothing.</summary>
internal sealed class DemoTrees(DemoChance chance)
{
    /// <summary>The variant of most hosts: the release, and nothing else.</summary>
    public const int Plain = 0;

    /// <summary>Hosts on which somebody has uploaded what the origin does not have: a sync deletes it.</summary>
    public const int Uploads = 1;

    /// <summary>Hosts on which somebody has edited a few files by hand.</summary>
    public const int Edited = 2;

    /// <summary>Deletions that a host's guard lets pass.</summary>
    public const int Guard = 100;

    /// <summary>The sync groups, and what the target of each is called.</summary>
    public static readonly IReadOnlyList<string> Groups = ["site", "static", "config"];

    /// <summary>No change.</summary>
    public static readonly DemoChanges Nothing = Of([]);

    private readonly Dictionary<(string Group, int Release, int Variant), DemoChanges> made = [];

    /// <summary>By sync group, the release that its origin has.</summary>
    public Dictionary<string, int> Origins { get; } = Groups.ToDictionary(group => group, _ => 40);

    /// <summary>What a host would change; a group that is not known has what site has.</summary>
    public DemoChanges Of(DemoHost host, string group)
    {
        int release = Origins.GetValueOrDefault(group, 40);
        return host.Releases.GetValueOrDefault(group) >= release ? Nothing : Of(group, release, host.Variant);
    }

    /// <summary>What a release changes on hosts of a variant.</summary>
    public DemoChanges Of(string group, int release, int variant)
    {
        if (!made.TryGetValue((group, release, variant), out var changes))
        {
            made[(group, release, variant)] = changes = Of(Changes(group, release, variant));
        }

        return changes;
    }

    private static DemoChanges Of(IEnumerable<Change> changes)
    {
        var list = changes.ToList();
        var lines = list.ConvertAll(change =>
        {
            var line = new ArrayBufferWriter<byte>();
            change.WriteTo(line);
            return line.WrittenSpan.ToArray();
        });
        lines.Sort((one, other) => one.AsSpan().SequenceCompareTo(other));
        var content = new ShapeContent(ShapeKind.Changes, lines.SelectMany(line => line).ToArray());
        var moved = list.Where(change => change.Kind is ChangeKind.New or ChangeKind.Changed && change.Type == 'f').ToList();
        return new DemoChanges(content, content.Digest(), new SyncTotals
        {
            New = list.Count(change => change.Kind == ChangeKind.New),
            Changed = list.Count(change => change.Kind == ChangeKind.Changed),
            Attributes = list.Count(change => change.Kind == ChangeKind.Attributes),
            Deleted = list.Count(change => change.Kind == ChangeKind.Deleted),
            Files = moved.Count,
            Bytes = moved.Sum(change => change.Size ?? 0),
        });
    }

    private IEnumerable<Change> Changes(string group, int release, int variant) => group switch
    {
        "static" => Static(release),
        "config" => Config(release, variant),
        _ => Site(release, variant),
    };

    /// <summary>A release of a program with its pictures: 311 new, 17 changed, 4 deleted; about 25 MB.</summary>
    private IEnumerable<Change> Site(int release, int variant)
    {
        string mark = chance.Hex($"release {release}")[..6], before = chance.Hex($"release {release - 1}")[..6];
        yield return Directory($"app/release/{mark}", release);
        yield return File(ChangeKind.New, $"app/release/{mark}/main.js", 412_000, release);
        yield return File(ChangeKind.New, $"app/release/{mark}/main.css", 61_250, release);
        yield return Link("app/current", $"release/{mark}", release);
        for (int picture = 1; picture <= 307; picture++)
        {
            yield return File(ChangeKind.New, Name($"img/{release}/{picture:000}.webp"), 20_000 + chance.Below(110_000, $"{release} picture {picture}"), release);
        }

        yield return File(ChangeKind.Changed, "app/index.html", 6_140, release);
        yield return File(ChangeKind.Changed, "app/robots.txt", 212, release);
        for (int page = 1; page <= 15; page++)
        {
            yield return File(ChangeKind.Changed, Name($"app/pages/{page:00}.html"), 2_000 + chance.Below(9_000, $"{release} page {page}"), release);
        }

        yield return Deleted($"app/release/{before}/main.js");
        yield return Deleted($"app/release/{before}/main.css");
        yield return Deleted($"app/release/{before}");
        yield return Deleted(Name($"img/{release - 1}/001.webp"));
        for (int upload = 1; variant == Uploads && upload <= 212; upload++)
        {
            yield return Deleted(Name($"uploads/2026/11/{1 + (upload / 10):00}/{upload:0000}.jpg"));
        }

        for (int edit = 1; variant == Edited && edit <= 5; edit++)
        {
            yield return File(ChangeKind.Changed, Name($"app/local/{edit}.conf"), 800 + edit, release);
        }
    }

    private IEnumerable<Change> Static(int release)
    {
        for (int font = 1; font <= 260; font++)
        {
            yield return File(ChangeKind.New, Name($"fonts/{release}/{font:00}.woff2"), 30_000 + chance.Below(90_000, $"{release} font {font}"), release);
        }

        yield return File(ChangeKind.Changed, "manifest.json", 3_310, release);
    }

    private static IEnumerable<Change> Config(int release, int variant)
    {
        yield return File(ChangeKind.Changed, "nginx/nginx.conf", 4_212, release);
        yield return File(ChangeKind.Changed, "nginx/upstreams.conf", 1_904, release);
        yield return new Change { Kind = ChangeKind.Attributes, Type = 'f', Size = 1_675, Time = Time(release), Name = "tls/site.key"u8.ToArray() };
        if (variant != Plain)
        {
            yield return Deleted("nginx/conf.d/local.conf");
        }
    }

    private static string Name(FormattableString name) => name.ToString(CultureInfo.InvariantCulture);

    private static string Time(int release) => DateTimeOffset.UnixEpoch.AddDays(20_400).AddHours(7 * release).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static Change File(ChangeKind kind, string name, long size, int release) => new() { Kind = kind, Type = 'f', Size = size, Time = Time(release), Name = Encoding.UTF8.GetBytes(name) };

    private static Change Directory(string name, int release) => new() { Kind = ChangeKind.New, Type = 'd', Time = Time(release), Name = Encoding.UTF8.GetBytes(name) };

    private static Change Link(string name, string to, int release) => new() { Kind = ChangeKind.New, Type = 'L', Time = Time(release), Name = Encoding.UTF8.GetBytes(name), Link = Encoding.UTF8.GetBytes(to) };

    private static Change Deleted(string name) => new() { Kind = ChangeKind.Deleted, Type = Change.NotTold, Name = Encoding.UTF8.GetBytes(name) };
}

/// <summary>A change set of a made-up sync.</summary>
/// <param name="Content">Its lines.</param>
/// <param name="Digest">Of the content.</param>
/// <param name="Totals">Its lines, counted.</param>
internal sealed record DemoChanges(ShapeContent Content, string Digest, SyncTotals Totals);
