using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Deploy.Config;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Modes.Agent;
using Deploy.Modes.Agent.Ini;
using Xunit;

namespace Deploy.Tests.Modes.Agent;

public class AgentIniFileTests
{
    private const string Minimal = "[server]\nkey_cipher = k\n[allow::hosts]\nhost[] = 127.0.0.1\n[allow::paths]\npath[] = /srv\n";

    [Fact]
    public void The_agent_of_the_recordings_is_read_without_a_warning_but_those_it_deserves()
    {
        var (settings, warnings) = Valid(AgentIniFile.Read("agent_plain.ini", AgentOverrides.None, "web-001", Original));
        Assert.Equal(["web-001"], settings.Names);
        Assert.Equal([new IPEndPoint(IPAddress.Any, 3440)], settings.Listen);
        Assert.Equal("s3cret", settings.KeyCipherOrDefault.Reveal());
        Assert.True(settings.Log.Write);
        Assert.Equal(LogLevel.Debug, settings.Log.Level);
        Assert.Equal("/srv/example/log/agent_plain_error.%Y%m%d.log", settings.Log.ErrorPath);
        Assert.Equal(["127.0.0.1", "127.0.0.0/30", "localhost"], settings.AllowedHosts);
        Assert.Equal(["/srv/example/dst", "/tmp/a.b/"], settings.AllowedPaths);
        Assert.Equal(22, settings.Groups.Count);
        Assert.Equal(["--archive", "--delete", "--force", "--bwlimit=4000"], settings.Groups["slow"].Options);
        Assert.Null(settings.Groups["plain10"].Options);
        var excl = settings.Groups["excl"];
        Assert.Equal(("127.0.0.1::plain10/", "/srv/example/dst/excl"), (excl.Origin, excl.Target));
        Assert.Equal(["file1*", "sub"], excl.Excludes);
        Assert.Equal(["file11.txt"], excl.Includes);
        Assert.Equal(("/usr/bin/nosuchrsync", "/usr/bin/rsync"), (settings.Groups["badrsync"].Rsync, excl.Rsync));
        Assert.Equal(19, settings.Commands.Count);
        Assert.Equal(["app:bg", "app:big", "app:id"], settings.Commands.Values.Where(command => command.Form is null).Select(command => command.Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            [
                "agent_plain.ini:70:2: the sync group 'nosrc' has no src: every order for it is refused (400)",
                "/srv/example/conf/exec.ini:14:15: the job 'app:id' is disabled: ';' at column 6 needs a shell, and none is ever started: write a small script with this line in it and name that script here",
                "/srv/example/conf/exec.ini:15:32: the job 'app:big' is disabled: '|' at column 22 needs a shell, and none is ever started: write a small script with this line in it and name that script here",
                "/srv/example/conf/exec.ini:19:18: the job 'app:bg' is disabled: '&' at column 9 needs a shell, and none is ever started: write a small script with this line in it and name that script here",
            ],
            warnings);
    }

    [Theory]
    [InlineData("agent_c.ini")]
    [InlineData("agent_dash.ini")]
    [InlineData("agent_defkey.ini")]
    [InlineData("agent_nohosts.ini")]
    [InlineData("agent_nopaths.ini")]
    [InlineData("agent_ssl.ini")]
    [InlineData("agent_user.ini")]
    [InlineData("agent_x.ini")]
    public void Every_agent_that_the_original_started_starts(string file) => Valid(AgentIniFile.Read(file, AgentOverrides.None, "web-001", Original));

    [Fact]
    public void Without_allow_lists_everything_is_denied_and_said_so()
    {
        var (settings, warnings) = Valid(AgentIniFile.Read("agent_nohosts.ini", AgentOverrides.None, "h", Original));
        Assert.Empty(settings.AllowedHosts);
        Assert.Empty(settings.AllowedPaths);
        Assert.Equal(["agent_nohosts.ini: no [allow::hosts] host[] = …: every host is denied", "agent_nohosts.ini: no [allow::paths] path[] = …: every path is denied"], warnings);
    }

    [Fact]
    public void A_jobs_file_that_is_not_there_means_no_jobs_and_a_warning()
    {
        var (settings, warnings) = Valid(AgentIniFile.Read("agent_nopaths.ini", AgentOverrides.None, "h", Original));
        Assert.Empty(settings.Commands);
        Assert.Contains("agent_nopaths.ini:7:6: the jobs file '/nonexistent' cannot be read, so there are no jobs: no such file", warnings);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_one_error() =>
        Assert.Equal(["/etc/none.ini: cannot be read: no such file"], Errors(AgentIniFile.Read("/etc/none.ini", AgentOverrides.None, "h", ConfigFile.Read)));

    [Fact]
    public void An_empty_file_gives_the_defaults_of_the_original()
    {
        var (settings, _) = Read(string.Empty, "web-001.example.net");
        Assert.Equal(["web-001", "web-001.example.net"], settings.Names);
        Assert.Equal([new IPEndPoint(IPAddress.Any, 3440)], settings.Listen);
        Assert.Equal((4096, TimeSpan.FromSeconds(5), (TimeSpan?)null), (settings.Backlog, settings.SocketTimeout, settings.MaxRequestTime));
        Assert.Equal((false, LogLevel.Info, "/var/log/deploy/error.log", "/var/log/deploy/access.log"), (settings.Log.Write, settings.Log.Level, settings.Log.ErrorPath, settings.Log.AccessPath));
        Assert.Equal((null, null, false, false, "deploy::agent:"), (settings.User, settings.Group, settings.AcceptFilter, settings.Ssl, settings.ProcessName));
    }

    [Theory]
    [InlineData(null, "65535", false, "the key is the default, 65535")]
    [InlineData("", "", true, "every key is invalid")]
    [InlineData("0", "0", true, "every key is invalid")]
    [InlineData("65535", "65535", false, "the key is the default, 65535")]
    [InlineData("\"quoted\"", "\"quoted\"", false, null)]
    public void A_key_is_what_it_was(string? key, string inForce, bool invalid, string? warning)
    {
        var (settings, warnings) = Read(key is null ? "[server]\nport = 1\n" : $"[server]\nkey_cipher = {key}\n");
        Assert.Equal((inForce, invalid), (settings.KeyCipherOrDefault.Reveal(), settings.KeyCipherIsInvalid));
        Assert.Equal(warning is not null, warnings.Exists(text => warning is not null && text.Contains(warning, StringComparison.Ordinal)));
        Assert.Equal(warning is null ? 2 : 3, warnings.Count);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("ON", true)]
    [InlineData("1", true)]
    [InlineData("False", false)]
    [InlineData("yes", false)]
    public void A_boolean_is_true_on_or_1_in_any_case(string text, bool value) => Assert.Equal(value, Read($"[server]\nlog_write = {text}\n").Settings.Log.Write);

    [Theory]
    [InlineData("[::]", "::")]
    [InlineData("::1", "::1")]
    [InlineData("localhost", "127.0.0.1")]
    [InlineData("127.0.0.9", "127.0.0.9")]
    public void An_address_is_one_as_people_write_it(string text, string address) => Assert.Equal(IPAddress.Parse(address), Read($"[server]\naddr = {text}\n").Settings.Listen[0].Address);

    [Fact]
    public void Zero_means_what_it_meant()
    {
        var (settings, _) = Read("[server]\nbacklog = 0\nsocket_timeout = 0\nmax_process_timeout = 0\n");
        Assert.Equal((4096, TimeSpan.FromSeconds(5), (TimeSpan?)null), (settings.Backlog, settings.SocketTimeout, settings.MaxRequestTime));
        Assert.Equal(TimeSpan.FromSeconds(7), Read("[server]\nmax_process_timeout = 7\n").Settings.MaxRequestTime);
    }

    [Fact]
    public void The_command_line_beats_the_file()
    {
        var overrides = new AgentOverrides
        {
            Addr = IPAddress.Loopback,
            Port = 0,
            SocketTimeout = TimeSpan.FromSeconds(9),
            MaxRequestTime = TimeSpan.Zero,
            KeyCipher = new Secret("theirs"),
            LogErrorLevel = LogLevel.Error,
            LogWrite = false,
            User = "nobody",
        };
        var (settings, warnings) = Read("[server]\naddr = 0.0.0.0\nport = 9\nsocket_timeout = 1\nmax_process_timeout = 2\nlog_write = on\nlog_error_level = 7\n", "h", overrides);
        Assert.Equal([new IPEndPoint(IPAddress.Loopback, 0)], settings.Listen);
        Assert.Equal((TimeSpan.FromSeconds(9), (TimeSpan?)null, "theirs"), (settings.SocketTimeout, settings.MaxRequestTime, settings.KeyCipherOrDefault.Reveal()));
        Assert.Equal((LogLevel.Error, false, "nobody"), (settings.Log.Level, settings.Log.Write, settings.User));
        Assert.DoesNotContain(warnings, text => text.Contains("65535", StringComparison.Ordinal));
    }

    [Fact]
    public void The_command_line_can_give_ssl_its_key()
    {
        var (settings, warnings) = Read("[server]\nkey_cipher = k\nssl = true\n", "h", new AgentOverrides { SslPrivateKey = "/k.pem" });
        Assert.Equal((true, "/k.pem"), (settings.Ssl, settings.SslPrivateKey));
        Assert.Contains(warnings, text => text.StartsWith("a.ini:3:7: ssl is the original's own encryption", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("option[] = --archive\noption[] = --rsh=\"ssh -p 22\" -v", "--archive|--rsh=ssh -p 22|-v")]
    [InlineData("option[] = --filter='- *.tmp' --bwlimit 4000", "--filter=- *.tmp|--bwlimit|4000")]
    [InlineData("option[] = \"\"", "")]
    public void Options_are_the_words_that_a_shell_made(string lines, string options) => Assert.Equal(options, string.Join('|', Group(lines).Options!));

    [Fact]
    public void An_empty_option_line_does_not_bring_delete_back() => Assert.Equal([], Group("option[] =").Options);

    [Fact]
    public void Further_patterns_on_a_line_stay_patterns()
    {
        var group = Group("exclude[] = .git --exclude=.svn --exclude \"a b\"\nexclude[] = 'c d'\ninclude[] = x\\ y\n");
        Assert.Equal([".git", ".svn", "a b", "c d"], group.Excludes);
        Assert.Equal(["x y"], group.Includes);
    }

    [Theory]
    [InlineData("rsh = ssh -p 22", "ssh -p 22")]
    [InlineData("rsh = \"ssh -p 22\"", "ssh -p 22")]
    [InlineData("rsh = ssh -o \"ProxyCommand a b\"", "ssh -o \"ProxyCommand a b\"")]
    public void A_remote_shell_stays_one_string(string line, string rsh) => Assert.Equal(rsh, Group(line).Rsh);

    [Fact]
    public void Bytes_of_a_path_that_are_no_text_are_kept() =>
        Assert.Equal("/srv/\uDCE9", Valid(AgentIniFile.Read("a.ini", AgentOverrides.None, "h", _ => new FileContent.Read((byte[])[.. "[rsync::group::g]\nsrc = /srv/"u8, 0xE9]))).Settings.Groups["g"].Target);

    [Fact]
    public void Random_files_are_settings_or_errors()
    {
        var random = new Random(20261122);
        string[] pieces =
        [
            "[server]\n", "[allow::hosts]\n", "[rsync::group::g]\n", "[jobs]\n", "port", "key_cipher", "host[]", "option[]", "exclude[]", "dest", "src", "path", "ssl", "ssl_private_key", "addr",
            " = ", " = ", "\n", "\n", "\n", "1", "true", "'", "\"", "--exclude", " ", "x", "\\", "-e", "%s", "sh -c", "\0", "é", "[", "]", "0", "99999999999",
        ];
        for (int round = 0; round < 20_000; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => pieces[random.Next(pieces.Length)]));
            var config = AgentIniFile.Read("a.ini", AgentOverrides.None, "h", path => path == "a.ini" || random.Next(2) == 0 ? Content(text) : new FileContent.Unreadable("no such file"));
            Assert.True(config is AgentConfig.Valid or AgentConfig.Invalid { Errors.Count: > 0 }, text);
        }
    }

    private static Deploy.Jobs.Syncs.SyncGroup Group(string lines) => Read(Minimal + "[rsync::group::g]\ndest = h::m/\nsrc = /srv/g\n" + lines + "\n").Settings.Groups["g"];

    private static (AgentSettings Settings, List<string> Warnings) Read(string text, string hostName = "h", AgentOverrides? overrides = null) =>
        Valid(AgentIniFile.Read("a.ini", overrides ?? AgentOverrides.None, hostName, _ => Content(text)));

    private static FileContent.Read Content(string text) => new(Encoding.UTF8.GetBytes(text));

    private static (AgentSettings Settings, List<string> Warnings) Valid(AgentConfig config)
    {
        Assert.True(config is AgentConfig.Valid, config is AgentConfig.Invalid invalid ? string.Join('\n', invalid.Errors) : string.Empty);
        var valid = (AgentConfig.Valid)config;
        return (valid.Settings, valid.Warnings.Select(warning => warning.ToString()).ToList());
    }

    private static List<string> Errors(AgentConfig config) => Assert.IsType<AgentConfig.Invalid>(config).Errors.Select(error => error.ToString()).ToList();

    /// <summary>The files that the recordings were made with; the jobs file by the name that they give it.</summary>
    private static FileContent Original(string path) =>
        path.StartsWith('/') && path != "/srv/example/conf/exec.ini" ? ConfigFile.Read(path) : ConfigFile.Read(Path.Combine(Here(), "Original", Path.GetFileName(path)));

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
