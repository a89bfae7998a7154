using Deploy.Config;
using Deploy.Model;
using Deploy.Modes.Binding;
using Deploy.Modes.Binding.Ini;
using Deploy.Security;

namespace Deploy.Modes.Proxy.Ini;

/// <summary>The section <c>[client]</c> of the original's proxy: how agents are asked. Null means: not in the file, the default holds.</summary>
internal sealed record ClientSection
{
    public int? Port { get; private init; }

    /// <summary>The whole wait for one host; null for 0 too, as in the original.</summary>
    public TimeSpan? ThreadTimeout { get; private init; }

    /// <summary>As <see cref="ThreadTimeout"/>, for the next byte.</summary>
    public TimeSpan? SocketTimeout { get; private init; }

    /// <summary>Possibly empty.</summary>
    public Secret? KeyCipher { get; private init; }

    /// <summary>Path of the agents' RSA key, PEM; null where the encrypted form is off.</summary>
    public string? SslPublicKey { get; private init; }

    /// <summary>Takes every key of the section and reports what is wrong with them.</summary>
    /// <param name="section">The binder of this section; its unknown keys are reported here.</param>
    /// <param name="at">Where the section begins, or the file as a whole.</param>
    /// <param name="publicKeyGiven">What the command line has in place of ssl_public_key, or null.</param>
    /// <param name="report">Takes errors and warnings.</param>
    public static ClientSection Bind(SectionBinder section, Position at, string? publicKeyGiven, ConfigReport report)
    {
        const string OldModel = "hosts are asked by one process";
        section.WithoutEffect("ipc_path", OldModel);
        section.WithoutEffect("worker_method", OldModel);
        var key = section.Kept("key_cipher");
        bool ssl = section.Flag("ssl") ?? false;
        var publicKey = IniFile.Beside(section.Scalar("ssl_public_key"));
        var client = new ClientSection
        {
            Port = section.Number("port", 1, 65535),
            ThreadTimeout = section.Seconds("thread_timeout") is { Ticks: > 0 } whole ? whole : null,
            SocketTimeout = section.Seconds("socket_timeout") is { Ticks: > 0 } next ? next : null,
            KeyCipher = key is { } cipher ? new Secret(cipher.Value) : null,
            SslPublicKey = ssl ? publicKeyGiven ?? publicKey?.Value : null,
        };
        section.WarnOfUnknownKeys();
        switch (key?.Value)
        {
            case "" or "0":
                report.Warn(key.Value.Position, "key_cipher is empty or 0: agents take no order with such a key");
                break;
            case null or LegacyKey.DefaultCipher:
                report.Warn(key?.Position ?? at, $"the key for the agents is the default, {LegacyKey.DefaultCipher}, which everybody knows: set key_cipher in [client]");
                break;
        }

        if (ssl && publicKey is null && publicKeyGiven is null)
        {
            report.Error(section.PlaceOf("ssl") ?? at, "ssl is on, and there is no ssl_public_key in [client]: expected the path of a PEM file");
        }
        else if (!ssl && publicKey is { } idle)
        {
            report.Warn(idle.Position, "ssl_public_key has no effect without ssl = true: agents are asked in the plain form");
        }

        return client;
    }
}
