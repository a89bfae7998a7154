using System.Net;

namespace Deploy.Modes.Binding.Toml;

/// <summary>The keys that <c>[agent]</c> and <c>[proxy]</c> share. Null means: not in the file, or wrong; the default holds.</summary>
internal sealed record DaemonKeys
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public IReadOnlyList<IPEndPoint>? Listen { get; init; }

    public int? Backlog { get; init; }

    public bool? AcceptFilter { get; init; }

    public string? User { get; init; }

    public string? Group { get; init; }

    /// <summary>Longest wait for a connection's next byte.</summary>
    public TimeSpan? SocketTimeout { get; init; }

    /// <summary>Longest time one request may take; null is without limit.</summary>
    public TimeSpan? MaxRequestTime { get; init; }

    /// <summary>How long a stop waits for what runs.</summary>
    public TimeSpan? ShutdownGrace { get; init; }

    /// <summary>Takes the keys; the rest of the table is the caller's.</summary>
    public static DaemonKeys Bind(TableBinder table, int defaultPort) => new()
    {
        Listen = ListenOf(table, defaultPort),
        Backlog = table.Number("backlog", 1, 65535, 1024)?.Value,
        AcceptFilter = table.Flag("accept_filter"),
        User = table.Filled("user", "deploy")?.Value,
        Group = table.Filled("group", "deploy")?.Value,
        SocketTimeout = table.Duration("socket_timeout", Second, Quantities.Longest),
        MaxRequestTime = table.Duration("max_request_time", Second, Quantities.Longest),
        ShutdownGrace = table.Duration("shutdown_grace", TimeSpan.Zero, TimeSpan.FromDays(1)),
    };

    /// <summary>What to write instead of the original's words, and in which table; a new list, to be added to.</summary>
    public static Dictionary<string, string> Elsewhere() => new(StringComparer.Ordinal)
    {
        ["addr"] = "here it is listen = [\"ADDRESS:PORT\"]",
        ["address"] = "here it is listen = [\"ADDRESS:PORT\"]",
        ["port"] = "here it is listen = [\"ADDRESS:PORT\"]",
        ["ssl"] = "it belongs into [legacy]",
        ["ssl_private_key"] = "it belongs into [legacy]",
        ["socket_accept_filter"] = "here it is accept_filter",
        ["max_process_timeout"] = "here it is max_request_time, with a unit",
        ["log_error_level"] = "it is level in [log]",
        ["log_error_path"] = "it is error in [log]",
        ["log_access_path"] = "it is access in [log]",
    };

    private static List<IPEndPoint>? ListenOf(TableBinder table, int defaultPort)
    {
        if (table.Texts("listen", $"0.0.0.0:{defaultPort}") is not { } given)
        {
            return null;
        }

        var listen = new List<IPEndPoint>();
        foreach (var text in given)
        {
            if (ListenAddress.Parse(text.Value, defaultPort) is not { } address)
            {
                table.Error(text.Position, $"listen: '{text.Value}': expected an address of this host, with or without a port from 1 to 65535, e.g. \"0.0.0.0:{defaultPort}\" or \"[::]:{defaultPort}\"");
            }
            else if (listen.Contains(address))
            {
                table.Error(text.Position, $"listen: '{text.Value}' stands twice: expected each address once");
            }
            else
            {
                listen.Add(address);
            }
        }

        return listen.Count > 0 ? listen : null;
    }
}
