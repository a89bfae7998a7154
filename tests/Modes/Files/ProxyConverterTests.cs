using System.Runtime.CompilerServices;
using System.Text;
using Deploy.Config;
using Deploy.Model.Hosts;
using Deploy.Modes.Files;
using Deploy.Modes.Proxy;
using Deploy.Modes.Proxy.Ini;
using Deploy.Modes.Proxy.Toml;
using Deploy.Tests.Architecture;
using Xunit;

namespace Deploy.Tests.Modes.Files;

/// <summary>What convert prints of a proxy's file is read as the same hosts, groups and keys.</summary>
public class ProxyConverterTests
{
    /// <summary>The recorded files of the original's proxy, and our sample.</summary>
    public static TheoryData<string> Originals =>
    [
        .. Directory.GetFiles(OriginalFolder(), "proxy_*.ini").Order(StringComparer.Ordinal).Select(path => Path.GetFileName(path)),
        "deploy_proxy.ini",
    ];

    [Theory]
    [MemberData(nameof(Originals))]
    public void A_recorded_file_means_the_same_as_TOML(string name) => AssertSame(name, Recorded);

    [Fact]
    public void A_host_with_a_port_is_its_name_with_that_port()
    {
        string toml = AssertSame("p.ini", Texts("[client]\nport = 3445\nthread_timeout = 60", "web[] = web1\nweb[] = web2:3999\nweb[] = [::1]:4000\nweb[] = fe80::1\ndb[] = web2:3999"));
        Assert.Contains("web2 = { port = 3999, wire = \"legacy\"", toml, StringComparison.Ordinal);
        Assert.Contains("host_timeout = \"1m\"\nhost_socket_timeout = \"5s\"\n", toml, StringComparison.Ordinal);
        Assert.Contains("umask 077", toml, StringComparison.Ordinal);
    }

    [Fact]
    public void What_TOML_cannot_say_is_said_and_the_rest_is_read()
    {
        var read = Texts(string.Empty, "web[] = web2:3999\nweb[] = web2:4000\nweb[] = web2:3999\nodd group[] = web3\nprotected[] = web3");
        string toml = new IniConverter(read, "h").Convert("p.ini", FileKind.Proxy);
        foreach (string comment in new[] { "# the host 'web2:4000' is left out", "# the group 'odd group' is left out", "# the group 'protected' is left out", "# the group 'none' is left out of the API keys" })
        {
            Assert.Contains(comment, toml, StringComparison.Ordinal);
        }

        Assert.Equal(["web2"], Read(toml, read).Groups["web"]);
    }

    private static string AssertSame(string name, Func<string, FileContent> read)
    {
        var settings = Assert.IsType<ProxyConfig.Valid>(ProxyIniFile.Read(name, ProxyOverrides.None, read)).Settings;
        string toml = new IniConverter(read, "h").Convert(name, FileKind.Proxy);
        var again = Read(toml, read);
        Assert.Equal(Spoken(settings), Spoken(again));
        Assert.Equal(Groups(settings), Groups(again));
        Assert.Equal(settings.ApiKeys.Select(key => (key.Name, key.Sha256.Reveal())), again.ApiKeys.Select(key => (key.Name, key.Sha256.Reveal())));
        Assert.Equal((settings.HostTimeout, settings.HostSocketTimeout, settings.SocketTimeout, settings.MaxRequestTime), (again.HostTimeout, again.HostSocketTimeout, again.SocketTimeout, again.MaxRequestTime));
        Assert.Equal((settings.Ssl, settings.SslPrivateKey, settings.Listen[0]), (again.Ssl, again.SslPrivateKey, again.Listen[0]));
        Assert.Equal(settings.AllowedHosts, again.AllowedHosts);
        return toml;
    }

    private static IEnumerable<string> Spoken(ProxySettings settings) =>
        settings.Hosts.Values.Select(host => $"{HostName.Split(host.Name).Address} {host.Address} {host.Port} {host.Wire} {host.SslPublicKey}").Order(StringComparer.Ordinal);

    private static IEnumerable<string> Groups(ProxySettings settings) => settings.Groups
        .Select(group => $"{group.Key}: {string.Join(' ', group.Value.Select(host => HostName.Split(host).Address).Order(StringComparer.Ordinal))}").Order(StringComparer.Ordinal);

    private static ProxySettings Read(string toml, Func<string, FileContent> read)
    {
        var answer = ProxyTomlFile.Read("proxy.toml", ProxyOverrides.None, path => path switch
        {
            "proxy.toml" => new FileContent.Read(Encoding.UTF8.GetBytes(toml)),
            "/etc/deploy/agent-key" => new FileContent.Read("secret\n"u8.ToArray()),
            _ => read(path),
        });
        Assert.True(answer is ProxyConfig.Valid, answer is ProxyConfig.Invalid invalid ? string.Join('\n', invalid.Errors) + "\n" + toml : string.Empty);
        return ((ProxyConfig.Valid)answer).Settings;
    }

    private static Func<string, FileContent> Texts(string client, string servers) => path => path switch
    {
        "p.ini" => new FileContent.Read(Encoding.UTF8.GetBytes(client + "\n[allow::hosts]\nhost[] = 127.0.0.1\n[api]\npath = /api.ini\n")),
        "/api.ini" => new FileContent.Read(Encoding.UTF8.GetBytes("[keys]\nk[] = web,none\n[servers]\n" + servers + "\n")),
        _ => new FileContent.Unreadable("no such file"),
    };

    private static FileContent Recorded(string path)
    {
        string name = Path.GetFileName(path);
        string[] folders = [OriginalFolder(), Path.Combine(SourceTree.Root, "packaging")];
        return ConfigFile.Read(folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists) ?? path);
    }

    private static string OriginalFolder([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "..", "Proxy", "Ini", "Original");
}
