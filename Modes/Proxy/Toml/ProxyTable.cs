using Deploy.Modes.Binding.Toml;

namespace Deploy.Modes.Proxy.Toml;

/// <summary>Binds the table <c>[proxy]</c>.</summary>
internal static class ProxyTable
{
    private const int MaxFanOut = 4096; // ours: sockets cost descriptors

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly Dictionary<string, string> Elsewhere = new(DaemonKeys.Elsewhere())
    {
        ["parallel"] = "here it is fan_out",
        ["thread_timeout"] = "here it is host_timeout, with a unit",
        ["client_port"] = "it is port in the defaults of [hosts]",
        ["key_cipher"] = "clients give an API key, [api_keys.NAME]; the agents' key is key_cipher_file in the defaults of [hosts]",
        ["key_cipher_file"] = "it belongs into the defaults of [hosts]",
        ["protected"] = "it belongs into [groups]",
    };

    /// <summary>The settings with what the table says; what is wrong is reported and stays as it was.</summary>
    public static ProxySettings Bind(TableBinder table, ProxySettings defaults)
    {
        var keys = DaemonKeys.Bind(table, ProxySettings.DefaultPort);
        int? fanOut = table.Number("fan_out", 1, MaxFanOut, defaults.FanOut)?.Value;
        var hostTimeout = table.Duration("host_timeout", Second, Quantities.Longest) ?? defaults.HostTimeout;
        var hostSocketTimeout = table.Duration("host_socket_timeout", Second, Quantities.Longest);
        table.Close(Elsewhere);
        return defaults with
        {
            Listen = keys.Listen ?? defaults.Listen,
            Backlog = keys.Backlog ?? defaults.Backlog,
            AcceptFilter = keys.AcceptFilter ?? defaults.AcceptFilter,
            User = keys.User,
            Group = keys.Group,
            SocketTimeout = keys.SocketTimeout ?? defaults.SocketTimeout,
            MaxRequestTime = keys.MaxRequestTime,
            ShutdownGrace = keys.ShutdownGrace ?? defaults.ShutdownGrace,
            FanOut = fanOut ?? defaults.FanOut,
            HostTimeout = hostTimeout,
            HostSocketTimeout = hostSocketTimeout ?? hostTimeout, // ours: an agent says nothing until a dry run is done
        };
    }
}
