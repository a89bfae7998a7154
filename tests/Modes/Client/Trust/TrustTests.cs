using System.Net;
using System.Text.Json;
using Deploy.Model;
using Deploy.Output;
using Deploy.Security.Channel;
using Deploy.Security.Keys;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Modes.Client.Trust;

/// <summary><c>deploy client trust</c> against an agent in this process.</summary>
public class TrustTests
{
    [Fact]
    public async Task A_pin_that_is_right_is_written_and_another_is_not()
    {
        await using var stage = await Stage.StartAsync("127.41.2.1");
        var (code, _, error) = await stage.RunAsync(null, stage.Host, Stage.Make().Pin.ToString());
        Assert.Equal(ExitCodes.Authentication, code);
        Assert.Contains(stage.Pin.ToString(), error, StringComparison.Ordinal);
        Assert.False(File.Exists(stage.File));
        (code, string output, _) = await stage.RunAsync(null, stage.Host, stage.Pin.ToString().ToLowerInvariant());
        Assert.Equal(ExitCodes.Ok, code);
        Assert.Contains("is its key from here on", output, StringComparison.Ordinal);
        Assert.Equal($"{stage.Address} {stage.Address} {stage.Port} {stage.Pin}\n", await System.IO.File.ReadAllTextAsync(stage.File));
        (code, output, _) = await stage.RunAsync(null, stage.Host);
        Assert.Equal(ExitCodes.Ok, code);
        Assert.Contains($"known already, {stage.File}:1", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("y\n", ExitCodes.Ok)]
    [InlineData("yes\n", ExitCodes.Ok)]
    [InlineData("\n", ExitCodes.Refused)]
    [InlineData("n\n", ExitCodes.Refused)]
    [InlineData("", ExitCodes.Refused)]
    [InlineData(null, ExitCodes.Refused)]
    public async Task Without_a_pin_it_is_shown_and_a_person_is_asked(string? typed, int expected)
    {
        await using var stage = await Stage.StartAsync("127.41.2.2");
        var (code, _, error) = await stage.RunAsync(typed, stage.Host);
        Assert.Equal(expected, code);
        Assert.Contains(stage.Pin.ToString(), error, StringComparison.Ordinal);
        Assert.Equal(expected == ExitCodes.Ok, File.Exists(stage.File));
        Assert.Equal(typed is null, error.Contains("there is no terminal to ask", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_that_changed_takes_a_word_more_and_an_order_to_it_is_not_sent()
    {
        await using var stage = await Stage.StartAsync("127.41.2.3");
        Assert.Equal(ExitCodes.Ok, (await stage.RunAsync(null, stage.Host, stage.Pin.ToString())).Code);
        var next = Stage.Make();
        stage.Agent.Daemon.Reload(stage.Agent.Daemon.Settings with { HostKey = next });
        var (code, _, error) = await stage.RunAsync("y\n", stage.Host);
        Assert.Equal(ExitCodes.Authentication, code);
        Assert.Contains("REMOTE HOST KEY HAS CHANGED", error, StringComparison.Ordinal);
        Assert.Contains($"and right: deploy client trust --known-agents {stage.File} {stage.Host} --replace PIN\n", error, StringComparison.Ordinal);
        Assert.Contains($"{stage.Pin}  ({stage.File}:1)", error, StringComparison.Ordinal);
        Assert.Contains(next.Pin.ToString(), error, StringComparison.Ordinal);

        int before = stage.Agent.Log.Requests.Count;
        var client = stage.Client(null);
        Assert.Equal(ExitCodes.Authentication, await client.DeployAsync("client", "status", "site", "--hosts", stage.Host, "--identity", stage.Identity()));
        Assert.Contains("REMOTE HOST KEY HAS CHANGED", client.Error, StringComparison.Ordinal);
        Assert.Contains("its host key has changed", client.Output, StringComparison.Ordinal);
        Assert.Equal(before, stage.Agent.Log.Requests.Count);

        Assert.Equal(ExitCodes.Ok, (await stage.RunAsync(null, stage.Host, "--replace", next.Pin.ToString())).Code);
        Assert.Equal(next.Pin, KnownAgentsFile.Load(stage.File).All.Single().Pin);
    }

    [Fact]
    public async Task A_file_that_is_named_may_be_a_proxys_which_has_to_be_reloaded_when_it_changed()
    {
        await using var stage = await Stage.StartAsync("127.41.2.13");
        Assert.Contains($"a proxy that goes by {stage.File} takes this from when it is reloaded: systemctl reload deploy-proxy", (await stage.RunAsync(null, stage.Host, stage.Pin.ToString())).Error, StringComparison.Ordinal);
        Assert.DoesNotContain("reload", (await stage.RunAsync(null, stage.Host, stage.Pin.ToString())).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_that_is_planned_needs_nobody_and_is_told()
    {
        await using var stage = await Stage.StartAsync("127.41.2.4");
        var next = Stage.Make();
        Assert.Equal(ExitCodes.Failed, (await stage.RunAsync(null, stage.Host, "--next", next.Pin.ToString())).Code);
        Assert.Equal(ExitCodes.Ok, (await stage.RunAsync(null, stage.Host, stage.Pin.ToString())).Code);
        Assert.Equal(ExitCodes.Ok, (await stage.RunAsync(null, stage.Host, "--next", next.Pin.ToString())).Code);
        stage.Agent.Daemon.Reload(stage.Agent.Daemon.Settings with { HostKey = next });
        var client = stage.Client(null);
        await client.DeployAsync("client", "status", "site", "--hosts", stage.Host, "--identity", stage.Identity());
        Assert.Contains("put it in force: deploy client trust", client.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("CHANGED", client.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Ok, (await stage.RunAsync(null, stage.Host, next.Pin.ToString())).Code);
        Assert.Equal((next.Pin, null), (KnownAgentsFile.Load(stage.File).All.Single().Pin, KnownAgentsFile.Load(stage.File).All.Single().Next));
    }

    [Fact]
    public async Task What_is_known_is_listed_and_forgotten_and_told_as_JSON()
    {
        await using var stage = await Stage.StartAsync("127.41.2.5");
        Assert.Equal(ExitCodes.Ok, (await stage.RunAsync(null, stage.Host, stage.Pin.ToString())).Code);
        var (code, output, _) = await stage.RunAsync(null, "--list", "--json");
        Assert.Equal(ExitCodes.Ok, code);
        using var json = JsonDocument.Parse(output);
        var one = json.RootElement.GetProperty("hosts")[0];
        Assert.Equal((stage.Address, stage.Port, "known", stage.Pin.ToString()), (one.GetProperty("host").GetString(), one.GetProperty("port").GetInt32(), one.GetProperty("state").GetString(), one.GetProperty("pin").GetString()));
        Assert.Equal(ExitCodes.Failed, (await stage.RunAsync(null, "--remove", "web-999")).Code);
        Assert.Equal(ExitCodes.Ok, (await stage.RunAsync(null, "--remove", stage.Host)).Code);
        Assert.Equal(string.Empty, await File.ReadAllTextAsync(stage.File));
        Assert.Equal(ExitCodes.Failed, (await stage.RunAsync(null, "--list", stage.Host)).Code);
    }

    [Fact]
    public async Task Who_is_not_there_or_speaks_no_TLS_is_said_and_nothing_is_written()
    {
        await using var stage = await Stage.StartAsync("127.41.2.6");
        await using var plain = ScriptedServer.Answering("HTTP/1.1 400 no\r\n\r\n"u8.ToArray());
        foreach (string host in new[] { "127.41.2.66:9", $"{plain.Address}:{plain.Port}" })
        {
            var (code, _, error) = await stage.RunAsync("y\n", host);
            Assert.Equal(ExitCodes.HostUnreachable, code);
            Assert.Contains(host, error, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(stage.File));
    }

    [Theory]
    [InlineData]
    [InlineData("a", "b", "deploy1-AAAAAAA")]
    [InlineData("a", "--list", "--remove")]
    [InlineData("--remove")]
    [InlineData("a", "--next", "deploy1-A")]
    [InlineData("a", "--via", "p")]
    public async Task What_makes_no_sense_is_wrong_usage(params string[] words)
    {
        var client = new ClientHarness { KnownAgents = "/dev/null" };
        Assert.Equal(ExitCodes.Usage, await client.DeployAsync(["client", "trust", .. words]));
    }

    [Fact]
    public async Task A_host_elsewhere_whose_key_is_not_known_is_refused_with_the_next_step()
    {
        var client = new ClientHarness { KnownAgents = "/dev/null" };
        Assert.Equal(ExitCodes.Refused, await client.DeployAsync("client", "status", "site", "--hosts", "192.0.2.7:3500"));
        Assert.Contains("deploy client trust --known-agents /dev/null 192.0.2.7:3500", client.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_that_write_at_once_lose_nothing()
    {
        await using var stage = await Stage.StartAsync("127.41.2.7");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(async () =>
        {
            string host = $"127.41.2.7:{stage.Port}";
            return await stage.RunAsync(null, number % 2 == 0 ? host : $"localhost{number}.invalid", stage.Pin.ToString());
        })));
        Assert.Single(KnownAgentsFile.Load(stage.File).All);
    }

    /// <summary>An agent with a host key, and a file of known keys.</summary>
    private sealed class Stage : IAsyncDisposable
    {
        private readonly TempFolder folder = new();

        private Stage(AgentFixture agent, Pin pin) => (Agent, Pin) = (agent, pin);

        public AgentFixture Agent { get; }

        public Pin Pin { get; }

        public string File => folder["known_agents"];

        public string Address => Agent.Address.Address.ToString();

        public int Port => Agent.Address.Port;

        public string Host => $"{Address}:{Port}";

        public static HostKey Make() => HostKey.Read(HostKey.MakePem(DateTimeOffset.UtcNow), out _)!;

        public static async Task<Stage> StartAsync(string address)
        {
            var key = Make();
            return new Stage(await AgentFixture.StartAsync(settings => settings with { Listen = [new IPEndPoint(IPAddress.Parse(address), 0)], HostKey = key, AllowedHosts = ["127.0.0.0/8"] }), key.Pin);
        }

        /// <summary>A key that signs.</summary>
        public string Identity()
        {
            string path = folder["id"];
            return System.IO.File.Exists(path) ? path : SshKeyFile.Create(path, "alice").Name;
        }

        public ClientHarness Client(string? typed) => new()
        {
            KnownAgents = File,
            Terminal = new Terminal(new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" }) { Input = typed is null ? null : new StringReader(typed) },
        };

        /// <summary><c>deploy client trust …</c>.</summary>
        /// <param name="typed">What a person types; null has no terminal.</param>
        /// <param name="words">Behind it.</param>
        public async Task<(int Code, string Output, string Error)> RunAsync(string? typed, params string[] words)
        {
            var client = Client(typed);
            int code = await client.DeployAsync(["client", "trust", .. words]);
            return (code, client.Output, client.Error);
        }

        public async ValueTask DisposeAsync()
        {
            await Agent.DisposeAsync();
            folder.Dispose();
        }
    }
}
