using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Protocol.V1;
using Xunit;
using static Deploy.Tests.Jobs.Remote.AgentScript;

namespace Deploy.Tests.Jobs.Remote;

public class ShapeFetchesTests
{
    [Fact]
    public async Task A_large_shape_is_fetched_once_for_all_hosts_and_its_digest_checked()
    {
        byte[] content = RandomNumberGenerator.GetBytes(20_000);
        string digest = Convert.ToHexStringLower(SHA256.HashData(content));
        var spec = ScriptedRun.Spec(Order.Rsync, "web-[1-3]");
        var shapes = new ConcurrentDictionary<string, bool>();
        await using var agent = new AgentScript(async (line, _, peer) =>
        {
            if (line.StartsWith("GET", StringComparison.Ordinal))
            {
                await Task.Delay(50);
                byte[] answer = [.. Bytes($"HTTP/1.1 200 OK\r\nContent-Length: {content.Length}\r\nConnection: close\r\n\r\n"), .. content];
                await peer.SendAsync(answer);
                return;
            }

            string request = Encoding.UTF8.GetString(peer.Request);
            string host = request[(request.IndexOf("Deploy-Host: ", StringComparison.Ordinal) + 13)..].Split('\r')[0];
            await peer.SendAsync(Bytes(Head + Hello() + State(spec.Id, HostState.Ok, s => s with { Shape = digest }, host) + End(spec.Id)));
        });
        var runs = Enumerable.Range(1, 3).Select(number => new ScriptedRun(spec, $"web-{number}") { Shapes = shapes }).ToList();
        using var wire = new V1Wire(TimeProvider.System);
        var runner = RemoteRunnerTests.Runner(wire, agent.Address, agent.Port);
        await Task.WhenAll(runs.Select(run => runner.RunAsync(run, CancellationToken.None))).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.All(runs, run => Assert.Equal((HostState.Ok, digest), (run.End!.State, run.End.Shape)));
        Assert.Equal(content, Assert.Single(runs, run => run.End!.Content is not null).End!.Content!.Bytes.ToArray());
        Assert.Single(agent.Requests, request => request.StartsWith("GET", StringComparison.Ordinal));
        runs.ForEach(run => run.Dispose());
    }

    [Fact]
    public async Task A_shape_that_trickles_ends_with_a_cancellation_and_so_does_who_waits_for_it()
    {
        string digest = new('a', 64);
        var spec = ScriptedRun.Spec(Order.Rsync, "web-[1-2]");
        var asked = new TaskCompletionSource();
        await using var agent = new AgentScript(async (line, _, peer) =>
        {
            if (line.StartsWith("GET", StringComparison.Ordinal))
            {
                await peer.SendAsync(Bytes("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\nConnection: close\r\n\r\n"));
                asked.TrySetResult();
                for (int count = 0; count < 300; count++)
                {
                    await peer.SendAsync(Bytes("x"));
                    await Task.Delay(100);
                }
            }

            string request = Encoding.UTF8.GetString(peer.Request);
            string host = request[(request.IndexOf("Deploy-Host: ", StringComparison.Ordinal) + 13)..].Split('\r')[0];
            await peer.SendAsync(Bytes(Head + Hello() + State(spec.Id, HostState.Ok, s => s with { Shape = digest }, host) + End(spec.Id)));
        });
        var runs = Enumerable.Range(1, 2).Select(number => new ScriptedRun(spec, $"web-{number}")).ToList();
        using var wire = new V1Wire(TimeProvider.System);
        var runner = RemoteRunnerTests.Runner(wire, agent.Address, agent.Port);
        var all = Task.WhenAll(runs.Select(run => runner.RunAsync(run, CancellationToken.None)));
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await Task.Delay(200);
        runs.ForEach(run => run.Cancel());
        await all.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.All(runs, run => Assert.Equal((HostState.Ok, digest, true), (run.End!.State, run.End.Shape, run.End.Warning!.Contains("could not be fetched", StringComparison.Ordinal))));
        runs.ForEach(run => run.Dispose());
    }
}
