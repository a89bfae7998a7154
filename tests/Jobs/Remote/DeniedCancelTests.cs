using Deploy.Jobs.Remote;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Protocol.V1;
using Deploy.Tests.Fixtures;
using Xunit;
using static Deploy.Tests.Jobs.Remote.AgentScript;

namespace Deploy.Tests.Jobs.Remote;

/// <summary>What an agent says no to, and what it is not told.</summary>
public class DeniedCancelTests
{
    private static readonly RemoteSettings Quick = new() { FirstAgain = TimeSpan.FromMilliseconds(10), MostAgain = TimeSpan.FromMilliseconds(50), DrainTime = TimeSpan.FromMilliseconds(300) };

    [Theory]
    [InlineData(401, "unauthenticated")]
    [InlineData(403, "not-allowed")]
    [InlineData(403, "too-late")]
    public async Task A_host_whose_agent_does_not_let_it_be_cancelled_is_followed_to_its_end(int status, string type)
    {
        ScriptedRun? run = null;
        using var own = run = new ScriptedRun(ScriptedRun.Spec(), "web-1") { OnRunning = () => run!.Cancel() };
        var id = run.Document.Spec.Id;
        await using var agent = new AgentScript(async (line, times, peer) =>
        {
            if (line == "POST /v1/jobs")
            {
                await peer.SendAsync(Bytes(Head + Hello() + State(id, HostState.Running)));
                await peer.HangAsync();
            }

            await peer.SendAsync(line.EndsWith("/cancel", StringComparison.Ordinal) ? Bytes(Problem(status, type, "bob may not order this"))
                : Bytes(Head + Hello() + State(id, times == 0 ? HostState.Running : HostState.Ok) + (times == 0 ? string.Empty : End(id))));
        });
        await RunAsync(run, agent);
        Assert.Equal((HostState.Ok, "could not be cancelled: bob may not order this", 1), (run.End!.State, run.End.Warning, run.Denials));
        Assert.Contains("could not be cancelled: bob may not order this", run.Waits);
        Assert.Single(agent.Requests, request => request.Contains("/cancel ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_host_that_may_not_be_cancelled_and_never_came_there_is_not_handed_in_any_more()
    {
        ScriptedRun? run = null;
        using var own = run = new ScriptedRun(ScriptedRun.Spec(), "web-1") { OnWaiting = what => (what?.StartsWith("no contact", StringComparison.Ordinal) == true ? run : null)?.Cancel() };
        await using var agent = new AgentScript((line, _, peer) => peer.SendAsync(Bytes(
            line == "POST /v1/jobs" ? string.Empty
            : line == "GET /v1/self" ? Self(kept: true)
            : line.EndsWith("/cancel", StringComparison.Ordinal) ? Problem(403, "not-allowed", "no")
            : Problem(404, "not-found", "no such job"))));
        await RunAsync(run, agent);
        Assert.Equal(HostState.Cancelled, run.End!.State);
        Assert.Single(agent.Requests, request => request.StartsWith("POST /v1/jobs ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_signed_is_not_sent_in_the_clear()
    {
        using var run = new ScriptedRun(ScriptedRun.Spec(), "web-1");
        using var signed = new ScriptedRun(run.Document.Spec, "web-1") { Document = run.Document.Signed(new RequestProof("sig=secret", "sig=:AA==:", "sha-256=:AA==:")) };
        var id = run.Document.Spec.Id;
        await using var agent = new AgentScript((_, _, peer) => peer.SendAsync(Bytes(Head + Hello() + State(id, HostState.Running) + State(id, HostState.Ok, rev: 2) + End(id))));
        await RunAsync(signed, agent);
        Assert.Equal(HostState.Ok, signed.End!.State);
        Assert.DoesNotContain("sig=", Assert.Single(agent.Requests), StringComparison.Ordinal);
    }

    private static async Task RunAsync(ScriptedRun run, AgentScript agent)
    {
        using var wire = new V1Wire(TimeProvider.System);
        var runner = new RemoteRunner(wire, host => new V1Peer(host, agent.Address, agent.Port), new HostContacts(), TimeProvider.System) { Settings = Quick };
        await runner.RunAsync(run, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.NotNull(run.End);
    }
}
