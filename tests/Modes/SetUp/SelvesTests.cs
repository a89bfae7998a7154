using System.Net;
using System.Text.Json;
using Deploy.Model;
using Deploy.Modes;
using Deploy.Modes.Agent;
using Deploy.Security.Channel;
using Deploy.Security.Keys;
using Deploy.Tests.Fixtures;
using Deploy.Tests.Modes.Client;
using Xunit;

namespace Deploy.Tests.Modes.SetUp;

/// <summary>From nothing to a signed question, the agents in this process: <c>init</c>, <c>trust</c>, <c>whoami</c>, <c>doctor</c>.</summary>
public sealed class SelvesTests : IAsyncDisposable, IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private readonly List<AgentFixture> agents = [];
    private readonly string alice;

    public SelvesTests() => alice = SshKeyFile.Create(folder["alice"], "alice").Key.ToString();

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in agents)
        {
            await agent.DisposeAsync();
        }

        folder.Dispose();
    }

    [Fact]
    public async Task Equal_answers_are_one_block_with_what_the_key_may()
    {
        string hosts = string.Join(',', await AgentAsync("127.44.2.1", "orders=\"status,rsync\",groups=\"site\" "), await AgentAsync("127.44.2.2", "orders=\"status,rsync\",groups=\"site\" "), await AgentAsync("127.44.2.3", string.Empty));
        var (code, output, error) = await ClientAsync("whoami", "--hosts", hosts);
        Assert.True(code == ExitCodes.Ok, output + error);
        string[] lines = output.Split('\n');
        Assert.Equal(2, lines.Count(line => line.EndsWith(": alice", StringComparison.Ordinal)));
        Assert.Contains("  may       status, rsync", lines);
        Assert.Contains("  groups    site", lines);
        Assert.Contains($"  key       {SshKeyFile.Open(folder["alice"]).Key.Fingerprint}", lines);
        Assert.Contains("  may       status, rlist, rsync, rkill, exec, allow-delete", lines);
        Assert.Contains($"  agent     deploy {DeployCommand.Version}", lines);
    }

    [Fact]
    public async Task A_key_that_is_not_known_there_and_a_host_that_is_not_there_are_said_with_the_next_step()
    {
        string known = await AgentAsync("127.44.2.4", string.Empty);
        SshKeyFile.Create(folder["mallory"], "mallory");
        var (code, _, error) = await ClientAsync("whoami", "--hosts", known, "--identity", folder["mallory"]);
        Assert.Equal(ExitCodes.Authentication, code);
        Assert.Contains("127.44.2.4", error, StringComparison.Ordinal);
        (code, string output, error) = await ClientAsync("whoami", "--hosts", $"{known},127.44.2.44:9");
        Assert.Equal(ExitCodes.HostUnreachable, code);
        Assert.Contains("alice", output, StringComparison.Ordinal);
        Assert.Contains("127.44.2.44", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_exits_as_an_order_would()
    {
        string known = await AgentAsync("127.44.2.9", string.Empty);
        agents[^1].Daemon.Reload(agents[^1].Daemon.Settings with { HostKey = HostKey.Read(HostKey.MakePem(DateTimeOffset.UtcNow), out _) });
        Assert.Equal(ExitCodes.Authentication, (await ClientAsync("whoami", "--hosts", known)).Code); // another key
        Assert.Equal(ExitCodes.Authentication, (await ClientAsync("whoami", "--via", known)).Code);
        string elsewhere = await AgentAsync("127.44.2.10", "from=\"192.0.2.1\" ");
        Assert.Equal(ExitCodes.Refused, (await ClientAsync("whoami", "--hosts", elsewhere)).Code);
        Assert.Equal(ExitCodes.HostFailed, (await ClientAsync("whoami", "--hosts", $"{elsewhere},{await AgentAsync("127.44.2.11", string.Empty)}")).Code);
        Assert.Equal(ExitCodes.HostFailed | ExitCodes.HostUnreachable, (await ClientAsync("whoami", "--hosts", $"{elsewhere},127.44.2.44:9")).Code);
    }

    [Fact]
    public async Task A_host_of_this_machine_whose_key_is_not_known_is_told_as_it_was_asked()
    {
        string host = await AgentAsync("127.44.2.15", string.Empty);
        File.WriteAllText(folder["none"], string.Empty);
        var (code, _, error) = await RunAsync("client", "whoami", "--hosts", host, "--known-agents", folder["none"]);
        Assert.Equal(ExitCodes.Authentication, code);
        Assert.Contains($"deploy client trust --known-agents {folder["none"]} {host}, then ask again", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_that_client_toml_names_signs()
    {
        string known = await AgentAsync("127.44.2.14", string.Empty);
        File.WriteAllText(folder["client.toml"], $"identity = \"{folder["alice"]}\"\nknown_agents = \"{folder["known_agents"]}\"\n");
        var (code, output, error) = await RunAsync("client", "whoami", "--hosts", known, "--config", folder["client.toml"]);
        Assert.True(code == ExitCodes.Ok, output + error);
        Assert.Contains(SshKeyFile.Open(folder["alice"]).Key.Fingerprint, output, StringComparison.Ordinal);
        SshKeyFile.Create(folder["mallory"], "mallory");
        Assert.Equal(ExitCodes.Authentication, (await RunAsync("client", "whoami", "--hosts", known, "--config", folder["client.toml"], "--identity", folder["mallory"])).Code); // the command line beats it
    }

    [Theory]
    [InlineData(true, "add the name to names in its [agent]")]
    [InlineData(false, "name it by its host name; other names need TOML there: deploy convert")]
    public async Task An_agent_that_is_asked_by_another_name_says_how_it_is_named(bool isToml, string hint)
    {
        string known = await AgentAsync(isToml ? "127.44.2.12" : "127.44.2.13", string.Empty);
        agents[^1].Daemon.Reload(agents[^1].Daemon.Settings with { Names = ["web-001"], IsOriginals = !isToml });
        var (code, output, error) = await ClientAsync("status", "site", "--hosts", known);
        Assert.Equal(ExitCodes.Refused, code);
        Assert.Contains(hint, output + error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_JSON_each_host_has_its_answer()
    {
        string known = await AgentAsync("127.44.2.5", "orders=\"read\" ");
        var (code, output, _) = await ClientAsync("whoami", "--hosts", known, "--json");
        Assert.Equal(ExitCodes.Ok, code);
        using var json = JsonDocument.Parse(output);
        var self = json.RootElement.GetProperty("hosts")[0].GetProperty("self");
        Assert.Equal(("alice", "read"), (self.GetProperty("who").GetString(), self.GetProperty("may")[0].GetString()));
        Assert.Equal("off", self.GetProperty("health").GetProperty("legacy").GetString());
        Assert.Equal(2, self.GetProperty("health").GetProperty("confinement").GetArrayLength());
    }

    [Fact]
    public async Task Nobody_and_both_are_wrong_usage()
    {
        Assert.Equal(ExitCodes.Usage, (await ClientAsync("whoami")).Code);
        Assert.Equal(ExitCodes.Usage, (await ClientAsync("whoami", "--hosts", "a", "--via", "p")).Code);
        Assert.Equal(ExitCodes.Usage, (await ClientAsync("whoami", "--hosts", "a", "--quiet")).Code);
    }

    [Fact]
    public async Task The_doctor_folds_hosts_that_are_alike_and_a_host_that_is_not_there_is_a_problem()
    {
        string hosts = string.Join(',', await AgentAsync("127.44.2.6", string.Empty), await AgentAsync("127.44.2.7", string.Empty));
        string forgets = await AgentAsync("127.44.2.8", string.Empty, isKept: false);
        var (code, output, error) = await RunAsync(["doctor", "--config", "/dev/null", "--hosts", hosts, .. Trust]);
        Assert.True(code == ExitCodes.Ok, output + error);
        Assert.Contains("clock", output, StringComparison.Ordinal);
        Assert.Contains("secure alone", output, StringComparison.Ordinal);
        Assert.DoesNotContain("in memory alone", output, StringComparison.Ordinal);
        (code, output, _) = await RunAsync(["doctor", "--config", "/dev/null", "--hosts", forgets, .. Trust]);
        Assert.Equal(ExitCodes.Failed, code);
        Assert.Matches("  problem +state +.*nothing that is ordered of it is recorded", output);
        (code, output, _) = await RunAsync(["doctor", "--config", "/dev/null", "--hosts", "127.44.2.66:9", "--json", .. Trust]);
        Assert.Equal(ExitCodes.Failed, code);
        using var json = JsonDocument.Parse(output);
        Assert.Equal("problem", json.RootElement.GetProperty("hosts")[0].GetProperty("findings")[0].GetProperty("grade").GetString());
    }

    [Fact]
    public async Task The_doctor_finds_nothing_wrong_with_what_init_made_and_finds_what_was_broken_since()
    {
        string config = folder["etc/agent.toml"];
        Assert.Equal(ExitCodes.Ok, (await RunAsync("agent", "init", "--config", config, "--allow", alice, "--path", folder.Path)).Code);
        var (code, output, _) = await RunAsync("doctor", "--daemon-config", config);
        Assert.True(code == ExitCodes.Ok, output);
        Assert.Contains("secure: TLS and signatures alone", output, StringComparison.Ordinal);
        Assert.Contains("1 key (alice)", output, StringComparison.Ordinal);
        Assert.Contains(HostKeyFile.Load(folder["etc/host_key.pem"])!.Pin.ToString(), output, StringComparison.Ordinal);

        File.AppendAllText(folder["etc/authorized_operators"], "rubbish\n");
        File.SetUnixFileMode(folder["etc/host_key.pem"], UnixFileMode.UserRead | UnixFileMode.OtherRead);
        File.AppendAllText(config, "[secure]\nunsigned_loopback = true\n");
        (code, output, _) = await RunAsync("doctor", "--daemon-config", config);
        Assert.Equal(ExitCodes.Failed, code);
        string[] problems = [.. output.Split('\n').Where(line => line.StartsWith("  problem", StringComparison.Ordinal))];
        Assert.Contains(problems, line => line.Contains("authorized_operators:3", StringComparison.Ordinal));
        Assert.Contains(problems, line => line.Contains("chmod 600", StringComparison.Ordinal));
        Assert.Contains(problems, line => line.Contains("unsigned_loopback is on", StringComparison.Ordinal));
    }

    private string[] Trust => ["--known-agents", folder["known_agents"], "--identity", folder["alice"]];

    /// <summary>An agent that init has set up, trusted: HOST:PORT.</summary>
    private async Task<string> AgentAsync(string address, string options, bool isKept = true)
    {
        string config = folder[$"{address}/agent.toml"];
        Assert.Equal(ExitCodes.Ok, (await RunAsync("agent", "init", "--config", config, "--allow", options + alice, "--name", address)).Code);
        var settings = Assert.IsType<AgentConfig.Valid>(AgentFile.Read(config, AgentOverrides.None, "host", RegularFile.Read)).Settings;
        var key = HostKeyFile.Load(settings.HostKeyFile!)!;
        var agent = await AgentFixture.StartAsync(_ => settings with { Listen = [new IPEndPoint(IPAddress.Parse(address), 0)], HostKey = key }, isKept ? Directory.CreateDirectory(folder[$"{address}/state"]).FullName : null);
        agents.Add(agent);
        string host = $"{address}:{agent.Address.Port}";
        Assert.Equal(ExitCodes.Ok, (await RunAsync("client", "trust", "--known-agents", folder["known_agents"], host, key.Pin.ToString())).Code);
        return host;
    }

    private Task<(int Code, string Output, string Error)> ClientAsync(params string[] words) =>
        RunAsync(["client", .. words, "--known-agents", folder["known_agents"], .. words.Contains("--identity") ? Array.Empty<string>() : ["--identity", folder["alice"]]]);

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] words)
    {
        var harness = new ClientHarness { KnownAgents = null };
        int code = await harness.DeployAsync(words);
        return (code, harness.Output, harness.Error);
    }
}
