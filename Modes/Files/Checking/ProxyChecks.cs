using Deploy.Config;
using Deploy.Modes.Proxy;

namespace Deploy.Modes.Files.Checking;

/// <summary>What a valid proxy configuration has that will hurt on this host.</summary>
internal static class ProxyChecks
{
    /// <summary>A warning for each, with the place of the setting where the file has it.</summary>
    public static IEnumerable<ConfigWarning> Find(ProxySettings settings, Func<string, Position> place) =>
    [
        .. settings.Ssl ? SecretChecks.PrivateKey(settings.SslPrivateKey, place("legacy.ssl_private_key")) : [],
        .. settings.Hosts.Values.Select(host => host.SslPublicKey).OfType<string>().Distinct().SelectMany(file => SecretChecks.PublicKey(file, place("hosts"))),
        .. settings.Hosts.Values.Select(host => host.KeyCipherFile).Distinct().SelectMany(file => SecretChecks.File(file, place("hosts"))),
        .. settings.Ssl ? SecretChecks.UnreadableTo(settings.User, settings.SslPrivateKey, place("legacy.ssl_private_key")) : [],
        .. settings.Hosts.Values.SelectMany(host => new[] { host.KeyCipherFile, host.SslPublicKey }).Distinct().SelectMany(file => SecretChecks.UnreadableTo(settings.User, file, place("hosts"))),
        .. AllowChecks.Hosts(settings.AllowedHosts, place("allow.hosts")),
        .. LogChecks.Find(settings.Log, settings.User, place),
    ];
}
