using System.Text;
using Deploy.Model;
using Deploy.Jobs.Relay.Judging;
using Deploy.Protocol;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Jobs.Relay;

/// <summary>What an agent of ours says of its job beside the original's body reaches the client through a proxy too.</summary>
public class JobFactsTests
{
    private const string Counts = "{\n\"return\": \"true\",\n\"alreadyRsync\": \"false\",\n\"transferFilesCount\": \"3\",\n\"transferFilesSize\": \"9\"\n}";

    [Fact]
    public async Task How_the_last_sync_ended_is_not_lost_behind_a_proxy()
    {
        var header = new JobHeader(JobId.New(DateTimeOffset.UnixEpoch).ToString(), HostState.Ok) { Changes = 4, LastSync = "failed 2026-11-22T13:00:00Z: signal 9" };
        var report = await AskAsync($"{JobHeader.Name}: {header.Encode()}\r\n");
        Assert.Equal((HostState.Failed, Hints.LastSync), (report.State, report.NextStep));
        Assert.Contains("signal 9", report.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_original_agents_result_is_as_it_was() => Assert.Equal((HostState.Ok, null), await AskAsync(string.Empty) is var report ? (report.State, report.NextStep) : default);

    private static async Task<HostReport> AskAsync(string headers)
    {
        await using var agent = ScriptedServer.Answering(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n{headers}Content-Length: {Counts.Length}\r\nConnection: close\r\n\r\n{Counts}"));
        await using var proxy = await ProxyFixture.StartAsync([(agent.Address, agent.Port)]);
        var reply = await proxy.OrderAsync("status", "site");
        var outcome = new Answered(200, "OK", Encoding.UTF8.GetBytes(reply.Body), "deploy/0");
        return Assert.Single(new Judge(Order.Status, "groups:web").Of("proxy", outcome).Reports);
    }
}
