using Deploy.Config;
using Deploy.Modes.Agent;
using Deploy.Modes.Files;
using Deploy.Modes.Files.Checking;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Modes.Files;

/// <summary>What check says beside what an agent says at its start: what of a valid file would hurt on this host.</summary>
public sealed class FileCheckerTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_will_hurt_on_this_host_is_warned_of_at_its_place()
    {
        File.WriteAllText(folder["key"], "secret\n");
        File.SetUnixFileMode(folder["key"], (UnixFileMode)0b110_100_100);
        var report = Check("agent.toml", $"""
            [allow]
            hosts = ["0.0.0.0/0", "::/0", "10.0.0.0/8"]
            paths = ["/srv/www", "/"]
            [legacy]
            mode = ["0.0.0.0/0"]
            key_cipher_file = "{folder["key"]}"
            [sync.site]
            origin = "rsync://origin.example.net/site/"
            target = "/etc"
            rsync = "/nowhere/rsync"
            password_file = "/nowhere/secret"
            require_mount = "/etc"
            [command.gone]
            argv = ["/nowhere/program"]
            """);
        Assert.Empty(report.Errors);
        Assert.Equal(FileKind.Agent, report.Kind);
        foreach (var (line, text) in new[]
        {
            (2, "0.0.0.0/0: every host"), (2, "::/0: every host"), (3, "\"/\""), (6, "may read " + folder["key"]),
            (10, "no program /nowhere/rsync"), (11, "no file /nowhere/secret"), (12, "is not mounted"), (13, "/nowhere/program"),
        })
        {
            Assert.Contains(report.Warnings, warning => warning.Position.Line == line && warning.What.Contains(text, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("agent.toml", "[agent]\nuser = \"no such user\"\n[legacy]\nmode = \"loopback\"\nkey_cipher_file = \"/etc/passwd\"\n", "there is no such user")]
    [InlineData("deploy_agent.ini", "[server]\ngroup = nosuchgroup\n", "there is no such group")]
    public void A_user_or_group_that_is_not_there_is_a_mistake_at_its_place(string name, string text, string said)
    {
        var error = Assert.Single(Check(name, text).Errors);
        Assert.Equal(2, error.Position.Line);
        Assert.Contains(said, error.What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_relative_path_of_an_INI_file_is_beside_it()
    {
        File.WriteAllText(folder["jobs.ini"], "who = /usr/bin/id\n");
        var report = Check("deploy_agent.ini", "[server]\nssl = on\nssl_private_key = keys/none.pem\n[jobs]\npath = jobs.ini\n");
        Assert.Contains("1 command", report.Holds, StringComparison.Ordinal);
        Assert.Contains(report.Warnings, warning => warning.What.Contains($"there is no file {folder["keys/none.pem"]},", StringComparison.Ordinal));
    }

    [Fact]
    public void A_log_that_cannot_be_written_or_made_is_warned_of_at_its_place()
    {
        Directory.CreateDirectory(folder["directory"]);
        File.WriteAllText(folder["file"], "key\n");
        string[] Logs(string error, string access) =>
            [.. Check("agent.toml", $"[log]\nerror = \"{error}\"\naccess = \"{access}\"\n[legacy]\nmode = \"loopback\"\nkey_cipher_file = \"{folder["file"]}\"\n").Warnings.Where(warning => warning.What.Contains("the log file", StringComparison.Ordinal)).Select(warning => $"{warning.Position.Line} {warning.What}")];
        Assert.Equal(
            [$"2 the log file {folder["directory"]} is a link, a directory or a pipe on this host: nothing is written to it", $"3 the log file {folder["file/%Y/x.log"]} cannot be made: {folder["file"]} is no directory"],
            Logs(folder["directory"], folder["file/%Y/x.log"]));
        Assert.Empty(Logs(folder["new/%Y/x.log"], "syslog"));
        Assert.Empty(Logs("stderr", "/dev/null"));
    }

    [Fact]
    public void A_target_outside_the_roots_is_warned_of()
    {
        File.WriteAllText(folder["key"], "secret\n");
        var report = Check("agent.toml", $"""
            [allow]
            hosts = ["127.0.0.1"]
            paths = ["/srv/www"]
            [legacy]
            mode = "loopback"
            key_cipher_file = "{folder["key"]}"
            [sync.site]
            origin = "h::m/"
            target = "/srv/other"
            """);
        Assert.Contains(report.Warnings, warning => warning.Position.Line == 9 && warning.What.Contains("below none of the allowed paths", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_everybody_may_read_must_not_hold_the_key()
    {
        string ini = "[server]\nkey_cipher = secret\n[allow::hosts]\nhost[] = 127.0.0.1\n[allow::paths]\npath[] = /srv\n";
        Assert.Contains(Check("a.ini", ini, 0b110_100_100).Warnings, warning => warning.Position.Line == 2 && warning.What.Contains("chmod 600", StringComparison.Ordinal));
        Assert.DoesNotContain(Check("a.ini", ini, 0b110_000_000).Warnings, warning => warning.What.Contains("chmod", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("x.toml", "[sync.a]", FileKind.Agent)]
    [InlineData("x.toml", "[groups]", FileKind.Proxy)]
    [InlineData("x.toml", "via = \"p\"", FileKind.Client)]
    [InlineData("client.toml", "", FileKind.Client)]
    [InlineData("x.toml", "", null)]
    [InlineData("x.ini", "[rsync::group::a]\ndest = x", FileKind.Agent)]
    [InlineData("x.ini", "[client]\nport = 1", FileKind.Proxy)]
    [InlineData("x.ini", "[servers]\ng[] = x", FileKind.Api)]
    [InlineData("x.ini", "[any]\nname = /bin/true", FileKind.Jobs)]
    [InlineData("x.ini", "[server]\nport = 1", null)]
    [InlineData("deploy_proxy.ini", "[server]\nport = 1", FileKind.Proxy)]
    public void A_file_is_known_by_what_is_in_it_then_by_its_name(string name, string text, object? kind) =>
        Assert.Equal((FileKind?)kind, FileKinds.Tell(name, System.Text.Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void What_is_not_there_or_unknown_is_an_error()
    {
        Assert.Contains("no such file", Assert.Single(Checker().Check(folder["nope.toml"], null).Errors).What, StringComparison.Ordinal);
        Assert.Contains("--as", Assert.Single(Check("x.toml", string.Empty).Errors).What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("proxy_keys.ini", "[keys]\nSECRETKEY web\n", FileKind.Api)]
    [InlineData("agent-api.ini", "SECRETKEY web\n", FileKind.Api)]
    [InlineData("proxy_keys.ini", "[kyes]\nSECRETKEY web\n", FileKind.Proxy)]
    [InlineData("agent_keys.ini", "SECRETKEY web\n", FileKind.Agent)]
    public void No_word_is_repeated_of_a_file_known_by_its_name_alone(string name, string text, object kind)
    {
        var report = Check(name, text);
        Assert.Equal(kind, report.Kind);
        Assert.DoesNotContain("SECRETKEY", Assert.Single(report.Errors).What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_in_the_place_of_its_name_is_not_repeated()
    {
        var report = Check("proxy.toml", "[groups]\n[hosts]\n[api_keys]\nOTHERSECRET = [\"web\"]\n");
        Assert.Contains(report.Errors, error => error.Position.Line == 4 && error.What.Contains("a list", StringComparison.Ordinal));
        Assert.DoesNotContain(report.Errors.Select(error => error.What).Concat(report.Warnings.Select(warning => warning.What)), what => what.Contains("OTHERSECRET", StringComparison.Ordinal));
    }

    private FileReport Check(string name, string text, int mode = 0b110_100_100)
    {
        File.WriteAllText(folder[name], text);
        File.SetUnixFileMode(folder[name], (UnixFileMode)mode);
        return Checker().Check(folder[name], null);
    }

    private static FileChecker Checker() => new(ConfigFile.Read, "web-001", AgentOverrides.None);
}
