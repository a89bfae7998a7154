using Deploy.Model;
using Deploy.Modes.Daemon;

namespace Deploy.Modes.Proxy;

/// <summary>What the proxy's command line says. How agents are asked goes over every host of the file.</summary>
internal sealed record ProxyOverrides : DaemonOverrides
{
    public static readonly ProxyOverrides None = new();

    /// <summary>The agents' port, where a host names none itself; see <see cref="ProxyHost.HasOwnPort"/>.</summary>
    public int? ClientPort { get; init; }

    /// <summary>The whole wait for one host.</summary>
    public TimeSpan? ClientThreadTimeout { get; init; }

    /// <summary>The wait for a host's next byte.</summary>
    public TimeSpan? ClientSocketTimeout { get; init; }

    /// <summary>The shared key of all agents.</summary>
    public Secret? ClientKeyCipher { get; init; }

    /// <summary>Path of the agents' RSA key, PEM; in force for the hosts that the file asks in the encrypted form.</summary>
    public string? ClientSslPublicKey { get; init; }

    /// <summary>These settings with what is set here put over them.</summary>
    public ProxySettings Over(ProxySettings settings) => OverBoth(settings) with
    {
        HostTimeout = ClientThreadTimeout ?? settings.HostTimeout,
        HostSocketTimeout = ClientSocketTimeout ?? settings.HostSocketTimeout,
        Hosts = (ClientPort, ClientKeyCipher, ClientSslPublicKey) is (null, null, null)
            ? settings.Hosts
            : settings.Hosts.ToDictionary(host => host.Key, host => Over(host.Value), Model.Hosts.HostName.Comparer),
    };

    private ProxyHost Over(ProxyHost host) => host with
    {
        Port = host.HasOwnPort ? host.Port : ClientPort ?? host.Port,
        KeyCipher = ClientKeyCipher ?? host.KeyCipher,
        SslPublicKey = host.SslPublicKey is null ? null : ClientSslPublicKey ?? host.SslPublicKey,
    };
}
