using Deploy.Config;

namespace Deploy.Modes.Files.Checking;

/// <summary>Lists of peers that keep nobody out.</summary>
internal static class AllowChecks
{
    /// <summary>A warning when the list has a block of all addresses. <c>[legacy] mode</c> may: it narrows this list.</summary>
    public static IEnumerable<ConfigWarning> Hosts(IReadOnlyList<string> entries, Position position) =>
        entries.Where(entry => entry.EndsWith("/0", StringComparison.Ordinal))
            .Select(entry => new ConfigWarning(position, $"[allow] hosts has {entry}: every host that reaches this port is let in; name the networks that give orders"));
}
