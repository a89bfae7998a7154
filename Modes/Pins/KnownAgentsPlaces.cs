using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Text;
using Deploy.Modes.Agent;
using Deploy.Modes.Client;
using Deploy.Modes.Signing;
using Deploy.Protocol.V1;
using Deploy.Security.Channel;

namespace Deploy.Modes.Pins;

/// <summary>The client's files of known keys: the one that is named, else the user's and then the host's.</summary>
/// <param name="named">From the command line, else client.toml; null for neither.</param>
/// <param name="isOption">Whether the command line names it: then a command line that is proposed does, too.</param>
internal sealed class KnownAgentsPlaces(string? named, bool isOption)
{
    public const string SystemPath = "/etc/deploy/known_agents";

    private IReadOnlyList<KnownAgents>? read;

    /// <summary>What a proxy that goes by the file needs when it was changed; null where the command line names none: then the file is the client's own.</summary>
    public string? Reloading => isOption ? $"a proxy that goes by {SafeText.Of(named!)} takes this from when it is reloaded: systemctl reload deploy-proxy" : null;

    /// <summary>Where keys are looked for, in this order.</summary>
    public IReadOnlyList<string> Files { get; } = named is not null ? [named]
        : ClientFile.Folder(Surroundings.Variable("XDG_CONFIG_HOME"), Surroundings.Home) is { } folder ? [Path.Combine(folder, "known_agents"), SystemPath] : [SystemPath];

    /// <summary>What these files have, read once.</summary>
    /// <exception cref="UserError">One cannot be read, or has a mistake.</exception>
    public IReadOnlyList<KnownAgents> Read() => read ??= [.. Files.Select(file => KnownAgentsFile.Load(file))];

    /// <summary>For the wire; the files are read now.</summary>
    /// <exception cref="UserError">As <see cref="Read"/>.</exception>
    /// <param name="says">Takes lines for whoever reads.</param>
    /// <param name="signing">Signs what is asked.</param>
    public KnownKeys Open(Action<string> says, RequestSigning signing)
    {
        var files = Read();
        return new KnownKeys(peer => files.Select(file => file.Find(peer.Name, peer.Host, peer.Port)).FirstOrDefault(known => known is not null), (peer, more) => Trust(peer.Host, peer.Port, more), says) { Signing = signing };
    }

    /// <summary>The command line that makes a daemon's key known.</summary>
    /// <param name="host">Its name or address.</param>
    /// <param name="port">Its TCP port.</param>
    /// <param name="more">What stands behind the host.</param>
    public string Trust(string host, int port, string more = "") =>
        $"deploy client trust {(isOption ? $"--known-agents {SafeText.Of(named!)} " : string.Empty)}{SafeText.Of(Shown(host, port))}{more}";

    /// <summary>HOST, or HOST:PORT where that is no agent's usual port.</summary>
    public static string Shown(string host, int port) =>
        port == AgentSettings.DefaultPort ? host : HostName.IsIPv6(host) ? $"[{host}]:{port}" : $"{host}:{port}";
}
