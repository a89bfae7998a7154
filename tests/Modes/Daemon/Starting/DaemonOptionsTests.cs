using System.CommandLine;
using System.Text;
using Deploy.Config;
using Deploy.Model;
using Deploy.Modes;
using Deploy.Modes.Agent;
using Deploy.Modes.Daemon;
using Deploy.Modes.Daemon.Starting;
using Deploy.Modes.LegacyNames;
using Deploy.Modes.Proxy;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Modes.Daemon.Starting;

/// <summary>Every option of both daemons, under their modes' names and under the original's: it changes its setting and no other, and beats a file that says otherwise.</summary>
public class DaemonOptionsTests
{
    private const string Server = """
        [server]
        addr = 127.0.0.9
        port = 9
        backlog = 9
        user = nine
        group = nine
        socket_timeout = 9
        socket_accept_filter = off
        max_process_timeout = 9
        log_write = off
        log_error_level = err
        log_error_path = /nine/error.log
        log_access_path = /nine/access.log
        key_cipher = nine
        ssl_private_key = /nine.pem

        """;

    private const string Client = """
        [client]
        port = 9
        thread_timeout = 9
        socket_timeout = 9
        key_cipher = nine
        ssl = true
        ssl_public_key = /nine.pub
        [api]
        path = api.ini
        """;

    /// <summary>An option, its value, and what it makes of which setting.</summary>
    public static TheoryData<string, string, string, string> Shared => new()
    {
        { "--addr", "127.0.0.1", "Listen", "127.0.0.1:9" },
        { "--addr", "::1", "Listen", "[::1]:9" },
        { "--port", "4000", "Listen", "127.0.0.9:4000" },
        { "--backlog", "7", "Backlog", "7" },
        { "--user", "nobody", "User", "nobody" },
        { "--group", "0", "Group", "0" },
        { "--socket-timeout", "7", "SocketTimeout", "00:00:07" },
        { "--socket-accept-filter", "on", "AcceptFilter", "True" },
        { "--socket-accept-filter", "TRUE", "AcceptFilter", "True" },
        { "--max-process-timeout", "7", "MaxRequestTime", "00:00:07" },
        { "--max-process-timeout", "0", "MaxRequestTime", "" },
        { "--shutdown-grace", "7", "ShutdownGrace", "00:00:07" },
        { "--log-write", "on", "Log.Write", "True" },
        { "--log-error-level", "debug", "Log.Level", "Debug" },
        { "--log-error-level", "5", "Log.Level", "Notice" },
        { "--log-error-path", "/seven/%Y.log", "Log.ErrorPath", "/seven/%Y.log" },
        { "--log-error-path", "syslog", "Log.ErrorPath", "syslog" },
        { "--log-access-path", "/seven/access", "Log.AccessPath", "/seven/access" },
        { "--unsigned-loopback", "on", "UnsignedLoopback", "True" },
        { "--ssl-private-key", "/seven.pem", "SslPrivateKey", "/seven.pem" },
        { "--debug", "", "Log.Level", "Debug" },
        { "--max-prefork", "7", "", "" },
        { "--max-requests-per-child", "7", "", "" },
        { "--state-dir", "/seven", "", "" },
        { "--pid-file", "/seven", "", "" },
    };

    public static TheoryData<string, string, string, string> Agents => new()
    {
        { "--key-cipher", "seven", "KeyCipher", "seven" },
        { "--key-cipher", "-a=b:c", "KeyCipher", "-a=b:c" },
        { "--max-command-time", "7", "MaxCommandTime", "00:00:07" },
    };

    public static TheoryData<string, string, string, string> Proxies => new()
    {
        { "--client-port", "4000", "Hosts", "web1:4000 nine /nine.pub" },
        { "--client-thread-timeout", "7", "HostTimeout", "00:00:07" },
        { "--client-socket-timeout", "7", "HostSocketTimeout", "00:00:07" },
        { "--client-key-cipher", "seven", "Hosts", "web1:9 seven /nine.pub" },
        { "--client-ssl-public-key", "/seven.pub", "Hosts", "web1:9 nine /seven.pub" },
        { "--client-worker-method", "pipe", "", "" },
        { "--client-ipc-path", "/run/ipc", "", "" },
        { "--key-cipher", "seven", "", "" },
    };

    [Theory, MemberData(nameof(Shared)), MemberData(nameof(Agents))]
    public void An_agents_option_changes_its_setting_alone(string option, string value, string setting, string expected) =>
        AssertChange(arguments => Agent(arguments, legacy: false), arguments => Agent(arguments, legacy: true), option, value, setting, expected);

    [Theory, MemberData(nameof(Shared)), MemberData(nameof(Proxies))]
    public void A_proxys_option_changes_its_setting_alone(string option, string value, string setting, string expected) =>
        AssertChange(arguments => Proxy(arguments, legacy: false), arguments => Proxy(arguments, legacy: true), option, value, setting, expected);

    [Fact]
    public void No_option_is_missing_in_these_tables()
    {
        static IEnumerable<string> Named(IEnumerable<object[]> rows) => rows.Select(row => (string)row[0]);
        string[] elsewhere = ["--config", "--print-pin", "--key-cipher-file", "--client-key-cipher-file"];
        Assert.Equal(Options(new AgentCommand()).Order(), Named(Shared).Concat(Named(Agents)).Concat(elsewhere.Take(3)).Distinct().Order());
        Assert.Equal(Options(new ProxyCommand()).Order(), Named(Shared).Concat(Named(Proxies)).Concat([elsewhere[0], elsewhere[1], elsewhere[3]]).Distinct().Order());
        static IEnumerable<string> Options(IDaemonCommand daemon) => daemon.Parser("x", null).Options.Select(option => option.Name);
    }

    [Fact]
    public void Keys_come_from_files_too()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["key"], "from a file\n");
        Assert.Equal("from a file", Agent(["--key-cipher-file", folder["key"]], legacy: false)["KeyCipher"]);
        Assert.Equal("web1:9 from a file /nine.pub", Proxy(["--client-key-cipher-file", folder["key"]], legacy: true)["Hosts"]);
        Assert.Throws<UserError>(() => Agent(["--key-cipher-file", folder["none"]], legacy: false));
    }

    [Fact]
    public void A_key_of_the_command_line_makes_up_for_the_files()
    {
        const string NoKeys = "[server]\nssl = true\n[client]\nssl = true\nkey_cipher = k\n[api]\npath = api.ini\n";
        Assert.Equal("/k.pem", Agent(["--ssl-private-key=/k.pem"], legacy: true, NoKeys.Replace("[client]\nssl = true\nkey_cipher = k\n[api]\npath = api.ini\n", "", StringComparison.Ordinal))["SslPrivateKey"]);
        var proxy = Proxy(["--ssl-private-key=/k.pem", "--client-ssl-public-key=/k.pub"], legacy: false, NoKeys);
        Assert.Equal(("/k.pem", "web1:3440 k /k.pub"), (proxy["SslPrivateKey"], proxy["Hosts"]));
    }

    [Theory]
    [InlineData("--port", "x"), InlineData("--port", "70000"), InlineData("--addr", "1"), InlineData("--addr", "web1"), InlineData("--log-write", "maybe"), InlineData("--log-error-level", "loud")]
    [InlineData("--socket-timeout", "0"), InlineData("--backlog", "0"), InlineData("--user", ""), InlineData("--path", "")]
    public void A_value_that_is_none_is_a_mistake(string option, string value)
    {
        var command = new AgentCommand().Parser("agent", null);
        Assert.NotEmpty(command.Parse([option, value]).Errors);
        var named = new AgentCommand().Parser("deploy-agent", "deploy-agent");
        Assert.NotEmpty(named.Parse([.. LegacyDaemonCommand.Canonical(named, LegacyDaemonCommand.Getopt(named).Parse([option, value]))]).Errors);
    }

    [Fact]
    public void The_daemon_is_started_again_with_absolute_paths_and_no_secret()
    {
        var agent = new AgentCommand();
        var parsed = Parse(agent, ["-path", "a.ini", "--KEY-CIPHER", "hush", "--pid", "run/pid", "--log-error-path=logs/e", "--log-access-path", "syslog", "--max-prefork=5", "--socket-accept-filter=on"], legacy: true);
        var launch = agent.Launch(parsed, "deploy-agent");
        string here = Directory.GetCurrentDirectory();
        Assert.Equal(["--config=" + here + "/a.ini", "--socket-accept-filter=on", $"--log-error-path={here}/logs/e", "--log-access-path=syslog", "--max-prefork=5"], launch.Arguments);
        Assert.Equal(("hush", true, "deploy-agent", null), (launch.Secrets["--key-cipher"], launch.InBackground, launch.Program, launch.PidFile)); // --pid is no prefix: the original had no such option
        Assert.Equal(["--max-prefork"], launch.WithoutEffect);
        Assert.False(agent.Launch(Parse(agent, ["--debug"], legacy: true), "deploy-agent").InBackground);

        var mode = new AgentCommand();
        var foreground = mode.Launch(Parse(mode, ["--config", "a.toml", "--pid-file", "p"], legacy: false), null);
        Assert.Equal(["agent", $"--config={here}/a.toml", $"--pid-file={here}/p"], foreground.Arguments);
        Assert.False(foreground.InBackground);
    }

    [Theory]
    [InlineData("hush"), InlineData(""), InlineData("-a=b:c"), InlineData("\u00ff")]
    public void The_process_that_becomes_the_daemon_reads_what_the_first_one_did(string key)
    {
        var agent = new AgentCommand();
        var parsed = Parse(agent, key.Length == 0 ? ["--key-cipher", key, "--port", "4000"] : ["--key-cipher=" + key, "--port", "4000"], legacy: true);
        var launch = agent.Launch(parsed, "deploy-agent");
        var environment = HandedSecrets.Added(new Dictionary<string, string>(), launch.Secrets);
        var again = new AgentCommand { Handed = option => HandedSecrets.Of(option, name => environment.GetValueOrDefault(name) is { Length: > 0 } value ? value : null) };
        var overrides = again.Overrides(Parse(again, [.. launch.Arguments], legacy: true));
        Assert.Equal(key, overrides.KeyCipher?.Reveal());
        Assert.Equal(agent.Overrides(parsed) with { KeyCipher = null }, overrides with { KeyCipher = null });
    }

    [Fact]
    public void A_key_that_others_read_and_one_that_does_nothing_are_warned_of()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["pem"], "x");
        File.SetUnixFileMode(folder["pem"], (UnixFileMode)0x1A4); // 0644
        var given = new AgentOverrides { SslPrivateKey = folder["pem"] };
        string Said(bool ssl) => Assert.Single(SslKeyFile.Warnings(given.Over(AgentSettings.Of("web1") with { Ssl = ssl }), new Dictionary<string, Position>(), given, "a.ini")).ToString();
        Assert.Contains("everybody on this host may read", Said(ssl: true), StringComparison.Ordinal);
        Assert.Contains("--ssl-private-key has no effect", Said(ssl: false), StringComparison.Ordinal);
        var proxy = new ProxyOverrides { ClientSslPublicKey = "/k.pub" };
        Assert.Contains("--client-ssl-public-key has no effect", Assert.Single(SslKeyFile.HostWarnings(proxy.Over(new ProxySettings()), proxy, "p.ini")).ToString(), StringComparison.Ordinal);
    }

    private static void AssertChange(Func<string[], Dictionary<string, string>> mode, Func<string[], Dictionary<string, string>> legacyName, string option, string value, string setting, string expected)
    {
        string[][] forms = option == "--debug" ? [[option]] : value.StartsWith('-') ? [[$"{option}={value}"]] : [[option, value], [$"{option}={value}"]];
        foreach (string[] words in forms)
        {
            Assert.Equal(Changed(mode([]), setting, expected), mode(words));
            Assert.Equal(Changed(legacyName([]), setting, expected), legacyName(words));
            string[] shouted = [words[0].Split('=') is [var name, .. var rest] ? string.Join('=', [name[1..].ToUpperInvariant(), .. rest]) : words[0], .. words.Skip(1)];
            Assert.Equal(Changed(legacyName([]), setting, expected), legacyName(shouted));
        }
    }

    private static Dictionary<string, string> Changed(Dictionary<string, string> settings, string setting, string value) =>
        setting.Length == 0 ? settings : new Dictionary<string, string>(settings) { [setting] = value };

    private static Dictionary<string, string> Agent(string[] arguments, bool legacy, string ini = Server)
    {
        var agent = new AgentCommand();
        var config = (AgentConfig.Valid)AgentFile.Read("a.ini", agent.Overrides(Parse(agent, arguments, legacy)), "host", _ => Content(ini));
        return new Dictionary<string, string>(Both(config.Settings)) { ["KeyCipher"] = config.Settings.KeyCipherOrDefault.Reveal(), ["MaxCommandTime"] = $"{config.Settings.MaxCommandTime}" };
    }

    private static Dictionary<string, string> Proxy(string[] arguments, bool legacy, string ini = Server + Client)
    {
        var proxy = new ProxyCommand();
        var config = (ProxyConfig.Valid)ProxyFile.Read("p.ini", proxy.Overrides(Parse(proxy, arguments, legacy)), path => Content(path == "api.ini" ? "[servers]\nweb[] = web1\n" : ini));
        var settings = config.Settings;
        return new Dictionary<string, string>(Both(settings))
        {
            ["HostTimeout"] = $"{settings.HostTimeout}",
            ["HostSocketTimeout"] = $"{settings.HostSocketTimeout}",
            ["Hosts"] = string.Join(';', settings.Hosts.Values.Select(host => $"{host.Name}:{host.Port} {host.KeyCipher!.Reveal()} {host.SslPublicKey}")),
        };
    }

    private static Dictionary<string, string> Both(DaemonSettings settings) => new()
    {
        ["Listen"] = string.Join(',', settings.Listen),
        ["Backlog"] = $"{settings.Backlog}",
        ["AcceptFilter"] = $"{settings.AcceptFilter}",
        ["User"] = $"{settings.User}",
        ["Group"] = $"{settings.Group}",
        ["SocketTimeout"] = $"{settings.SocketTimeout}",
        ["MaxRequestTime"] = $"{settings.MaxRequestTime}",
        ["ShutdownGrace"] = $"{settings.ShutdownGrace}",
        ["UnsignedLoopback"] = $"{settings.UnsignedLoopback}",
        ["Log.Write"] = $"{settings.Log.Write}",
        ["Log.Level"] = $"{settings.Log.Level}",
        ["Log.ErrorPath"] = settings.Log.ErrorPath,
        ["Log.AccessPath"] = settings.Log.AccessPath,
        ["SslPrivateKey"] = $"{settings.SslPrivateKey}",
    };

    private static ParseResult Parse(IDaemonCommand daemon, string[] arguments, bool legacy)
    {
        var command = daemon.Parser("x", legacy ? daemon.LegacyName : null);
        var parsed = command.Parse(legacy ? [.. LegacyDaemonCommand.Canonical(command, LegacyDaemonCommand.Getopt(command).Parse(arguments))] : arguments);
        Assert.Empty(parsed.Errors);
        return parsed;
    }

    private static FileContent.Read Content(string text) => new(Encoding.UTF8.GetBytes(text));
}
