using System.Net;
using Deploy.Config;
using Deploy.Config.Ini;
using Deploy.Model.Hosts;
using Deploy.Modes.Binding;
using Deploy.Modes.Binding.Ini;
using Deploy.Modes.Binding.Toml;

namespace Deploy.Modes.Proxy.Ini;

/// <summary>Reads the INI file of the original's proxy and its api file; nothing else is read.</summary>
internal static class ProxyIniFile
{
    private static readonly string[] Sections = ["server", "client", "allow::hosts", "api"];

    /// <summary>The settings in this file, or every error in it and in its api file.</summary>
    /// <param name="path">The proxy's INI file.</param>
    /// <param name="overrides">What the command line says.</param>
    /// <param name="read">Reads a file: <see cref="ConfigFile.Read"/>, or what a test has.</param>
    public static ProxyConfig Read(string path, ProxyOverrides overrides, Func<string, FileContent> read)
    {
        var report = new ConfigReport();
        if (IniFile.Load(path, read, report) is not { } document)
        {
            return new ProxyConfig.Invalid(report.Errors, report.Warnings);
        }

        WarnOfUnknownSections(document, report);
        var server = ServerSection.Bind(new SectionBinder("server", document.Section("server"), report), IniFile.Begin(document, "server"), report);
        var client = ClientSection.Bind(new SectionBinder("client", document.Section("client"), report), IniFile.Begin(document, "client"), overrides.ClientSslPublicKey, report);
        CheckServer(server, overrides.SslPrivateKey ?? server.SslPrivateKey, report);
        var hosts = IniFile.AllowedHosts(document, report);
        var api = ApiFile.Load(document, read, report);
        var secure = SecureTable.Beside(path);
        var settings = overrides.Over(From(server) with
        {
            IsOriginals = true,
            HostKeyFile = secure.HostKey,
            OperatorsFile = secure.Operators,
            ProxyKeyFile = secure.ProxyKey,
            KnownAgentsFile = secure.KnownAgents,
            HostTimeout = client.ThreadTimeout ?? new ProxySettings().HostTimeout,
            HostSocketTimeout = client.SocketTimeout ?? new ProxySettings().HostSocketTimeout,
            AllowedHosts = hosts,
            Hosts = HostsOf(api, client),
            Groups = api.Groups,
            ApiKeys = api.Keys,
        });
        return report.Errors.Count > 0 ? new ProxyConfig.Invalid(report.Errors, report.Warnings) : new ProxyConfig.Valid(settings, report.Warnings, report.Places);
    }

    private static ProxySettings From(ServerSection server)
    {
        var settings = new ProxySettings();
        return settings with
        {
            Listen = [new IPEndPoint(server.Addr ?? IPAddress.Any, server.Port ?? ProxySettings.DefaultPort)],
            Backlog = server.Backlog ?? settings.Backlog,
            AcceptFilter = server.AcceptFilter ?? settings.AcceptFilter,
            User = server.User,
            Group = server.Group,
            SocketTimeout = server.SocketTimeout is { Ticks: > 0 } wait ? wait : settings.SocketTimeout,
            MaxRequestTime = server.MaxProcessTimeout is { Ticks: > 0 } most ? most : null,
            Ssl = server.Ssl ?? settings.Ssl,
            SslPrivateKey = server.SslPrivateKey,
            Log = server.Log(settings.Log),
            ProcessName = server.ProcessName ?? settings.ProcessName,
        };
    }

    /// <summary>Every host of a group; the original reached no others.</summary>
    private static Dictionary<string, ProxyHost> HostsOf(ApiFile api, ClientSection client)
    {
        var hosts = new Dictionary<string, ProxyHost>(HostName.Comparer);
        foreach (string name in api.Groups.Values.SelectMany(group => group))
        {
            var (address, port) = HostName.Split(name);
            hosts.TryAdd(name, new ProxyHost
            {
                Name = name,
                Address = address,
                Port = port > 0 ? port : client.Port ?? ProxyHost.DefaultPort,
                HasOwnPort = port > 0,
                Wire = HostWire.Legacy,
                KeyCipher = client.KeyCipher,
                SslPublicKey = client.SslPublicKey,
            });
        }

        return hosts;
    }

    private static void CheckServer(ServerSection server, string? sslPrivateKey, ConfigReport report)
    {
        if (server.KeyCipher is not null)
        {
            report.Warn(server.KeyCipherAt, "key_cipher has no effect in [server]: clients give an API key; the agents' key stands in [client]");
        }

        if (server.Ssl == true && sslPrivateKey is null)
        {
            report.Error(server.SslAt, "ssl is on, and there is no ssl_private_key: expected the path of a PEM file");
        }
        else if (server.Ssl == true)
        {
            report.Warn(server.SslAt, "ssl is the original's own encryption, not TLS: plain orders are refused, and whoever records traffic and gets the key reads all of it");
        }
    }

    private static void WarnOfUnknownSections(IniDocument document, ConfigReport report)
    {
        foreach (var section in document.Sections.Where(section => !Sections.Contains(section.Name)))
        {
            string hint = NearestName.Find(section.Name, Sections) is { } nearest ? $"; did you mean [{nearest}]?"
                : section.Name is "keys" or "servers" ? "; it belongs into the api file, [api] path"
                : string.Empty;
            report.Warn(section.Position, section.Name == IniDocument.NoSection
                ? "a key before any [section] has no effect"
                : $"unknown section [{section.Name}]: its keys have no effect{hint}");
        }
    }
}
