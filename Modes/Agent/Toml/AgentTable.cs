using System.Net;
using Deploy.Config;
using Deploy.Modes.Binding;
using Deploy.Modes.Binding.Toml;

namespace Deploy.Modes.Agent.Toml;

/// <summary>Binds the table <c>[agent]</c>.</summary>
internal static class AgentTable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    private static readonly Dictionary<string, string> Elsewhere = new(StringComparer.Ordinal)
    {
        ["name"] = "here it is a list, names = [\"…\"]",
        ["addr"] = "here it is listen = [\"ADDRESS:PORT\"]",
        ["port"] = "here it is listen = [\"ADDRESS:PORT\"]",
        ["key_cipher"] = "it is key_cipher_file in [legacy]: a secret does not stand in the file",
        ["key_cipher_file"] = "it belongs into [legacy]",
        ["ssl"] = "it belongs into [legacy]",
        ["ssl_private_key"] = "it belongs into [legacy]",
        ["socket_accept_filter"] = "here it is accept_filter",
        ["max_process_timeout"] = "here it is max_request_time, with a unit",
        ["log_error_level"] = "it is level in [log]",
        ["log_error_path"] = "it is error in [log]",
        ["log_access_path"] = "it is access in [log]",
        ["hosts"] = "it belongs into [allow]",
        ["paths"] = "it belongs into [allow]",
    };

    /// <summary>The settings with what the table says; what is wrong is reported and stays as it was.</summary>
    public static AgentSettings Bind(TableBinder table, AgentSettings defaults)
    {
        var settings = defaults with
        {
            Names = Names(table) ?? defaults.Names,
            Listen = Listen(table) ?? defaults.Listen,
            Backlog = table.Number("backlog", 1, 65535)?.Value ?? defaults.Backlog,
            AcceptFilter = table.Flag("accept_filter") ?? defaults.AcceptFilter,
            User = table.Filled("user", "deploy")?.Value,
            Group = table.Filled("group", "deploy")?.Value,
            SocketTimeout = table.Duration("socket_timeout", Second, TimeSpan.FromHours(1)) ?? defaults.SocketTimeout,
            MaxProcessTimeout = table.Duration("max_request_time", Second, Week),
            MaxCommandTime = table.Duration("max_command_time", Second, Week) ?? defaults.MaxCommandTime,
            OutputCapBytes = table.Size("max_command_output", 1024, 64 * 1024 * 1024) ?? defaults.OutputCapBytes, // ours: an answer is held in memory, several times over
            ShutdownGrace = table.Duration("shutdown_grace", TimeSpan.Zero, Day) ?? defaults.ShutdownGrace,
        };
        table.Duration("max_order_lifetime", Second, Week);
        table.WithoutEffect("max_order_lifetime", "orders of the legacy wire carry no lifetime");
        if (settings.AcceptFilter)
        {
            table.WithoutEffect("accept_filter", "it comes with the proxy");
        }

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

    private static List<IPEndPoint>? Listen(TableBinder table)
    {
        if (table.Texts("listen", "0.0.0.0:3440") is not { } given)
        {
            return null;
        }

        var listen = new List<IPEndPoint>();
        foreach (var text in given)
        {
            if (ListenAddress.Parse(text.Value, AgentSettings.DefaultPort) is not { } address)
            {
                table.Error(text.Position, $"listen: '{text.Value}': expected ADDRESS:PORT, e.g. \"0.0.0.0:3440\" or \"[::]:3440\"");
            }
            else if (listen.Contains(address))
            {
                table.Error(text.Position, $"listen: '{text.Value}' stands twice");
            }
            else
            {
                listen.Add(address);
            }
        }

        return listen.Count > 0 ? listen : null;
    }
}
