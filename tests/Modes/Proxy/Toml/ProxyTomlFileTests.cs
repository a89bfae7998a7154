using Deploy.Config;
using Deploy.Logs;
using Deploy.Modes.Proxy;
using Deploy.Modes.Proxy.Toml;
using Deploy.Security;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Xunit;

namespace Deploy.Tests.Modes.Proxy.Toml;

public class ProxyTomlFileTests
{
    private const string Minimal = "[allow]\nhosts = [\"127.0.0.1\"]\n[legacy]\nmode = \"loopback\"\n[hosts]\ndefaults = { wire = \"legacy\", key_cipher_file = \"/k\" }\n";
    private const string Hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"; // of "test"

    [Fact]
    public void Broken_files_say_all_that_is_wrong_with_them() =>
        Golden.Golden.Verify(BrokenCases.Run(Path.Combine(Here(), "Broken.cases"), "proxy.toml", (path, read) => ProxyTomlFile.Read(path, ProxyOverrides.None, read) switch
        {
            ProxyConfig.Valid valid => ([], valid.Warnings),
            ProxyConfig.Invalid invalid => (invalid.Errors, invalid.Warnings),
            _ => throw new InvalidOperationException(),
        }), "Broken");

    [Fact]
    public void The_defaults_are_those_of_the_reference()
    {
        var (settings, _) = Valid(Minimal);
        Assert.Equal([new IPEndPoint(IPAddress.Any, 3441)], settings.Listen);
        Assert.Equal((256, 10, 10, 5), (settings.FanOut, settings.HostTimeout.TotalSeconds, settings.HostSocketTimeout.TotalSeconds, settings.SocketTimeout.TotalSeconds));
        Assert.Equal((4096, (TimeSpan?)null, 30, LogLevel.Info), (settings.Backlog, settings.MaxRequestTime, settings.ShutdownGrace.TotalSeconds, settings.Log.Level));
        Assert.Equal(["127.0.0.0/8", "::1"], settings.LegacyPeers);
        Assert.Equal((true, "stderr", string.Empty), (settings.Log.Write, settings.Log.ErrorPath, settings.Log.AccessPath));
    }

    [Fact]
    public void Every_key_reaches_its_setting()
    {
        var (settings, warnings) = Valid($$"""
            [proxy]
            listen = ["127.0.0.1:4000", "[::1]:4001"]
            backlog = 9
            accept_filter = true
            user = "u"
            group = "g"
            socket_timeout = "6s"
            max_request_time = "2m"
            shutdown_grace = "1s"
            fan_out = 7
            host_timeout = "20s"
            host_socket_timeout = "4s"
            [allow]
            hosts = ["10.0.0.0/8"]
            [legacy]
            mode = ["10.0.0.0/8"]
            ssl = true
            ssl_private_key = "/p.pem"
            [log]
            level = "debug"
            error = "/var/log/e"
            access = "/var/log/a"
            [hosts]
            defaults = { port = 3450, wire = "legacy", key_cipher_file = "/k", ssl_public_key = "/s.pem" }
            "web-[09-10]" = {}
            "db-001" = { address = "10.2.0.7", port = 1, key_cipher_file = "/other", ssl_public_key = "/t.pem", pin = "deploy1-3Q5W536-7KDMGMZ-4JYE4SR-XGNAGVT-E7YMA62-RBYHCQT-SO5OUZB-JGC6BAO" }
            "::1" = { port = 2 }
            [hosts."edge-1.example.net"]
            wire = "v1"
            [groups]
            web = "web-[09-10]"
            all = '''
            @web, db-001,
            ::1
            '''
            most = "@all,!web-09"
            protected = ["all", "web", "all"]
            [api_keys.ci]
            sha256 = "{{Hash.ToUpperInvariant()}}"
            groups = ["web", "most", "web"]
            [api_keys."the night shift"]
            sha256 = "{{Hash.Replace('9', '8')}}"
            groups = ["all"]
            """);
        Assert.Equal([IPEndPoint.Parse("127.0.0.1:4000"), IPEndPoint.Parse("[::1]:4001")], settings.Listen);
        Assert.Equal((9, true, "u", "g"), (settings.Backlog, settings.AcceptFilter, settings.User, settings.Group));
        Assert.Equal((6, 120, 1, 7), (settings.SocketTimeout.TotalSeconds, settings.MaxRequestTime!.Value.TotalSeconds, settings.ShutdownGrace.TotalSeconds, settings.FanOut));
        Assert.Equal((20, 4), (settings.HostTimeout.TotalSeconds, settings.HostSocketTimeout.TotalSeconds));
        Assert.Equal((true, "/p.pem", true, "/var/log/e", "/var/log/a"), (settings.Ssl, settings.SslPrivateKey, settings.Log.Write, settings.Log.ErrorPath, settings.Log.AccessPath));
        Assert.Equal(["10.0.0.0/8"], settings.AllowedHosts);
        Assert.Equal(["10.0.0.0/8"], settings.LegacyPeers);

        Assert.Equal(["web-09", "web-10", "db-001", "::1", "edge-1.example.net"], settings.Hosts.Keys);
        var web = settings.Hosts["WEB-09"];
        Assert.Equal(("web-09", "web-09", 3450, HostWire.Legacy), (web.Name, web.Address, web.Port, web.Wire));
        Assert.Equal(("key of /k", "/k", "/s.pem", null), (web.KeyCipher!.Reveal(), web.KeyCipherFile, web.SslPublicKey, web.Pin));
        var db = settings.Hosts["db-001"];
        Assert.Equal(("10.2.0.7", 1, "key of /other", "/t.pem", "deploy1-3Q5W536-7KDMGMZ-4JYE4SR-XGNAGVT-E7YMA62-RBYHCQT-SO5OUZB-JGC6BAO"), (db.Address, db.Port, db.KeyCipher!.Reveal(), db.SslPublicKey, db.Pin));
        Assert.Equal(("::1", 2), (settings.Hosts["[::1]"].Address, settings.Hosts["::1"].Port));
        Assert.Equal(HostWire.V1, settings.Hosts["edge-1.example.net"].Wire);

        Assert.Equal(["web-09", "web-10", "db-001", "::1"], settings.Groups["all"]);
        Assert.Equal(["web-10", "db-001", "::1"], settings.Groups["most"]);
        Assert.Equal(["all", "web"], settings.Protected);
        Assert.Equal(["ci", "the night shift"], settings.ApiKeys.Select(key => key.Name));
        Assert.Equal((Hash, ApiKey.HashOf("test").Reveal()), (settings.ApiKeys[0].Sha256.Reveal(), Hash));
        Assert.Equal(["web", "most"], settings.ApiKeys[0].Groups);
        Assert.Empty(warnings);
    }

    [Fact]
    public void No_key_and_no_hash_is_ever_printed()
    {
        var config = ProxyTomlFile.Read("p", ProxyOverrides.None, path => Content(path == "p"
            ? Minimal + "x = { key_cipher = \"hush\" }\n[api_keys.a]\nsha256 = \"hush\"\nkey = \"hush\"\n[api_keys.b]\nsha256 = [\"hush\"]\n"
            : "hush\n"));
        var invalid = Assert.IsType<ProxyConfig.Invalid>(config);
        Assert.Equal(4, invalid.Errors.Count);
        Assert.DoesNotContain(invalid.Errors, error => error.ToString().Contains("hush", StringComparison.Ordinal));
        Assert.DoesNotContain("hush", config.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_thousand_hosts_and_groups_are_read()
    {
        string hosts = string.Concat(Enumerable.Range(0, 100).Select(rack => $"\"r{rack}-[001-100]\" = {{}}\n"));
        string groups = string.Concat(Enumerable.Range(0, 100).Select(rack => $"r{rack} = \"r{rack}-[001-100]\"\n"));
        string all = string.Join(',', Enumerable.Range(0, 100).Select(rack => $"@r{rack}"));
        var (settings, _) = Valid($"{Minimal}{hosts}[groups]\n{groups}all = \"{all}\"\n");
        Assert.Equal((10_000, 10_000), (settings.Hosts.Count, settings.Groups["all"].Count));
    }

    [Fact]
    public void Random_files_are_settings_or_errors()
    {
        var random = new Random(20261124);
        string[] pieces =
        [
            "[proxy]\n", "[allow]\n", "[legacy]\n", "[hosts]\n", "[groups]\n", "[api_keys.a]\n", "[[hosts]]\n", "[hosts.x]\n", "defaults", "\"a-[1-3]\"", "b", "web", "protected", "wire", "address", "sha256", "groups", "key_cipher_file",
            " = ", " = ", " = ", "\n", "\n", "\n", "{}", "{ wire = \"legacy\" }", "\"legacy\"", "\"@web,b\"", "\"@b\"", "\"a-[1-2],!a-1\"", "\"&\"", "\"[\"", "[\"web\"]", "5", "true", "\"", "'", "[", "]", "é", "\0", "mode = \"loopback\"\n",
        ];
        for (int round = 0; round < 20_000; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => pieces[random.Next(pieces.Length)]));
            var config = ProxyTomlFile.Read("p", ProxyOverrides.None, path => path == "p" ? Content(text) : new FileContent.Unreadable("no such file"));
            Assert.True(config is ProxyConfig.Valid or ProxyConfig.Invalid { Errors.Count: > 0 }, text);
        }
    }

    private static (ProxySettings Settings, List<string> Warnings) Valid(string text)
    {
        var config = ProxyTomlFile.Read("p", ProxyOverrides.None, path => Content(path == "p" ? text : $"key of {path}\n"));
        Assert.True(config is ProxyConfig.Valid, config is ProxyConfig.Invalid invalid ? string.Join('\n', invalid.Errors) : string.Empty);
        var valid = (ProxyConfig.Valid)config;
        return (valid.Settings, valid.Warnings.Select(warning => warning.ToString()).ToList());
    }

    private static FileContent.Read Content(string text) => new(Encoding.UTF8.GetBytes(text));

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
