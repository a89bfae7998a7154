using Deploy.Model;
using Deploy.Model.Jobs;
using Xunit;
using static Deploy.Tests.Jobs.Remote.AgentScript;

namespace Deploy.Tests.Jobs.Remote;

/// <summary>An agent that says what cannot be costs its own host, and nothing else.</summary>
public class LyingAgentTests
{
    private static readonly JobId Other = JobId.New(DateTimeOffset.UnixEpoch);

    public static TheoryData<string> Lies => new(Cases.Keys);

    /// <summary>What is said behind the header, for a host <c>web-1</c>; by a name.</summary>
    internal static Dictionary<string, Func<JobId, string>> Cases { get; } = new()
    {
        ["another job"] = id => Hello() + State(Other, HostState.Ok),
        ["another host"] = id => Hello() + State(id, HostState.Ok, host: "web-2"),
        ["another host inside"] = id => Hello() + State(id, HostState.Ok, s => s with { Host = "web-2" }),
        ["no hello"] = id => State(id, HostState.Ok),
        ["two hellos"] = id => Hello() + Hello(),
        ["back to queued"] = id => Hello() + State(id, HostState.Running) + State(id, HostState.Queued, rev: 2),
        ["revs back"] = id => Hello() + State(id, HostState.Running, rev: 5) + State(id, HostState.Ok, rev: 4),
        ["negative bytes"] = id => Hello() + State(id, HostState.Running, s => s with { Progress = new HostProgress { BytesDone = -1, FilesDone = 0 } }),
        ["absurd bytes"] = id => Hello() + State(id, HostState.Running, s => s with { Progress = new HostProgress { BytesDone = long.MaxValue, FilesDone = 0 } }),
        ["absurd totals"] = id => Hello() + State(id, HostState.Ok, s => s with { Totals = new SyncTotals { Bytes = long.MaxValue } }),
        ["absurd exit code"] = id => Hello() + State(id, HostState.Ok, s => s with { ExitCode = -5 }),
        ["no digest"] = id => Hello() + State(id, HostState.Ok, s => s with { Shape = "../../etc" }),
        ["other content"] = id => Hello() + State(id, HostState.Ok, s => s with { Shape = new string('a', 64) }, content: new ShapeContent(ShapeKind.Output, Bytes("exit 0\n"))),
        ["content of nothing"] = id => Hello() + State(id, HostState.Ok, content: new ShapeContent(ShapeKind.Output, Bytes("exit 0\n"))),
        ["end without a state"] = id => Hello() + End(id),
        ["no JSON"] = id => Hello() + "ok\n",
        ["no object"] = id => Hello() + "[]\n",
        ["null"] = id => Hello() + "null\n",
        ["no event"] = id => Hello() + "{\"type\":\"host.state\"}\n",
        ["a state that is none"] = id => Hello() + State(id, HostState.Ok).Replace("\"ok\"", "\"splendid\"", StringComparison.Ordinal),
        ["a host without a standing"] = id => Hello() + Line(Event(EventType.HostState, id) with { Host = "web-1" }),
        ["a long line"] = id => Hello() + new string('x', 70_000),
        ["deep JSON"] = id => Hello() + new string('[', 1000) + "\n",
        ["an endless stream"] = id => Hello() + string.Concat(Enumerable.Repeat(State(id, HostState.Running), 2000)),
        ["unreachable"] = id => Hello() + State(id, HostState.Unreachable),
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task It_ends_as_unknown_with_the_cause_bad_answer(string lie)
    {
        using var run = new ScriptedRun(ScriptedRun.Spec(), "web-1");
        await using var agent = new AgentScript(async (_, _, peer) =>
        {
            await peer.SendAsync(Bytes(Head + Cases[lie](run.Document.Spec.Id)));
            await peer.HangAsync();
        });
        await RemoteRunnerTests.RunAsync(run, agent);
        Assert.Equal((HostState.Unknown, Reasons.BadAnswer), (run.End!.State, run.End.Cause));
        Assert.Single(agent.Requests);
        Assert.Null(run.End.Content);
    }

    [Theory]
    [InlineData("HTTP/1.1 202 Accepted\r\nConnection: close\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 301 Moved\r\nLocation: http://127.15.0.9/\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 401 No\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    public async Task No_answer_of_another_program_is_taken_for_an_end(string answer)
    {
        using var run = new ScriptedRun(ScriptedRun.Spec(), "web-1");
        await using var agent = new AgentScript((_, _, peer) => peer.SendAsync(Bytes(answer)));
        await RemoteRunnerTests.RunAsync(run, agent);
        Assert.Equal(HostState.Unknown, run.End!.State);
    }

    [Fact]
    public async Task What_changes_nothing_has_failed_rather_than_unknown()
    {
        using var run = new ScriptedRun(ScriptedRun.Spec(Order.Status), "web-1");
        await using var agent = new AgentScript((_, _, peer) => peer.SendAsync(Bytes(Head + Hello() + "?\n")));
        await RemoteRunnerTests.RunAsync(run, agent);
        Assert.Equal((HostState.Failed, Reasons.BadAnswer), (run.End!.State, run.End.Cause));
    }

    [Fact]
    public async Task An_event_of_a_kind_that_comes_later_is_passed_over()
    {
        using var run = new ScriptedRun(ScriptedRun.Spec(), "web-1");
        var id = run.Document.Spec.Id;
        await using var agent = new AgentScript((_, _, peer) => peer.SendAsync(Bytes(Head + Hello() + Hello().Replace("hello", "host.weather", StringComparison.Ordinal) + State(id, HostState.Ok) + End(id))));
        await RemoteRunnerTests.RunAsync(run, agent);
        Assert.Equal(HostState.Ok, run.End!.State);
    }
}
