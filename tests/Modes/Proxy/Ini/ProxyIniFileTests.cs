using Deploy.Config;
using Deploy.Logs;
using Deploy.Modes.Proxy;
using Deploy.Modes.Proxy.Ini;
using Deploy.Security;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Xunit;

namespace Deploy.Tests.Modes.Proxy.Ini;

public class ProxyIniFileTests
{
    [Fact]
    public void Broken_files_say_all_that_is_wrong_with_them() =>
        Golden.Golden.Verify(BrokenCases.Run(Path.Combine(Here(), "Broken.cases"), "deploy_proxy.ini", (path, read) => ProxyIniFile.Read(path, ProxyOverrides.None, read) switch
        {
            ProxyConfig.Valid valid => ([], valid.Warnings),
            ProxyConfig.Invalid invalid => (invalid.Errors, invalid.Warnings),
            _ => throw new InvalidOperationException(),
        }), "Broken");

    [Fact]
    public void No_message_prints_a_key() => Assert.DoesNotContain("hush", string.Join('\n', MessagesOf(File.ReadAllText(Path.Combine(Here(), "Broken.verified.txt")))), StringComparison.Ordinal);

    [Fact]
    public void The_proxy_of_the_recordings_is_read()
    {
        var (settings, warnings) = Valid(ProxyIniFile.Read("proxy_plain.ini", ProxyOverrides.None, Original));
        Assert.Equal([new IPEndPoint(IPAddress.Any, 3441)], settings.Listen);
        Assert.Equal((true, LogLevel.Debug, "/srv/example/log/proxy_plain_error.%Y%m%d.log"), (settings.Log.Write, settings.Log.Level, settings.Log.ErrorPath));
        Assert.Equal((10, 5, 256), (settings.HostTimeout.TotalSeconds, settings.HostSocketTimeout.TotalSeconds, settings.FanOut));
        Assert.Equal(["127.0.0.1"], settings.AllowedHosts);
        Assert.Null(settings.LegacyPeers);
        Assert.Equal(["web", "db", "Upper", "dup", "mixed"], settings.Groups.Keys);
        Assert.Equal(["127.0.0.1", "127.0.0.2"], settings.Groups["web"]);
        Assert.Equal(["127.0.0.1"], settings.Groups["dup"]);
        Assert.Equal(["127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.77"], settings.Hosts.Keys);
        Assert.All(settings.Hosts.Values, host => Assert.Equal((host.Name, 3440, HostWire.Legacy, "s3cret", null), (host.Address, host.Port, host.Wire, host.KeyCipher!.Reveal(), host.SslPublicKey)));

        Assert.Equal(["line-2", "line-3", "line-4", "line-6"], settings.ApiKeys.Select(key => key.Name));
        Assert.Equal(ApiKey.HashOf("keymulti").Reveal(), settings.ApiKeys[2].Sha256.Reveal());
        Assert.Equal(["web", "db"], settings.ApiKeys[2].Groups);
        Assert.Equal(["web", "db", "Upper", "dup", "bench50", "bench100", "bench200", "bench10", "bench1", "mixed"], settings.ApiKeys[0].Groups);
        Assert.Equal(["nosuchgroup"], settings.ApiKeys[3].Groups);
        Assert.Equal(6, warnings.Count); // the groups that this copy of the api file does not have
        Assert.All(warnings, text => Assert.Contains("the key of this line opens a group that [servers] does not have", text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("proxy_badkey.ini", 3461, 3440, false)]
    [InlineData("proxy_relay.ini", 3541, 3540, false)]
    [InlineData("proxy_ssl.ini", 3451, 3450, true)]
    [InlineData("proxy_x.ini", 3449, 3448, false)]
    public void Every_proxy_that_the_original_started_is_read(string file, int port, int agentPort, bool ssl)
    {
        var (settings, _) = Valid(ProxyIniFile.Read(file, ProxyOverrides.None, Original));
        Assert.Equal((port, agentPort), (settings.Listen[0].Port, settings.Hosts["127.0.0.1"].Port));
        Assert.Equal((ssl, ssl ? "/srv/example/keys/private.pem" : null), (settings.Ssl, settings.SslPrivateKey));
        Assert.Equal(ssl ? "/srv/example/keys/public.pem" : null, settings.Hosts["127.0.0.1"].SslPublicKey);
    }

    [Fact]
    public void An_empty_file_gives_the_defaults_of_the_original()
    {
        var (settings, warnings) = Valid(ProxyIniFile.Read("p.ini", ProxyOverrides.None, _ => Content(string.Empty)));
        Assert.Equal([new IPEndPoint(IPAddress.Any, 3441)], settings.Listen);
        Assert.Equal((4096, 5, (TimeSpan?)null, 10, 5), (settings.Backlog, settings.SocketTimeout.TotalSeconds, settings.MaxRequestTime, settings.HostTimeout.TotalSeconds, settings.HostSocketTimeout.TotalSeconds));
        Assert.Equal((false, LogLevel.Info, "/var/log/deploy/error.log", "/var/log/deploy/access.log"), (settings.Log.Write, settings.Log.Level, settings.Log.ErrorPath, settings.Log.AccessPath));
        Assert.Equal((null, null, false, false, "deploy::proxy:"), (settings.User, settings.Group, settings.AcceptFilter, settings.Ssl, settings.ProcessName));
        Assert.Empty(settings.ApiKeys);
        Assert.Equal(3, warnings.Count); // the default key, no allowed hosts, no api file
    }

    [Fact]
    public void Zero_waits_mean_the_defaults()
    {
        var (settings, _) = Valid(ProxyIniFile.Read("p.ini", ProxyOverrides.None, _ => Content("[client]\nthread_timeout = 0\nsocket_timeout = 0\n")));
        Assert.Equal((10, 5), (settings.HostTimeout.TotalSeconds, settings.HostSocketTimeout.TotalSeconds));
    }

    [Fact]
    public void A_host_of_the_api_file_may_name_its_port()
    {
        var (settings, _) = Valid(ProxyIniFile.Read("p.ini", ProxyOverrides.None, path => Content(path == "p.ini" ? "[client]\nport = 9\n[api]\npath = /api\n" : "[servers]\nweb[] = web-1:7\nweb[] = [::1]:8\nweb[] = ::2\n")));
        Assert.Equal([("web-1", 7), ("::1", 8), ("::2", 9)], settings.Hosts.Values.Select(host => (host.Address, host.Port)));
    }

    [Fact]
    public void A_key_with_bytes_that_are_no_text_is_kept_as_it_stands()
    {
        var (settings, _) = Valid(ProxyIniFile.Read("p.ini", ProxyOverrides.None, path => path == "p.ini" ? Content("[api]\npath = /api\n") : new FileContent.Read((byte[])[.. "[keys]\nk"u8, 0xE9, .. "[] = web\n"u8])));
        Assert.Equal(ApiKey.HashOf("k\uDCE9").Reveal(), settings.ApiKeys[0].Sha256.Reveal());
    }

    [Fact]
    public void Random_files_are_settings_or_errors()
    {
        var random = new Random(20261125);
        string[] pieces =
        [
            "[server]\n", "[client]\n", "[allow::hosts]\n", "[api]\n", "[keys]\n", "[servers]\n", "port", "key_cipher", "host[]", "path", "ssl", "ssl_public_key", "web[]", "thread_timeout",
            " = ", " = ", "\n", "\n", "\n", "1", "true", "/api", "web,db", "a-[1-3]", "é", "\0", "[", "]", "0", "99999999999", ":", "::1",
        ];
        for (int round = 0; round < 20_000; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => pieces[random.Next(pieces.Length)]));
            var config = ProxyIniFile.Read("p.ini", ProxyOverrides.None, _ => Content(text));
            Assert.True(config is ProxyConfig.Valid or ProxyConfig.Invalid { Errors.Count: > 0 }, text);
        }
    }

    private static IEnumerable<string> MessagesOf(string golden) => golden.Split('\n').Where(line => line.StartsWith("error: ", StringComparison.Ordinal) || line.StartsWith("warning: ", StringComparison.Ordinal));

    private static (ProxySettings Settings, List<string> Warnings) Valid(ProxyConfig config)
    {
        Assert.True(config is ProxyConfig.Valid, config is ProxyConfig.Invalid invalid ? string.Join('\n', invalid.Errors) : string.Empty);
        var valid = (ProxyConfig.Valid)config;
        return (valid.Settings, valid.Warnings.Select(warning => warning.ToString()).ToList());
    }

    /// <summary>The files that the recordings were made with; the api file by the name that they give it.</summary>
    private static FileContent Original(string path) => ConfigFile.Read(Path.Combine(Here(), "Original", Path.GetFileName(path)));

    private static FileContent.Read Content(string text) => new(Encoding.UTF8.GetBytes(text));

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
