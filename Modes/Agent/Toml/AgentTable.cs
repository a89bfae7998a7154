using Deploy.Modes.Binding.Toml;

namespace Deploy.Modes.Agent.Toml;

/// <summary>Binds the table <c>[agent]</c>.</summary>
internal static class AgentTable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly Dictionary<string, string> Elsewhere = new(DaemonKeys.Elsewhere())
    {
        ["name"] = "here it is a list, names = [\"…\"]",
        ["key_cipher"] = "it is key_cipher_file in [legacy]: a secret does not stand in the file",
        ["key_cipher_file"] = "it belongs into [legacy]",
        ["hosts"] = "it belongs into [allow]",
        ["paths"] = "it belongs into [allow]",
    };

    /// <summary>The settings with what the table says; what is wrong is reported and stays as it was.</summary>
    public static AgentSettings Bind(TableBinder table, AgentSettings defaults)
    {
        var names = Names(table);
        var keys = DaemonKeys.Bind(table, AgentSettings.DefaultPort);
        var settings = defaults with
        {
            Names = names ?? defaults.Names,
            Listen = keys.Listen ?? defaults.Listen,
            Backlog = keys.Backlog ?? defaults.Backlog,
            AcceptFilter = keys.AcceptFilter ?? defaults.AcceptFilter,
            User = keys.User,
            Group = keys.Group,
            SocketTimeout = keys.SocketTimeout ?? defaults.SocketTimeout,
            MaxRequestTime = keys.MaxRequestTime,
            MaxOrderLifetime = table.Duration("max_order_lifetime", Second, Quantities.Longest) ?? defaults.MaxOrderLifetime,
            MaxCommandTime = table.Duration("max_command_time", Second, Quantities.Longest) ?? defaults.MaxCommandTime,
            OutputCapBytes = table.Size("max_command_output", 1024, 64 * 1024 * 1024) ?? defaults.OutputCapBytes, // ours: an answer is held in memory, several times over
            ShutdownGrace = keys.ShutdownGrace ?? defaults.ShutdownGrace,
        };
        table.Close(Elsewhere);
        return settings;
    }

    private static List<string>? Names(TableBinder table)
    {
        if (table.Texts("names", "web-001") is not { Count: > 0 } names)
        {
            return null;
        }

        foreach (var odd in names.Where(name => Uri.CheckHostName(name.Value) == UriHostNameType.Unknown))
        {
            table.Error(odd.Position, $"names: '{odd.Value}' is no host name: expected letters, digits, '-', '.', e.g. \"web-001\"");
        }

        return [.. names.Select(name => name.Value).Distinct(StringComparer.OrdinalIgnoreCase)];
    }
}
