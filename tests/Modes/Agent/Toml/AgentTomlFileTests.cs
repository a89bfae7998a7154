using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Deploy.Config;
using Deploy.Jobs.Commands;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Modes.Agent;
using Deploy.Modes.Agent.Toml;
using Xunit;

namespace Deploy.Tests.Modes.Agent.Toml;

public class AgentTomlFileTests
{
    private const string Minimal = "[allow]\nhosts = [\"127.0.0.1\"]\npaths = [\"/srv\"]\n[legacy]\nmode = \"loopback\"\nkey_cipher_file = \"/k\"\n";

    [Fact]
    public void Broken_files_say_all_that_is_wrong_with_them() =>
        Golden.Golden.Verify(BrokenCases.Run(Path.Combine(Here(), "Broken.cases"), "agent.toml", (path, read) => AgentTomlFile.Read(path, AgentOverrides.None, "web-001", read) switch
        {
            AgentConfig.Valid valid => ([], valid.Warnings),
            AgentConfig.Invalid invalid => (invalid.Errors, invalid.Warnings),
            _ => throw new InvalidOperationException(),
        }), "Broken");

    [Fact]
    public void The_least_file_gives_the_defaults()
    {
        var (settings, warnings, _) = Valid(Minimal);
        Assert.Empty(warnings);
        Assert.Equal(["web-001", "web-001.example.net"], settings.Names);
        Assert.Equal([new IPEndPoint(IPAddress.Any, 3440)], settings.Listen);
        Assert.Equal((4096, TimeSpan.FromSeconds(5), (TimeSpan?)null), (settings.Backlog, settings.SocketTimeout, settings.MaxRequestTime));
        Assert.Equal((TimeSpan.FromMinutes(5), 1 << 20, TimeSpan.FromSeconds(30)), (settings.MaxCommandTime, settings.OutputCapBytes, settings.ShutdownGrace));
        Assert.Equal(["127.0.0.0/8", "::1"], settings.LegacyPeers);
        Assert.Equal(("the key", "/k"), (settings.KeyCipher!.Reveal(), settings.KeyCipherFile));
        Assert.Equal((LogLevel.Info, null, null), (settings.Log.Level, settings.User, settings.Group));
        Assert.Empty(settings.Groups);
        Assert.Empty(settings.Commands);
        var free = settings.FreeForm; // an order of its own is held to what a group without keys is
        Assert.Equal((true, false, true, TimeSpan.FromHours(1)), (free.SafeLinks, free.Devices, free.DelayUpdates, free.HostTimeout!.Value));
        Assert.Equal((100, 25), (free.DeleteLimits.MaxDelete, free.DeleteLimits.MaxDeletePercent));
    }

    [Fact]
    public void Every_key_reaches_its_setting()
    {
        var (settings, _, places) = Valid("""
            [agent]
            names = ["a", "b", "A"]
            listen = ["127.0.0.1:4000", "[::1]:4001"]
            backlog = 9
            accept_filter = true
            user = "u"
            group = "g"
            socket_timeout = "1m30s"
            max_request_time = "2m"
            max_order_lifetime = "5d"
            max_command_time = "3m"
            max_command_output = "2KiB"
            shutdown_grace = "0s"
            [allow]
            hosts = ["10.0.0.0/8", "deploy.example.net"]
            paths = ["/srv", "/data"]
            [legacy]
            mode = ["10.0.0.0/8"]
            key_cipher_file = "/k"
            ssl = true
            ssl_private_key = "/p.pem"
            [log]
            level = "debug"
            [sync."my site"]
            origin = "o::m/p/"
            target = "/srv/site"
            options = ["--archive"]
            exclude = ["a b"]
            include = ["c"]
            rsync = "/opt/rsync"
            rsh = "ssh -p 22"
            password_file = "/pw"
            delay_updates = false
            safe_links = false
            devices = true
            host_timeout = "2h"
            health_check = "ok"
            require_mount = "/srv"
            marker = ".here"
            guard = { max_delete = "none", max_delete_percent = 50, protect = ["up/**"] }
            [command.ok]
            argv = ["/bin/ok", "{n}"]
            n = { int = [1, 5] }
            timeout = "7s"
            """);
        Assert.Equal(["a", "b"], settings.Names);
        Assert.Equal([IPEndPoint.Parse("127.0.0.1:4000"), IPEndPoint.Parse("[::1]:4001")], settings.Listen);
        Assert.Equal((9, true, "u", "g"), (settings.Backlog, settings.AcceptFilter, settings.User, settings.Group));
        Assert.Equal((90, 120, 180, 0), (settings.SocketTimeout.TotalSeconds, settings.MaxRequestTime!.Value.TotalSeconds, settings.MaxCommandTime.TotalSeconds, settings.ShutdownGrace.TotalSeconds));
        Assert.Equal(5, settings.MaxOrderLifetime.TotalDays);
        Assert.Equal((2048, LogLevel.Debug, true, "/p.pem"), (settings.OutputCapBytes, settings.Log.Level, settings.Ssl, settings.SslPrivateKey));
        Assert.Equal(["10.0.0.0/8", "deploy.example.net"], settings.AllowedHosts);
        Assert.Equal(["/srv", "/data"], settings.AllowedPaths);
        var group = settings.Groups["my site"];
        Assert.Equal(("o::m/p/", "/srv/site", "/opt/rsync", "ssh -p 22"), (group.Origin, group.Target, group.Rsync, group.Rsh));
        Assert.Equal("--archive|a b|c", string.Join('|', [.. group.Options!, .. group.Excludes, .. group.Includes]));
        Assert.Equal((false, false, true, TimeSpan.FromHours(2)), (group.DelayUpdates, group.SafeLinks, group.Devices, group.HostTimeout));
        Assert.Equal(("/pw", "ok", "/srv", ".here"), (group.PasswordFile, group.HealthCheck, group.Presence.Mount, group.Presence.Marker));
        Assert.Equal((null, 50), (group.DeleteLimits.MaxDelete, group.DeleteLimits.MaxDeletePercent));
        Assert.Equal(["up/**"], group.DeleteLimits.Protect);
        Assert.Equal(TimeSpan.FromSeconds(7), settings.Commands["ok"].Timeout);
        Assert.IsType<TypedCommand>(settings.Commands["ok"].Form);
        Assert.Equal(new Position("agent.toml", 39, 1), places["sync.\"my site\".marker"]);
        Assert.Equal(new Position("agent.toml", 4, 1), places["agent.backlog"]);
    }

    [Fact]
    public void The_command_line_beats_the_file_and_the_environment_does_not()
    {
        var overrides = new AgentOverrides { Port = 0, KeyCipher = new Secret("mine"), LogErrorLevel = LogLevel.Error, KeyCipherIfAbsent = new Secret("env") };
        Assert.Equal((0, "mine", LogLevel.Error), Valid(Minimal, overrides) is var (over, _, _) ? (over.Listen[0].Port, over.KeyCipher!.Reveal(), over.Log.Level) : default);
        Assert.Equal("the key", Valid(Minimal, overrides with { KeyCipher = null }).Settings.KeyCipher!.Reveal());
    }

    [Fact]
    public void A_key_from_the_environment_needs_no_file() =>
        Assert.Equal("env", Valid("[legacy]\nmode = \"loopback\"\n", new AgentOverrides { KeyCipherIfAbsent = new Secret("env") }).Settings.KeyCipher!.Reveal());

    [Fact]
    public void A_key_is_never_printed()
    {
        var config = (AgentConfig.Invalid)AgentTomlFile.Read("agent.toml", AgentOverrides.None, "h", path => Content(path == "agent.toml" ? "[legacy]\nmode = \"loopback\"\nkey_cipher = \"hush\"\nkey_cipher_file = \"/k\"\n" : "hush\n"));
        Assert.DoesNotContain(config.Errors, error => error.ToString().Contains("hush", StringComparison.Ordinal));
    }

    [Fact]
    public void Random_files_are_settings_or_errors()
    {
        var random = new Random(20261123);
        string[] pieces =
        [
            "[agent]\n", "[allow]\n", "[legacy]\n", "[log]\n", "[secure]\n", "[sync.a]\n", "[sync.a.guard]\n", "[command.b]\n", "[[sync]]\n", "hosts", "paths", "mode", "names", "listen", "origin", "target", "options",
            "guard", "argv", "verb", "timeout", "max_delete", "health_check", " = ", " = ", " = ", "\n", "\n", "\n", "\"", "\"/srv\"", "\"5s\"", "5", "-1", "true", "[", "]", "[\"{verb}\"]", "[\"/bin/x\", \"{verb}\"]",
            "{ enum = [\"x\"] }", "{ words = true }", "{}", "\"loopback\"", "\"b\"", "'", "#", "é", "\0", ".",
        ];
        for (int round = 0; round < 20_000; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => pieces[random.Next(pieces.Length)]));
            var config = AgentTomlFile.Read("agent.toml", AgentOverrides.None, "h", path => path == "agent.toml" ? Content(text) : new FileContent.Unreadable("no such file"));
            Assert.True(config is AgentConfig.Valid or AgentConfig.Invalid { Errors.Count: > 0 }, text);
        }
    }

    private static (AgentSettings Settings, List<string> Warnings, IReadOnlyDictionary<string, Position> Places) Valid(string text, AgentOverrides? overrides = null)
    {
        var config = AgentTomlFile.Read("agent.toml", overrides ?? AgentOverrides.None, "web-001.example.net", path => Content(path == "agent.toml" ? text : "the key\n"));
        Assert.True(config is AgentConfig.Valid, config is AgentConfig.Invalid invalid ? string.Join('\n', invalid.Errors) : string.Empty);
        var valid = (AgentConfig.Valid)config;
        return (valid.Settings, valid.Warnings.Select(warning => warning.ToString()).ToList(), valid.Places);
    }

    private static FileContent.Read Content(string text) => new(Encoding.UTF8.GetBytes(text));

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
