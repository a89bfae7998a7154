using System.Net;
using Deploy.Config;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Modes.Pins;
using Deploy.Protocol.V1;
using Deploy.Security;
using Deploy.Security.Channel;

namespace Deploy.Modes.Proxy;

/// <summary>The pins of a proxy's agents: those in its configuration, and those of its known_agents.</summary>
internal static class AgentPins
{
    /// <summary>The settings with the file of pins that they name, where a host is asked by v1.</summary>
    /// <exception cref="UserError">It cannot be read, or has a mistake.</exception>
    public static ProxySettings Load(ProxySettings settings)
    {
        if (settings.KnownAgentsFile is not { } path || settings.Hosts.Values.All(host => host.Wire != HostWire.V1))
        {
            return settings;
        }

        try
        {
            return settings with { KnownAgents = KnownAgentsFile.Load(path, settings.UserId) };
        }
        catch (UserError error)
        {
            throw new UserError(error.Message, ExitCodes.Configuration, "mend that line, or delete it and trust the host again: deploy client trust HOST --known-agents " + SafeText.Of(path));
        }
    }

    /// <summary>What is known of an agent's key; null for nothing.</summary>
    public static KnownAgent? Find(ProxySettings settings, V1Peer peer) =>
        settings.Hosts.GetValueOrDefault(peer.Name)?.Pin is { } pin && Pin.TryParse(pin, out var must, out _)
            ? new KnownAgent(peer.Name, peer.Host, peer.Port, must) { File = "pin in [hosts]" }
            : settings.KnownAgents?.Find(peer.Name, peer.Host, peer.Port);

    /// <summary>The command line that makes an agent's key known.</summary>
    /// <param name="settings">Those of the proxy.</param>
    /// <param name="peer">The agent.</param>
    /// <param name="more">What stands behind the host.</param>
    public static string HowToTrust(ProxySettings settings, V1Peer peer, string more = "") =>
        $"deploy client trust --known-agents {SafeText.Of(settings.KnownAgentsFile ?? KnownAgentsPlaces.SystemPath)} {SafeText.Of(KnownAgentsPlaces.Shown(peer.Host, peer.Port))}{more}, then reload the proxy";

    /// <summary>Says which hosts cannot be asked for want of a pin.</summary>
    /// <param name="settings">With the pins.</param>
    /// <param name="file">The proxy's configuration.</param>
    public static IEnumerable<ConfigWarning> Warnings(ProxySettings settings, string file)
    {
        var without = settings.Hosts.Values
            .Where(host => host.Wire == HostWire.V1 && !IsHere(host.Address) && Find(settings, new V1Peer(host.Name, host.Address, host.Port)) is null)
            .ToList();
        return without.Count == 0 ? []
            : [new ConfigWarning(Position.Whole(file), $"{without.Count} of {settings.Hosts.Count} hosts are asked by v1, are elsewhere and have no pin{NoFile(settings)}, so they are not asked; the first is {SafeText.Of(without[0].Name)}: {HowToTrust(settings, new V1Peer(without[0].Name, without[0].Address, without[0].Port))}")];
    }

    /// <summary>Says that the file of pins is not there, where it is not.</summary>
    private static string NoFile(ProxySettings settings) =>
        settings.KnownAgentsFile is not { } path ? string.Empty : FileFacts.Of(FileFacts.RealPath(Path.GetFullPath(path))) switch
        {
            null => $", since {SafeText.Of(path)} is not there",
            { IsLink: true } => $", since {SafeText.Of(path)} is a link that leads nowhere",
            _ => string.Empty,
        };

    /// <summary>False for an address that is another machine's, or may be.</summary>
    private static bool IsHere(string address) =>
        IPAddress.TryParse(address, out var literal) ? IPAddress.IsLoopback(literal) : address.Equals("localhost", StringComparison.OrdinalIgnoreCase);
}
