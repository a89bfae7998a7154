using Deploy.Model.Hosts;
using Deploy.Modes.Daemon;
using Deploy.Security;
using Deploy.Security.Channel;

namespace Deploy.Modes.Proxy;

/// <summary>Everything that a proxy is made from. Immutable.</summary>
internal sealed record ProxySettings() : DaemonSettings(DefaultPort, "deploy::proxy:")
{
    /// <summary>Port of the original's proxy. // original: deploy-proxy --port</summary>
    public const int DefaultPort = 3441;

    /// <summary>Hosts asked at once. // ours: 256, a quarter of the usual 1024 open files</summary>
    public int FanOut { get; init; } = 256;

    /// <summary>The whole wait for one host's answer. // original: [client] thread_timeout 10 s</summary>
    public TimeSpan HostTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The wait for a host's next byte, within <see cref="HostTimeout"/>. // original: [client] socket_timeout 5 s</summary>
    public TimeSpan HostSocketTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The file of the proxy's own key (Ed25519), which signs what came without an operator's signature; null signs nothing.</summary>
    public string? ProxyKeyFile { get; init; }

    /// <summary>The file of the agents' pins; null has none.</summary>
    public string? KnownAgentsFile { get; init; }

    /// <summary>The pins out of that file, which the proxy's mode reads at the start and at each reload; null until then.</summary>
    public KnownAgents? KnownAgents { get; init; }

    /// <summary>Every host that can be reached, by the name that orders use; looked up in any case.</summary>
    public IReadOnlyDictionary<string, ProxyHost> Hosts { get; init; } = new Dictionary<string, ProxyHost>(HostName.Comparer);

    /// <summary>The groups' hosts, each of them in <see cref="Hosts"/>.</summary>
    public IReadOnlyDictionary<string, HostSet> Groups { get; init; } = new Dictionary<string, HostSet>();

    /// <summary>Groups, of <see cref="Groups"/>, that a person is asked about once more before their hosts change.</summary>
    public IReadOnlyList<string> Protected { get; init; } = [];

    /// <summary>Who may order what, of the configuration itself.</summary>
    public IReadOnlyList<ApiKey> ApiKeys { get; init; } = [];

    /// <summary>Keys that <c>deploy proxy keys</c> made, as they were read with the rest; in force is what <see cref="MadeKeysPath"/> holds at the moment.</summary>
    public IReadOnlyList<ApiKey> MadeKeys { get; init; } = [];

    /// <summary>Their file, which need not be there; null for none.</summary>
    public string? MadeKeysPath { get; init; }
}
