using Deploy.Model;
using Deploy.Modes.Agent;
using Deploy.Modes.Daemon.Starting;
using Deploy.Modes.Proxy;
using Deploy.Modes.SetUp;
using Deploy.Security.Channel;
using Deploy.Security.Keys;
using Deploy.Security.Operators;
using Deploy.Tests.Fixtures;
using Deploy.Tests.Modes.Client;
using Xunit;

namespace Deploy.Tests.Modes.SetUp;

/// <summary><c>deploy agent init</c> and <c>deploy proxy init</c> with real files.</summary>
public sealed class InitTests : IDisposable
{
    private const UnixFileMode Mode0600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Mode0644 = Mode0600 | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly TempFolder folder = new();
    private readonly string alice;
    private readonly string bob;

    public InitTests()
    {
        alice = SshKeyFile.Create(folder["alice"], "alice").Key.ToString();
        bob = SshKeyFile.Create(folder["bob"], "bob").Key.ToString();
        File.WriteAllText(folder["bob.pub"], bob + "\n");
    }

    private string Config => folder["etc/agent.toml"];

    private string Operators => folder["etc/authorized_operators"];

    private string HostKey => folder["etc/host_key.pem"];

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task One_command_makes_all_that_an_agent_needs()
    {
        var (code, output, error) = await InitAsync("--allow", alice, "--name", "web-1", "--listen", "127.44.1.1:3440", "--from", "127.0.0.1,10.0.0.0/8", "--group", "site", "--origin", "rsync://o.example.net/site/", "--target", "/srv/www/site");
        Assert.Equal((ExitCodes.Ok, string.Empty), (code, error));
        var settings = Settings();
        Assert.Equal(["web-1", "127.44.1.1"], settings.Names);
        Assert.Equal(["127.0.0.1", "10.0.0.0/8"], settings.AllowedHosts);
        Assert.Equal(["/srv/www/site"], settings.AllowedPaths);
        Assert.Equal([], settings.LegacyPeers);
        Assert.False(settings.UnsignedLoopback);
        Assert.Equal("/srv/www/site", settings.Groups["site"].Target);
        Assert.Equal((Mode0600, Mode0644, Mode0644), (File.GetUnixFileMode(HostKey), File.GetUnixFileMode(Operators), File.GetUnixFileMode(Config)));
        Assert.Equal("alice", Assert.Single(OperatorFile.Parse(File.ReadAllText(Operators)).Operators).Name);
        string pin = HostKeyFile.Load(HostKey)!.Pin.ToString();
        Assert.Contains($"pin    {pin}\n", output, StringComparison.Ordinal);
        Assert.Contains($"  deploy client trust 127.44.1.1 {pin}", output, StringComparison.Ordinal);
        Assert.Contains($"  deploy agent --config {Config}", output, StringComparison.Ordinal);
        Assert.Equal(3, Directory.GetFiles(folder["etc"]).Length); // nothing half made beside them
    }

    [Theory]
    [InlineData("10.9.8.7:3440", "10.9.8.7", "10.9.8.7")]
    [InlineData("10.9.8.7:3450", "10.9.8.7", "10.9.8.7:3450")]
    [InlineData("localhost:3450", "127.0.0.1", "127.0.0.1:3450")]
    [InlineData("0.0.0.0:3440", null, null)]
    public async Task Addresses_that_it_listens_on_are_names_of_it_and_the_next_step_has_one(string listen, string? name, string? asked)
    {
        var (code, output, _) = await InitAsync("--allow", alice, "--listen", listen);
        Assert.Equal(ExitCodes.Ok, code);
        var own = AgentSettings.Of("host").Names;
        var names = Settings().Names;
        Assert.Equal(name is not null, names.Contains(name));
        Assert.Equal(name is null ? own : [.. AgentSettings.Of(Deploy.Modes.Surroundings.HostName).Names, name], names);
        Assert.Contains($"  deploy client trust {asked ?? AgentSettings.Of(Deploy.Modes.Surroundings.HostName).Names[0]} deploy1-", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_more_than_a_key_it_listens_everywhere_takes_orders_of_that_key_alone_and_allows_no_target()
    {
        Assert.Equal(ExitCodes.Ok, (await InitAsync("--allow", alice)).Code);
        var settings = Settings();
        Assert.Equal(["0.0.0.0/0", "::/0"], settings.AllowedHosts);
        Assert.Empty(settings.AllowedPaths);
        Assert.Empty(settings.Groups);
        Assert.Equal([], settings.LegacyPeers);
    }

    [Fact]
    public async Task Again_it_changes_nothing_adds_keys_and_says_the_pin()
    {
        Assert.Equal(ExitCodes.Ok, (await InitAsync("--allow", alice)).Code);
        var (config, key) = (File.ReadAllText(Config), File.ReadAllText(HostKey));
        File.AppendAllText(Operators, "# mine"); // without an end of line
        File.SetUnixFileMode(Operators, Mode0600 | UnixFileMode.GroupRead);
        var (code, output, error) = await InitAsync("--allow-file", folder["bob.pub"], "--allow", $"orders=\"status\" {alice}", "--path", "/srv");
        Assert.Equal(ExitCodes.Ok, code);
        Assert.Equal((config, key), (File.ReadAllText(Config), File.ReadAllText(HostKey)));
        string[] lines = File.ReadAllLines(Operators);
        Assert.Equal([alice, "# mine", bob], lines[1..]);
        Assert.Equal(Mode0600 | UnixFileMode.GroupRead, File.GetUnixFileMode(Operators));
        Assert.Contains(HostKeyFile.Load(HostKey)!.Pin.ToString(), output, StringComparison.Ordinal);
        Assert.Contains("there  " + Config, output, StringComparison.Ordinal);
        Assert.Contains("2 keys, 1 of them new (alice, bob)", output, StringComparison.Ordinal);
        Assert.Contains("--path is not written into it", error, StringComparison.Ordinal);
        Assert.Contains("alice is in", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_who_may_order_is_said()
    {
        var (code, _, error) = await InitAsync();
        Assert.Equal(ExitCodes.Ok, code);
        Assert.Contains("nobody may order yet", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rubbish", "no option here")]
    [InlineData("", "no key in it")]
    [InlineData("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ x", "RSA")]
    [InlineData("orders=\"fly\" KEY", "is no order")]
    [InlineData("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG6d alice", "damaged")]
    public async Task A_key_that_is_none_is_refused_before_anything_is_written(string line, string why)
    {
        var (code, _, error) = await InitAsync("--allow", alice, "--allow", line.Replace("KEY", bob, StringComparison.Ordinal));
        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains(why, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["etc"]));
    }

    [Theory]
    [InlineData("listen: '99'", "--listen", "99")]
    [InlineData("paths: 'www'", "--path", "www")]
    [InlineData("names: '-'", "--name", "-")]
    [InlineData("go together", "--group", "site", "--origin", "rsync://o/site/")]
    [InlineData("hosts: '10.0.0.0/99'", "--from", "10.0.0.0/99")]
    public async Task What_cannot_be_in_a_configuration_is_refused_before_anything_is_written(string why, params string[] words)
    {
        var (code, _, error) = await InitAsync(["--allow", alice, .. words]);
        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains(why, error, StringComparison.Ordinal);
        Assert.Contains("nothing was written", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["etc"]));
    }

    [Fact]
    public async Task A_proxys_key_may_read_alone()
    {
        Assert.Equal(ExitCodes.Ok, (await InitAsync("--allow", alice, "--proxy", bob)).Code);
        Assert.Equal(ExitCodes.Ok, (await InitAsync("--proxy", $"orders=\"read\" {bob}")).Code);
        var operators = OperatorFile.Parse(File.ReadAllText(Operators)).Operators;
        Assert.Equal([("alice", false), ("bob", true)], operators.Select(one => (one.Name, one.Rights.Orders.Count == 0)));
        Assert.Equal(ExitCodes.Usage, (await InitAsync("--proxy", $"orders=\"rsync\" {bob}")).Code);
        Assert.Equal(ExitCodes.Usage, (await InitAsync("--allow", bob, "--proxy", bob)).Code); // which of both?
    }

    [Theory]
    [InlineData("--allow", "ssh-keygen -y")]
    [InlineData("--proxy", "deploy proxy init prints")]
    public async Task A_private_key_is_not_taken_for_a_public_one_and_is_not_repeated(string option, string hint)
    {
        string key = File.ReadAllText(folder["alice"]);
        var (code, output, error) = await InitAsync(option, key);
        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains($"{option}: that is a private key", error, StringComparison.Ordinal);
        Assert.Contains(hint, error, StringComparison.Ordinal);
        Assert.DoesNotContain(key.Split('\n')[1], output + error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["etc"]));
    }

    [Fact]
    public async Task Beside_the_originals_file_keys_are_put_and_it_stays()
    {
        Directory.CreateDirectory(folder["etc"]);
        const string Ini = "[server]\nkey_cipher = x\n[allow::hosts]\nhost[] = 127.0.0.1\n[allow::paths]\npath[] = /srv\n";
        File.WriteAllText(folder["etc/deploy_agent.ini"], Ini);
        var (code, _, _) = await RunAsync("agent", "init", "--config", folder["etc/deploy_agent.ini"], "--allow", alice);
        Assert.Equal(ExitCodes.Ok, code);
        Assert.Equal(Ini, File.ReadAllText(folder["etc/deploy_agent.ini"]));
        Assert.True(File.Exists(HostKey) && File.Exists(Operators));
    }

    [Fact]
    public async Task A_configuration_with_a_mistake_stops_it_before_anything_is_written()
    {
        Directory.CreateDirectory(folder["etc"]);
        File.WriteAllText(Config, "[agent]\nbacklog = 0\n");
        var (code, _, error) = await InitAsync("--allow", alice);
        Assert.Equal(ExitCodes.Configuration, code);
        Assert.Contains("agent.toml:2", error, StringComparison.Ordinal);
        Assert.False(File.Exists(HostKey) || File.Exists(Operators));
    }

    [Fact]
    public async Task A_folder_that_others_may_write_to_gets_nothing()
    {
        Directory.CreateDirectory(folder["etc"]);
        File.SetUnixFileMode(folder["etc"], File.GetUnixFileMode(folder["etc"]) | UnixFileMode.GroupWrite);
        var (code, output, error) = await InitAsync("--allow", alice);
        Assert.Equal((ExitCodes.Configuration, string.Empty), (code, output));
        Assert.Contains($"chmod go-w {folder["etc"]}", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder["etc"]));
    }

    [Fact]
    public async Task An_address_that_is_none_of_its_names_is_not_printed_to_be_asked_and_is_said()
    {
        Directory.CreateDirectory(folder["etc"]);
        File.WriteAllText(Config, "[agent]\nlisten = [\"127.44.1.1:3440\"]\nnames = [\"web-1\"]\n[allow]\nhosts = [\"127.0.0.1\"]\n");
        var (code, output, error) = await InitAsync("--allow", alice);
        Assert.True(code == ExitCodes.Ok, error);
        Assert.Contains("  deploy client trust web-1 deploy1-", output, StringComparison.Ordinal);
        Assert.Contains("it listens on 127.44.1.1, which is none of its names", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_of_the_daemon_before_init_are_refused()
    {
        var (code, _, error) = await RunAsync("agent", "--config", Config, "init", "--allow", alice);
        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains("--config before init", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_at_once_lose_no_key()
    {
        string[] keys = [.. Enumerable.Range(0, 8).Select(number => SshKeyFile.Create(folder["key-" + number], "key-" + number).Key.ToString())];
        var codes = await Task.WhenAll(keys.Select(key => Task.Run(() => InitAsync("--allow", key))));
        Assert.All(codes, run => Assert.Equal(ExitCodes.Ok, run.Code));
        Assert.Equal(8, OperatorFile.Parse(File.ReadAllText(Operators)).Operators.Count);
        Assert.Single(codes.Select(run => run.Output.Split('\n').First(line => line.StartsWith("pin", StringComparison.Ordinal))).Distinct());
        Assert.Equal(3, Directory.GetFiles(folder["etc"]).Length);
    }

    [Fact]
    public async Task A_proxy_gets_a_key_of_its_own_and_says_what_its_agents_need()
    {
        string config = folder["px/proxy.toml"];
        string[] words = ["proxy", "init", "--config", config, "--allow", alice, "--listen", "127.44.1.9:3441", "--host", "db-1=10.2.0.7:3450", "--host", "db-2=10.2.0.8", "--hosts", "web-[01-20]"];
        var (code, output, error) = await RunAsync(words);
        Assert.Equal((ExitCodes.Ok, string.Empty), (code, error));
        var settings = Assert.IsType<ProxyConfig.Valid>(ProxyFile.Read(config, ProxyOverrides.None, Deploy.Modes.RegularFile.Read)).Settings;
        Assert.Equal(22, settings.Hosts.Count);
        Assert.All(settings.Hosts.Values, host => Assert.Equal(HostWire.V1, host.Wire));
        Assert.Equal(("10.2.0.7", 3450), (settings.Hosts["db-1"].Address, settings.Hosts["db-1"].Port));
        Assert.Equal(Mode0600, File.GetUnixFileMode(folder["px/proxy_key"]));
        var own = SshKeyFile.Open(folder["px/proxy_key"]).Key;
        Assert.StartsWith("proxy-", own.Comment, StringComparison.Ordinal);
        Assert.Contains($"key    orders=\"read\" {own}\n", output, StringComparison.Ordinal);
        Assert.Contains($"  deploy agent init --proxy '{own}'", output, StringComparison.Ordinal);
        Assert.Contains($"  deploy client trust --known-agents {folder["px/known_agents"]} '", output, StringComparison.Ordinal);
        Assert.Contains("  deploy client trust 127.44.1.9:3441 deploy1-", output, StringComparison.Ordinal);

        (code, string again, _) = await RunAsync("proxy", "init", "--config", config);
        Assert.Equal(ExitCodes.Ok, code);
        Assert.DoesNotContain("made", again, StringComparison.Ordinal);
        Assert.Equal(output.Split('\n').Where(line => line.StartsWith("pin", StringComparison.Ordinal) || line.StartsWith("key", StringComparison.Ordinal)), again.Split('\n').Where(line => line.StartsWith("pin", StringComparison.Ordinal) || line.StartsWith("key", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("db-1=")]
    [InlineData("=10.0.0.1")]
    [InlineData("a b=10.0.0.1")]
    public async Task A_host_that_is_none_is_refused_before_anything_is_written(string host)
    {
        var (code, _, error) = await RunAsync("proxy", "init", "--config", folder["px/proxy.toml"], "--allow", alice, "--host", host);
        Assert.True(code == ExitCodes.Usage, error);
        Assert.False(Directory.Exists(folder["px"]));
    }

    [Fact]
    public void The_originals_names_have_no_init()
    {
        Assert.DoesNotContain(new AgentCommand().Parser("deploy-agent", "deploy-agent").Subcommands, command => command.Name == "init");
        Assert.DoesNotContain(new ProxyCommand().Parser("deploy-proxy", "deploy-proxy").Subcommands, command => command.Name == "init");
    }

    [Fact]
    public async Task The_folder_of_the_configuration_may_be_a_link()
    {
        Directory.CreateDirectory(folder["data"]);
        Directory.CreateSymbolicLink(folder["etc"], folder["data"]);
        var (code, _, error) = await InitAsync("--allow", alice);
        Assert.Equal((ExitCodes.Ok, string.Empty), (code, error));
        Assert.Equal(["agent.toml", "authorized_operators", "host_key.pem"], Directory.GetFiles(folder["data"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_a_killed_one_left_is_gone_with_the_next()
    {
        Assert.Equal(ExitCodes.Ok, (await InitAsync("--allow", alice)).Code);
        foreach (string name in (string[])["agent.toml", "authorized_operators", "host_key.pem"])
        {
            File.WriteAllText(folder[$"etc/{name}.{Guid.NewGuid():N}.new"], "half");
        }

        Assert.Equal(ExitCodes.Ok, (await InitAsync("--allow", bob)).Code);
        Assert.Equal(["agent.toml", "authorized_operators", "host_key.pem"], Directory.GetFiles(folder["etc"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_new_file_is_whole_or_not_there_and_never_over_a_link()
    {
        Assert.True(InitialFile.TryMake(folder["one"], "text", Mode0644));
        Assert.False(InitialFile.TryMake(folder["one"], "other", Mode0644));
        Assert.Equal("text", File.ReadAllText(folder["one"]));
        File.CreateSymbolicLink(folder["link"], folder["nowhere"]);
        Assert.False(InitialFile.TryMake(folder["link"], "text", Mode0644));
        Assert.False(File.Exists(folder["nowhere"]));
        Assert.Throws<UserError>(() => InitialFile.TryMake(folder["no/such/folder"], "text", Mode0644));
        Assert.DoesNotContain(Directory.GetFiles(folder.Path), file => file.EndsWith(".new", StringComparison.Ordinal));
    }

    [Fact]
    public void Lines_are_added_to_what_a_link_leads_to()
    {
        File.WriteAllText(folder["real"], "a\n");
        File.CreateSymbolicLink(folder["link"], folder["real"]);
        Assert.Equal(["b"], InitialFile.Add(folder["link"], ["a", "b"], (one, other) => one == other, Mode0644));
        Assert.Equal("a\nb\n", File.ReadAllText(folder["real"]));
        Assert.NotNull(new FileInfo(folder["link"]).LinkTarget);
    }

    private AgentSettings Settings() => Assert.IsType<AgentConfig.Valid>(AgentFile.Read(Config, AgentOverrides.None, "host", Deploy.Modes.RegularFile.Read)).Settings;

    private Task<(int Code, string Output, string Error)> InitAsync(params string[] words) => RunAsync(["agent", "init", "--config", Config, .. words]);

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] words)
    {
        var harness = new ClientHarness();
        int code = await harness.DeployAsync(words);
        return (code, harness.Output, harness.Error);
    }
}
