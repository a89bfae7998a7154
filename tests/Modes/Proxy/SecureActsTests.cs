using System.Net;
using System.Text;
using Deploy.Jobs.Commands;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Modes.Agent;
using Deploy.Modes.Proxy;
using Deploy.Security;
using Deploy.Security.Channel;
using Deploy.Security.Keys;
using Deploy.Tests.Attacks;
using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Deploy.Tests.Security.Keys;
using Xunit;

namespace Deploy.Tests.Modes.Proxy;

/// <summary>A proxy and an agent in the secure mode, in this process: what scripts and operators may do through the proxy.</summary>
public sealed class SecureActsTests : IAsyncLifetime, IDisposable
{
    private const string At = "127.65.0.2";

    private readonly TempFolder folder = new();
    private readonly ListLog log = new();
    private readonly TestKey alice = new(21, "alice");
    private readonly TestKey carol = new(22, "carol");
    private AgentDaemon agent = null!;
    private ProxyDaemon proxy = null!;

    public async Task InitializeAsync()
    {
        var own = SshKeyFile.Create(folder["proxy_key"], "proxy");
        await File.WriteAllTextAsync(folder["agent_operators"], $"{own.Key}\n{alice.Key}\norders=\"status\" {carol.Key}\n");
        await File.WriteAllTextAsync(folder["proxy_operators"], $"{alice.Key}\n{carol.Key}\n");
        var key = HostKey.Read(HostKey.MakePem(DateTimeOffset.UtcNow), out _)!;
        agent = new AgentDaemon(
            AgentSettings.Of("web-1") with
            {
                Listen = [new IPEndPoint(IPAddress.Parse("127.65.0.1"), 0)],
                AllowedHosts = ["127.0.0.0/8"],
                HostKey = key,
                OperatorsFile = folder["agent_operators"],
                Commands = new[] { "true", "sleep" }.ToDictionary(name => name, name => CommandEntry.Parse(name, $"/bin/{name} %s")),
            },
            Directory.CreateDirectory(folder["agent"]).FullName,
            TimeProvider.System,
            log);
        await agent.StartAsync(null, CancellationToken.None);
        var host = new ProxyHost { Name = "web-1", Address = "127.65.0.1", Port = agent.Bound[0].Port, Wire = HostWire.V1, Pin = key.Pin.ToString() };
        proxy = new ProxyDaemon(
            new ProxySettings
            {
                Listen = [new IPEndPoint(IPAddress.Parse(At), 3440)],
                AllowedHosts = ["127.0.0.0/8"],
                HostKey = key,
                OperatorsFile = folder["proxy_operators"],
                ProxyKeyFile = folder["proxy_key"],
                Hosts = new Dictionary<string, ProxyHost>(HostName.Comparer) { ["web-1"] = host },
                Groups = new Dictionary<string, HostSet> { ["web"] = HostSet.Of(["web-1"]), ["db"] = HostSet.Of(["db-1"]) },
                ApiKeys = [Script("webs", "web"), Script("dbs", "db"), Script("none")],
            },
            Directory.CreateDirectory(folder["proxy"]).FullName,
            TimeProvider.System,
            log);
        await proxy.StartAsync(null, CancellationToken.None);
    }

    [Fact]
    public async Task An_order_of_a_script_that_does_not_say_until_when_runs_and_is_the_same_job_when_it_is_sent_again()
    {
        string id = JobId.New(DateTimeOffset.UtcNow).ToString();
        Assert.Equal(202, (await OrderAsync("webs", id, "true")).Status);
        Assert.Equal("ok", await EndAsync(id));
        Assert.Equal(200, (await OrderAsync("webs", id, "true")).Status);
        Assert.Equal(403, (await OrderAsync("dbs", JobId.New(DateTimeOffset.UtcNow).ToString(), "true")).Status);
    }

    [Fact]
    public async Task A_script_of_no_or_other_groups_cancels_nothing_and_takes_no_lease()
    {
        string id = JobId.New(DateTimeOffset.UtcNow).ToString();
        Assert.Equal(202, (await OrderAsync("webs", id, "sleep", "30")).Status);
        await UntilAsync(id, "running");
        foreach (string key in new[] { "dbs", "none" })
        {
            foreach (string act in new[] { "cancel", "pause", "resume" })
            {
                var no = await ScriptAsync(key, $"/v1/jobs/{id}/{act}");
                Assert.True((no.Status, no.Problem) == (403, "not-allowed"), no.ToString());
            }
        }

        Assert.Equal(403, (await ScriptAsync("none", $"/v1/jobs/{JobId.New(DateTimeOffset.UtcNow)}/cancel")).Status);
        Assert.Equal(200, (await ScriptAsync("webs", $"/v1/jobs/{id}/cancel")).Status);
        Assert.Equal("cancelled", await EndAsync(id));
    }

    [Fact]
    public async Task Whom_the_agent_does_not_let_cancel_leaves_the_host_running_with_a_warning_and_another_may()
    {
        string id = JobId.New(DateTimeOffset.UtcNow).ToString();
        Assert.Equal(202, (await OrderAsync("webs", id, "sleep", "30")).Status);
        await UntilAsync(id, "running");
        var asked = CancelAsync(carol, id);
        await UntilAsync(id, "could not be cancelled: ");
        Assert.Contains("\"running\"", (await ReadAsync($"/v1/jobs/{id}/hosts")).Body, StringComparison.Ordinal);
        Assert.Equal(200, (await CancelAsync(alice, id)).Status);
        Assert.Equal(200, (await asked).Status);
        Assert.Equal("cancelled", await EndAsync(id));
    }

    public async Task DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await proxy.StopAsync(now.Token);
        await proxy.DisposeAsync();
        await agent.StopAsync(now.Token);
        await agent.DisposeAsync();
    }

    public void Dispose() => folder.Dispose();

    private static ApiKey Script(string name, params string[] groups) => new(name, ApiKey.HashOf("key-of-" + name), groups);

    private static Task<RawAnswer> OrderAsync(string key, string id, string command, params string[] words) => ScriptAsync(
        key, "/v1/jobs", $$"""{"id":"{{id}}","order":"exec","hosts":"web-1","command":"{{command}}"{{(words.Length == 0 ? string.Empty : $",\"arguments\":[\"{words[0]}\"]")}}}""");

    private static Task<RawAnswer> ScriptAsync(string key, string target, string body = "") => RawAnswer.ByTlsAsync(At, Encoding.UTF8.GetBytes(
        $"POST {target} HTTP/1.1\r\nHost: proxy\r\nConnection: close\r\nAuthorization: Bearer key-of-{key}\r\nContent-Length: {body.Length}\r\n{(body.Length == 0 ? string.Empty : "Content-Type: application/json\r\n")}\r\n{body}"));

    private static Task<RawAnswer> CancelAsync(TestKey key, string id) => RawAnswer.ByTlsAsync(At, new SignedRequest { Key = key, Target = $"/v1/jobs/{id}/cancel" }.ToBytes());

    private Task<RawAnswer> ReadAsync(string target) => RawAnswer.ByTlsAsync(At, SignedRequest.Get(alice, target).ToBytes());

    private Task UntilAsync(string id, string text) => Eventually.TrueAsync(
        () => ReadAsync($"/v1/jobs/{id}/hosts").GetAwaiter().GetResult().Body.Contains(text, StringComparison.Ordinal),
        () => ReadAsync($"/v1/jobs/{id}/hosts").GetAwaiter().GetResult().Body + string.Join('\n', log.Entries));

    private async Task<string> EndAsync(string id)
    {
        await UntilAsync(id, "\"ended\"");
        return (await ReadAsync($"/v1/jobs/{id}/hosts")).Json().GetProperty("items")[0].GetProperty("state").GetString()!;
    }
}
