using Deploy.Config;

namespace Deploy.Modes.Files.Checking;

/// <summary>Lists of peers that keep nobody out.</summary>
internal static class AllowChecks
{
    /// <summary>A warning when a list has a block of all addresses.</summary>
    public static IEnumerable<ConfigWarning> Hosts(string list, IReadOnlyList<string> entries, Position position) =>
        entries.Where(entry => entry.EndsWith("/0", StringComparison.Ordinal))
            .Select(entry => new ConfigWarning(position, $"{list} has {entry}: every host that reaches this port is let in; name the networks that give orders"));
}
