using Deploy.Config;
using Deploy.Config.Ini;
using Deploy.Model.Hosts;
using Deploy.Modes.Binding;
using Deploy.Modes.Binding.Ini;
using Deploy.Security;

namespace Deploy.Modes.Proxy.Ini;

/// <summary>Binds the api file of the original's proxy: which key opens which groups, and which hosts those have.</summary>
/// <remarks>
/// <code>
/// [keys]       KEY[] = group,group      a key may have several lines
/// [servers]    GROUP[] = host
/// </code>
/// The keys stand there in clear, as names: no message repeats what stands left of a <c>=</c>, whatever the section, nor a line without one.
/// </remarks>
/// <param name="Keys">Each key once, in order of first appearance.</param>
/// <param name="Groups">The hosts of each group; a host may name its port.</param>
internal sealed record ApiFile(IReadOnlyList<ApiKey> Keys, IReadOnlyDictionary<string, HostSet> Groups)
{
    public static readonly ApiFile Empty = new([], new Dictionary<string, HostSet>());

    /// <summary>The file that <c>[api] path</c> names; empty, with a warning, where there is none.</summary>
    /// <param name="document">The proxy's file.</param>
    /// <param name="read">Reads the api file.</param>
    /// <param name="report">Takes errors and warnings.</param>
    public static ApiFile Load(IniDocument document, Func<string, FileContent> read, ConfigReport report)
    {
        const string Nobody = "every order is denied";
        var section = new SectionBinder("api", document.Section("api"), report);
        var path = IniFile.Beside(section.Scalar("path"));
        section.WarnOfUnknownKeys();
        if (path is null)
        {
            report.Warn(IniFile.Begin(document, "api"), $"no [api] path = …: {Nobody}");
        }

        return IniFile.ReadNamed(path, "api file", Nobody, read, report) is { } content && IniFile.Parse(path!.Value.Value, content, report, mayQuote: false) is { } api
            ? Bind(api, report)
            : Empty;
    }

    /// <summary>What the file says; what is wrong is reported.</summary>
    public static ApiFile Bind(IniDocument document, ConfigReport report)
    {
        foreach (var section in document.Sections.Where(section => section.Name is not ("keys" or "servers")))
        {
            report.Warn(section.Position, section.Name == IniDocument.NoSection
                ? "a key before any [section] has no effect"
                : "a section that is neither [keys] nor [servers]: its lines have no effect");
        }

        var groups = GroupsOf(document.Section("servers"), report);
        return new ApiFile(KeysOf(document.Section("keys"), groups, report), groups);
    }

    private static Dictionary<string, HostSet> GroupsOf(IniSection? section, ConfigReport report)
    {
        var groups = new Dictionary<string, HostSet>(StringComparer.Ordinal);
        foreach (string name in section?.Keys ?? [])
        {
            var entries = section!.Of(name);
            report.Place($"servers.{name}", entries[0].Key.Position);
            foreach (var entry in entries.Where(entry => !entry.IsList))
            {
                report.Error(entry.Key.Position, "the group of this line has one value: write GROUP[] = host");
            }

            var hosts = entries.Where(entry => entry.IsList).Select(entry => entry.Value).ToList();
            foreach (var odd in hosts.Where(host => !IsHost(host.Value)))
            {
                report.Warn(odd.Position, odd.Value.Length == 0
                    ? "no host on this line"
                    : $"'{odd.Value}' is no host name or address: it names nobody; each host has a line of its own");
            }

            groups.Add(name, HostSet.Of(hosts.Select(host => host.Value).Where(IsHost)));
        }

        return groups;
    }

    /// <summary>True for one host, with or without a port; what would be a pattern in TOML was none for the original.</summary>
    private static bool IsHost(string text) =>
        HostExpression.TryParse(text, ports: true, out var expression, out _)
        && expression.Terms is [{ Sign: HostSign.Add, Pattern: { Count: 1 } pattern }]
        && pattern.Contains(text);

    private static List<ApiKey> KeysOf(IniSection? section, Dictionary<string, HostSet> groups, ConfigReport report)
    {
        var keys = new List<ApiKey>();
        foreach (string key in section?.Keys ?? [])
        {
            var entries = section!.Of(key);
            foreach (var entry in entries.Where(entry => !entry.IsList))
            {
                report.Error(entry.Key.Position, "the key of this line has one value: write KEY[] = group,group");
            }

            var opened = entries.Where(entry => entry.IsList).SelectMany(entry => Names(entry.Value)).ToList();
            foreach (var odd in opened.Where(group => !groups.ContainsKey(group.Value)))
            {
                string hint = NearestName.Find(odd.Value, groups.Keys) is { } nearest ? $"; did you mean '{nearest}'?" : string.Empty;
                report.Warn(odd.Position, $"the key of this line opens a group that [servers] does not have{hint}");
            }

            if (opened.Count == 0 && entries.All(entry => entry.IsList))
            {
                report.Warn(entries[0].Key.Position, "the key of this line has no group: it opens nothing");
            }

            keys.Add(new ApiKey($"line-{entries[0].Key.Position.Line}", ApiKey.HashOf(key), [.. opened.Select(group => group.Value).Distinct(StringComparer.Ordinal)]));
        }

        return keys;
    }

    /// <summary>The names of a line, parted by commas, each with its place.</summary>
    private static IEnumerable<Positioned<string>> Names(Positioned<string> value)
    {
        int start = 0;
        foreach (string part in value.Value.Split(','))
        {
            string name = part.Trim();
            if (name.Length > 0)
            {
                yield return new Positioned<string>(name, value.Position.Right(start + part.IndexOf(name, StringComparison.Ordinal)));
            }

            start += part.Length + 1;
        }
    }
}
