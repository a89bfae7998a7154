using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Deploy.Config;
using Deploy.Jobs.Syncs;
using Deploy.Modes.Agent;
using Deploy.Modes.Binding.Toml;
using Deploy.Modes.Daemon;
using Deploy.Modes.Proxy;
using Deploy.Rsync.Arguments;

namespace Deploy.Modes.Files.Checking;

/// <summary>What of an INI file means something else than it did to the original: for who moves over, docs/migrating.md. The daemon itself does not say it at each start.</summary>
internal static class LegacyChecks
{
    /// <summary>What every such warning starts with.</summary>
    public const string Changed = "meaning changed: ";

    private static readonly SearchValues<char> PatternLetters = SearchValues.Create("*+?[](){}|^$\\");

    /// <summary>Those of an agent's file.</summary>
    /// <param name="settings">Checked settings.</param>
    /// <param name="place">Where a setting stands, by its dotted name.</param>
    public static IEnumerable<ConfigWarning> Agent(AgentSettings settings, Func<string, Position> place) =>
    [
        .. Both(settings, place("allow.hosts"), place("agent.user"), place("agent.max_request_time")),
        .. settings.AllowedPaths.Where(LooksLikePattern).Select(path => Warning(place("allow.paths"), $"path[] = {path} is taken as it stands; the original took it for a pattern (a regular expression)")),
        .. settings.Groups.Values.SelectMany(group => Group(group, place)),
    ];

    /// <summary>Those of a proxy's files.</summary>
    /// <param name="settings">Checked settings.</param>
    /// <param name="place">Where a setting stands, by its dotted name.</param>
    public static IEnumerable<ConfigWarning> Proxy(ProxySettings settings, Func<string, Position> place) =>
    [
        .. Both(settings, place("allow.hosts"), place("proxy.user"), place("proxy.max_request_time")),
        .. settings.Groups.Keys.Where(name => name.Any(char.IsAsciiLetterUpper)).Order(StringComparer.Ordinal)
            .Select(name => Warning(place(TomlName.Join("groups", name)), $"orders for the group '{name}' are taken; the original refused every group with a capital letter")),
    ];

    private static IEnumerable<ConfigWarning> Both(DaemonSettings settings, Position hosts, Position user, Position time)
    {
        string[] blocks = [.. settings.AllowedHosts.Where(IsIPv4Block)];
        if (blocks.Length > 0)
        {
            yield return Warning(hosts, $"{string.Join(", ", blocks)}: the first and the last address of a block are let in too, and /31 and /0 work; the original left these out");
        }

        if (settings.User is { } name and not ("0" or "root"))
        {
            yield return Warning(user, $"user = {name}: its supplementary groups come with it; the original took none");
        }

        if (settings.MaxRequestTime is { } most)
        {
            yield return Warning(time, $"max_process_timeout: a request that takes longer than {most.TotalSeconds:0} s is answered with 408; the original closed the connection without a word");
        }
    }

    private static IEnumerable<ConfigWarning> Group(SyncGroup group, Func<string, Position> place)
    {
        string table = TomlName.Join("sync", group.Name);
        if (group.Origin.StartsWith("rsync://", StringComparison.OrdinalIgnoreCase))
        {
            yield return Warning(place(table + ".origin"), $"the origin {group.Origin} works; with the original every sync from an rsync:// origin failed: look with `rlist` at what '{group.Name}' would change before the first sync");
        }

        if (group.Excludes.Count > 0 && group.Includes.Count > 0)
        {
            yield return Warning(place(table + ".include"), $"'{group.Name}' passes its excludes before its includes, each in the order written; the original's order was chance, and for rsync the first match decides");
        }

        if (OptionWords.Read(group.Options ?? []).SetsDryRun)
        {
            yield return Warning(place(table + ".options"), $"option[] of '{group.Name}' holds a dry run, so the order rsync fails and says so; with the original it looked done");
        }
    }

    /// <summary>Loopback is left out: nobody is at its ends.</summary>
    private static bool IsIPv4Block(string entry) =>
        entry.IndexOf('/') is var slash and > 0 && entry[slash..] != "/32"
        && IPAddress.TryParse(entry[..slash], out var address) && address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address);

    /// <summary>A point is left out: it stands in many a path, and as a pattern it matched itself too.</summary>
    private static bool LooksLikePattern(string path) => path.AsSpan().IndexOfAny(PatternLetters) >= 0;

    private static ConfigWarning Warning(Position at, string what) => new(at, Changed + what);
}
