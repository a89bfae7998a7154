namespace Deploy.Modes.Binding.Toml;

/// <summary>The table <c>[secure]</c>: the files of the secure mode, beside the configuration where it does not name others.</summary>
internal sealed record SecureTable
{
    public const string HostKeyName = "host_key.pem";
    public const string OperatorsName = "authorized_operators";
    public const string ProxyKeyName = "proxy_key";
    public const string KnownAgentsName = "known_agents";

    private static readonly Dictionary<string, string> Elsewhere = new(StringComparer.Ordinal)
    {
        ["operators"] = "here it is authorized_operators",
        ["pin"] = "a daemon's pin is that of its host_key; those of the agents stand in known_agents",
    };

    private static readonly Dictionary<string, string> AgentElsewhere = new(Elsewhere)
    {
        ["proxy_key"] = "it is a proxy's; a proxy that may order here stands in authorized_operators",
        ["known_agents"] = "it is a proxy's",
    };

    /// <summary>The key that TLS is spoken with.</summary>
    public required string HostKey { get; init; }

    /// <summary>Whose orders are taken.</summary>
    public required string Operators { get; init; }

    /// <summary>A proxy's own key, which signs.</summary>
    public required string ProxyKey { get; init; }

    /// <summary>The pins of a proxy's agents.</summary>
    public required string KnownAgents { get; init; }

    public bool UnsignedLoopback { get; init; }

    /// <summary>What holds where nothing is said.</summary>
    /// <param name="file">The configuration, in whichever dialect.</param>
    public static SecureTable Beside(string file)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(file)) ?? "/";
        return new SecureTable
        {
            HostKey = Path.Combine(folder, HostKeyName),
            Operators = Path.Combine(folder, OperatorsName),
            ProxyKey = Path.Combine(folder, ProxyKeyName),
            KnownAgents = Path.Combine(folder, KnownAgentsName),
        };
    }

    /// <summary>Takes the table.</summary>
    /// <param name="table">The binder of <c>[secure]</c>.</param>
    /// <param name="file">The configuration that it stands in.</param>
    /// <param name="isProxy">Whose it is: a proxy has two files more.</param>
    public static SecureTable Bind(TableBinder table, string file, bool isProxy)
    {
        var beside = Beside(file);
        var secure = beside with
        {
            HostKey = table.AbsolutePath("host_key", "/etc/deploy/" + HostKeyName)?.Value ?? beside.HostKey,
            Operators = table.AbsolutePath("authorized_operators", "/etc/deploy/" + OperatorsName)?.Value ?? beside.Operators,
            ProxyKey = (isProxy ? table.AbsolutePath("proxy_key", "/etc/deploy/" + ProxyKeyName)?.Value : null) ?? beside.ProxyKey,
            KnownAgents = (isProxy ? table.AbsolutePath("known_agents", "/etc/deploy/" + KnownAgentsName)?.Value : null) ?? beside.KnownAgents,
            UnsignedLoopback = table.Flag("unsigned_loopback") ?? false,
        };
        if (secure.UnsignedLoopback)
        {
            table.Warn(table.PlaceOf("unsigned_loopback"), "unsigned_loopback: every user of this host may give every order that this file allows, without a key; it is for trying out");
        }

        table.Close(isProxy ? Elsewhere : AgentElsewhere);
        return secure;
    }
}
