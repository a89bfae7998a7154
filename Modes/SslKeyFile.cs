using Deploy.Config;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Text;
using Deploy.Modes.Daemon;
using Deploy.Modes.Files.Checking;
using Deploy.Modes.Proxy;
using Deploy.Protocol.Ssl;

namespace Deploy.Modes;

/// <summary>Loads the key files of the original's ssl form, when they are needed and not before: whoever does not speak it does not pay for OpenSSL.</summary>
internal static class SslKeyFile
{
    /// <summary>The settings with the private key that they name, where ssl is on.</summary>
    /// <param name="settings">An agent's or a proxy's.</param>
    /// <param name="places">Where its file sets what.</param>
    /// <exception cref="UserError">It cannot be had; names the place, the file and why.</exception>
    public static TSettings Load<TSettings>(TSettings settings, IReadOnlyDictionary<string, Position> places)
        where TSettings : DaemonSettings
    {
        if (!settings.Ssl)
        {
            return settings;
        }

        string? mistake = PrivateMistake(settings.SslPrivateKey, out var key);
        return mistake is null ? settings with { SslKey = key } : throw Error(mistake, places, "server.ssl_private_key", "legacy.ssl_private_key");
    }

    /// <summary>What a daemon says at its start of the private key that is in force, and of one that is not.</summary>
    /// <param name="settings">An agent's or a proxy's.</param>
    /// <param name="places">Where its file sets what.</param>
    /// <param name="given">What the command line has.</param>
    /// <param name="file">The daemon's file.</param>
    public static IEnumerable<ConfigWarning> Warnings(DaemonSettings settings, IReadOnlyDictionary<string, Position> places, DaemonOverrides given, string file) =>
        settings.Ssl ? SecretChecks.File(settings.SslPrivateKey, Place(places, "server.ssl_private_key", "legacy.ssl_private_key") ?? Position.Whole(file))
        : given.SslPrivateKey is not null ? [new ConfigWarning(Position.Whole(file), "--ssl-private-key has no effect without ssl = true here")]
        : [];

    /// <summary>The same of the proxy's word for its agents.</summary>
    public static IEnumerable<ConfigWarning> HostWarnings(ProxySettings settings, ProxyOverrides given, string file) =>
        given.ClientSslPublicKey is not null && settings.Hosts.Values.All(host => host.SslPublicKey is null)
            ? [new ConfigWarning(Position.Whole(file), "--client-ssl-public-key has no effect: no host of it is asked in the ssl form (ssl = true in [client], or ssl_public_key of a host)")]
            : [];

    /// <summary>The settings with the public keys of those hosts that have one; each file is read once.</summary>
    /// <exception cref="UserError">As <see cref="Load"/>.</exception>
    public static ProxySettings LoadHosts(ProxySettings settings, IReadOnlyDictionary<string, Position> places)
    {
        var keys = new Dictionary<string, PublicKey>(StringComparer.Ordinal);
        foreach (string path in settings.Hosts.Values.Select(host => host.SslPublicKey).OfType<string>().Distinct())
        {
            string? mistake = PublicMistake(path, out var key);
            keys[path] = mistake is null ? key! : throw Error(mistake, places, "client.ssl_public_key", "hosts");
        }

        return keys.Count == 0 ? settings : settings with
        {
            Hosts = settings.Hosts.ToDictionary(host => host.Key, host => host.Value.SslPublicKey is { } path ? host.Value with { SslKey = keys[path] } : host.Value, HostName.Comparer),
        };
    }

    /// <summary>The public key that a command line names.</summary>
    /// <exception cref="UserError">It cannot be had.</exception>
    public static PublicKey Public(string path) =>
        PublicMistake(path, out var key) is { } mistake ? throw new UserError("--ssl-public-key: " + mistake, ExitCodes.Failed, "nothing was sent; the file is public.pem of the pair whose private key the host has, see deploy keygen legacy --help") : key!;

    /// <summary>What is wrong with the file of a private key, null for nothing.</summary>
    public static string? PrivateMistake(string? path, out PrivateKey? key)
    {
        key = null;
        return Read(path, out var bytes) ?? Named("ssl_private_key", path, (key = PrivateKey.Read(bytes.Span, out string? mistake)) is null ? mistake : null);
    }

    /// <summary>What is wrong with the file of a public key, null for nothing.</summary>
    public static string? PublicMistake(string path, out PublicKey? key)
    {
        key = null;
        return Read(path, out var bytes) ?? Named("ssl_public_key", path, (key = PublicKey.Read(bytes.Span, out string? mistake)) is null ? mistake : null);
    }

    private static string? Read(string? path, out ReadOnlyMemory<byte> bytes)
    {
        var content = RegularFile.Read(path ?? string.Empty);
        bytes = (content as FileContent.Read)?.Bytes ?? default;
        return content is FileContent.Unreadable(var why) ? Named("the key file", path, "cannot be read: " + why) : null;
    }

    private static string? Named(string what, string? path, string? mistake) => mistake is null ? null : $"{what} '{SafeText.Of(path ?? string.Empty)}' {mistake}";

    private static Position? Place(IReadOnlyDictionary<string, Position> places, params string[] names) =>
        names.FirstOrDefault(places.ContainsKey) is { } name ? places[name] : null;

    private static UserError Error(string mistake, IReadOnlyDictionary<string, Position> places, params string[] names)
    {
        return new UserError(Place(places, names) is { } at ? $"{SafeText.Of(at.ToString())}: {mistake}" : mistake, ExitCodes.Configuration, "make a pair with deploy keygen legacy, or name the right file");
    }
}
