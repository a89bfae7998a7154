using Deploy.Security.Keys;
using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd;

/// <summary>From nothing to a signed order with the binary that ships: init, start, trust, status, rsync; then through a proxy.</summary>
[Trait("Category", "EndToEnd")]
public class SecureSetUpTests
{
    [Fact]
    public async Task Three_commands_lead_to_a_signed_order_and_three_more_through_a_proxy()
    {
        using var folder = new TempFolder();
        using var origin = TestOrigin.Start(folder);
        string alice = SshKeyFile.Create(folder["alice"], "alice").Key.ToString();
        SshKeyFile.Create(folder["mallory"], "mallory");
        var (agentAt, proxyAt) = (LoopbackAddress.Next(), LoopbackAddress.Next());
        string target = Directory.CreateDirectory(folder["www"]).FullName + "/site";
        var environment = new Dictionary<string, string?> { ["XDG_CONFIG_HOME"] = folder["config"], ["XDG_STATE_HOME"] = folder["journal"], ["SSH_AUTH_SOCK"] = null };
        Task<ProgramRun> Deploy(params string[] words) => ProgramRun.RunAsync(words, environment);
        Task<ProgramRun> Client(string identity, params string[] words) => Deploy(["client", .. words, "--identity", folder[identity]]);

        string[] init = ["agent", "init", "--config", folder["agent/agent.toml"], "--allow", alice, "--name", "web-1", "--name", agentAt, "--listen", agentAt + ":3440", "--path", folder["www"], "--group", "site", "--origin", origin.Site, "--target", target];
        var made = Ok(await Deploy(init));
        var again = Ok(await Deploy(init));
        Assert.Equal(Pin(made), Pin(again));
        await using (var agent = await RunningSetUp.StartAsync("agent", folder["agent/agent.toml"], folder["agent/state"]))
        {
            Assert.Equal(64, (await Deploy("client", "trust", agentAt, Pin(made)[..^1] + (Pin(made)[^1] == 'A' ? 'B' : 'A'))).ExitCode); // mistyped
            Ok(await Deploy("client", "trust", agentAt, Pin(made)));
            Ok(await Client("alice", "status", "site", "--hosts", agentAt));
            Assert.False(Directory.Exists(target));
            Ok(await Client("alice", "rsync", "site", "--hosts", agentAt));
            Assert.NotEmpty(Directory.GetFileSystemEntries(target));
            Assert.Equal(12, (await Client("mallory", "rsync", "site", "--hosts", agentAt)).ExitCode);
            Assert.Contains("alice", Ok(await Client("alice", "whoami", "--hosts", agentAt)).Out, StringComparison.Ordinal);
            Assert.Contains("secure alone", Ok(await Deploy("doctor", "--hosts", agentAt, "--identity", folder["alice"])).Out, StringComparison.Ordinal);

            var proxy = Ok(await Deploy("proxy", "init", "--config", folder["proxy/proxy.toml"], "--allow", alice, "--listen", proxyAt + ":3441", "--host", "web-1=" + agentAt));
            string own = proxy.Lines.First(line => line.StartsWith("key ", StringComparison.Ordinal))[4..].Trim();
            Ok(await Deploy("agent", "init", "--config", folder["agent/agent.toml"], "--proxy", own));
            await using var relay = await RunningSetUp.StartAsync("proxy", folder["proxy/proxy.toml"], folder["proxy/state"]);
            Ok(await Deploy("client", "trust", proxyAt + ":3441", Pin(proxy)));
            Assert.Contains($"deploy client trust --known-agents {folder["proxy/known_agents"]} {agentAt}, then reload the proxy", (await Client("alice", "status", "site", "--via", proxyAt, "--hosts", "web-1")).Out, StringComparison.Ordinal);
            Assert.Contains("systemctl reload deploy-proxy", Ok(await Deploy("client", "trust", "--known-agents", folder["proxy/known_agents"], agentAt, Pin(made))).Error, StringComparison.Ordinal);
            relay.Signal(1); // SIGHUP, signal(7)
            await relay.LogHasAsync("the configuration was read again");
            Ok(await Client("alice", "rsync", "site", "--via", proxyAt, "--hosts", "web-1"));
            Assert.NotEqual(0, (await Client("mallory", "status", "site", "--via", proxyAt, "--hosts", "web-1")).ExitCode);
            Assert.Equal(0, await relay.StopAsync());
            Assert.Equal(0, await agent.StopAsync());
        }
    }

    private static ProgramRun Ok(ProgramRun run)
    {
        Assert.True(run.ExitCode == 0, $"exit {run.ExitCode}: {run.Out}{run.Error}");
        return run;
    }

    private static string Pin(ProgramRun run) => run.Lines.First(line => line.StartsWith("pin ", StringComparison.Ordinal))[4..].Trim();
}
