using System.Security.Cryptography;
using System.Text;
using Deploy.Jobs.Remote;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Protocol.V1;
using Deploy.Tests.Fixtures;
using Xunit;
using static Deploy.Tests.Jobs.Remote.AgentScript;

namespace Deploy.Tests.Jobs.Remote;

public class RemoteRunnerTests
{
    private static readonly RemoteSettings Quick = new()
    {
        Silence = TimeSpan.FromSeconds(1),
        FirstAgain = TimeSpan.FromMilliseconds(10),
        MostAgain = TimeSpan.FromMilliseconds(50),
        AskingTime = TimeSpan.FromSeconds(1),
        LeastAskingTime = TimeSpan.FromMilliseconds(200),
        CancelTime = TimeSpan.FromSeconds(1),
        DrainTime = TimeSpan.FromMilliseconds(300),
        StreamBytes = 256 * 1024,
        StreamBytesPerSecond = 1024,
    };

    [Fact]
    public async Task A_host_goes_its_way_by_one_request_that_carries_the_documents_bytes()
    {
        using var run = new ScriptedRun(ScriptedRun.Spec(), "web-1");
        var id = run.Document.Spec.Id;
        await using var agent = new AgentScript((_, _, peer) => peer.SendAsync(Bytes(
            Head + Hello() + State(id, HostState.Running) + State(id, HostState.Running, s => s with { Progress = new HostProgress { BytesDone = 5, FilesDone = 1 }, Waiting = "a turn" }, rev: 2)
            + State(id, HostState.Ok, s => s with { ExitCode = 0, Reason = "fine\u001b[2J" }, rev: 3) + End(id))));
        var contacts = await RunAsync(run, agent);
        Assert.Equal((HostState.Ok, "fine\\x1b[2J", 0), (run.End!.State, run.End.Reason, run.End.ExitCode));
        string request = Assert.Single(agent.Requests);
        Assert.StartsWith("POST /v1/jobs HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains("Deploy-Host: web-1\r\n", request, StringComparison.Ordinal);
        Assert.Contains("Accept: application/x-ndjson\r\n", request, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n" + Encoding.UTF8.GetString(run.Document.Bytes.Span), request, StringComparison.Ordinal);
        Assert.Equal(5, Assert.Single(run.Told).BytesDone);
        Assert.Equal("a turn", Assert.Single(run.Waits));
        var contact = contacts.Of("WEB-1");
        Assert.Equal(("9.9.9", true), (contact.Version, contact.IsReachable));
        Assert.True(contact.Skew!.Value.Duration() < TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Nobody_there_is_unreachable()
    {
        using var run = new ScriptedRun(ScriptedRun.Spec(), "web-1");
        int port;
        await using (var gone = new AgentScript((_, _, _) => Task.CompletedTask, "127.15.0.2"))
        {
            port = gone.Port;
        }

        var contacts = await RunAsync(run, "127.15.0.2", port);
        Assert.Equal((HostState.Unreachable, "can't connect: connection refused"), (run.End!.State, run.End.Reason));
        Assert.False(contacts.Of("web-1").IsReachable);
    }

    [Fact]
    public async Task A_host_that_is_not_on_this_machine_is_not_asked()
    {
        using var run = new ScriptedRun(ScriptedRun.Spec(), "web-1");
        await RunAsync(run, "192.0.2.1", 9); // RFC 5737: nobody's
        Assert.Equal(HostState.Unreachable, run.End!.State);
    }

    [Theory]
    [InlineData(422, "upgrade", null)]
    [InlineData(409, "busy", "busy")]
    [InlineData(422, "too-late", "too-late")]
    [InlineData(503, "stopping", null)]
    public async Task A_no_is_refused_with_its_detail(int status, string type, string? cause)
    {
        using var run = new ScriptedRun(ScriptedRun.Spec(), "web-1");
        await using var agent = new AgentScript((_, _, peer) => peer.SendAsync(Bytes(Problem(status, type, "because"))));
        await RunAsync(run, agent);
        Assert.Equal((HostState.Refused, "because", cause), (run.End!.State, run.End.Reason, run.End.Cause));
    }

    [Fact]
    public async Task A_stream_that_breaks_is_taken_up_by_id()
    {
        using var run = new ScriptedRun(ScriptedRun.Spec(Order.Rsync), "web-1");
        var id = run.Document.Spec.Id;
        await using var agent = new AgentScript((line, count, peer) => line switch
        {
            "POST /v1/jobs" => peer.SendAsync(Bytes(Head + Hello() + State(id, HostState.Running) + "{\"seq\":")),
            _ when count < 2 => peer.SendAsync(Bytes(Head + Hello() + State(id, HostState.Running, rev: 2 + count))),
            _ => peer.SendAsync(Bytes(Head + Hello() + State(id, HostState.Unchanged, rev: 7) + End(id))),
        });
        await RunAsync(run, agent);
        Assert.Equal(HostState.Unchanged, run.End!.State);
        Assert.Equal(1, agent.Requests.Count(request => request.StartsWith("POST", StringComparison.Ordinal)));
        Assert.Contains(run.Waits, waits => waits?.StartsWith("no contact", StringComparison.Ordinal) == true);
        Assert.Null(run.Waits.Last());
    }

    [Fact]
    public async Task A_silent_stream_is_asked_for_again_and_ends_as_unknown()
    {
        using var run = new ScriptedRun(ScriptedRun.Spec(), "web-1");
        var id = run.Document.Spec.Id;
        await using var agent = new AgentScript(async (line, _, peer) =>
        {
            if (line.StartsWith("POST", StringComparison.Ordinal))
            {
                await peer.SendAsync(Bytes(Head + Hello() + State(id, HostState.Running)));
            }

            await peer.HangAsync();
        });
        await RunAsync(run, agent);
        Assert.Equal(HostState.Unknown, run.End!.State);
        Assert.Contains("it had started", run.End.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, null, null, "unknown", 1)] // says nothing of itself
    [InlineData(false, true, null, "ok", 2)] // keeps ids on disk: it never came there
    [InlineData(false, null, 1000, "ok", 2)] // could not have forgotten
    [InlineData(false, null, 0, "unknown", 1)] // was restarted since
    [InlineData(true, true, 1000, "unknown", 1)] // had it: nothing makes a second start harmless
    public async Task A_job_that_its_agent_does_not_know_is_handed_in_again_only_where_it_cannot_have_run(bool taken, bool? kept, int? upSeconds, string end, int posts)
    {
        using var run = new ScriptedRun(ScriptedRun.Spec(), "web-1");
        var id = run.Document.Spec.Id;
        await using var agent = new AgentScript(async (line, count, peer) =>
        {
            switch (line)
            {
                case "POST /v1/jobs" when count == 0:
                    await (taken ? peer.SendAsync(Bytes(Head + Hello() + State(id, HostState.Running))) : Task.CompletedTask);
                    break;
                case "POST /v1/jobs":
                    await peer.SendAsync(Bytes(Head + Hello() + State(id, HostState.Ok) + End(id)));
                    break;
                case "GET /v1/self":
                    await peer.SendAsync(Bytes(Self(kept, upSeconds is { } up ? TimeSpan.FromSeconds(up) : null)));
                    break;
                default:
                    await peer.SendAsync(Bytes(Problem(404, "not-found", "no such job")));
                    break;
            }
        });
        await RunAsync(run, agent);
        Assert.Equal(end, run.End!.State.Word());
        Assert.Equal(posts, agent.Requests.Count(request => request.StartsWith("POST /v1/jobs ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task After_a_restart_of_the_proxy_the_agent_is_asked_not_ordered()
    {
        using var run = new ScriptedRun(ScriptedRun.Spec(), "web-1", HostState.Connecting, DateTimeOffset.UtcNow - TimeSpan.FromMinutes(1));
        var id = run.Document.Spec.Id;
        await using var agent = new AgentScript((_, _, peer) => peer.SendAsync(Bytes(Head + Hello() + State(id, HostState.Failed, s => s with { ExitCode = 3, Reason = "exit code 3" }) + End(id))));
        await RunAsync(run, agent);
        Assert.Equal((HostState.Failed, 3), (run.End!.State, run.End.ExitCode));
        Assert.StartsWith($"GET /v1/jobs/{id}/events ", Assert.Single(agent.Requests), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("queued", 0)]
    [InlineData("connecting", 2)]
    public async Task What_never_came_there_is_not_handed_in_when_its_time_is_over(string word, int requests)
    {
        Assert.True(HostStates.TryParse(word, out var state));
        using var run = new ScriptedRun(ScriptedRun.Spec(Order.Rsync), "web-1", state) { NotAfter = DateTimeOffset.UtcNow - TimeSpan.FromHours(1) };
        await using var agent = new AgentScript((line, _, peer) => peer.SendAsync(Bytes(line == "GET /v1/self" ? Self(kept: true) : Problem(404, "not-found", "no such job"))));
        await RunAsync(run, agent);
        Assert.Equal((HostState.Refused, Reasons.TooLate), (run.End!.State, run.End.Cause));
        Assert.Equal(requests, agent.Requests.Count);
        Assert.DoesNotContain(agent.Requests, request => request.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cancelled_host_ends_as_its_agent_says()
    {
        ScriptedRun? run = null;
        using var own = run = new ScriptedRun(ScriptedRun.Spec(Order.Rsync), "web-1") { OnRunning = () => run!.Cancel() };
        var id = run.Document.Spec.Id;
        await using var agent = new AgentScript(async (line, _, peer) =>
        {
            if (line == "POST /v1/jobs")
            {
                await peer.SendAsync(Bytes(Head + Hello() + State(id, HostState.Running)));
                await peer.HangAsync();
            }

            await peer.SendAsync(line.EndsWith("/cancel", StringComparison.Ordinal)
                ? Bytes(View(id))
                : Bytes(Head + Hello() + State(id, HostState.Cancelled, s => s with { Reason = "stopped, no process is left" }) + End(id)));
        });
        await RunAsync(run, agent);
        Assert.Equal((HostState.Cancelled, "stopped, no process is left"), (run.End!.State, run.End.Reason));
    }

    [Fact]
    public async Task A_cancelled_host_that_says_nothing_is_unknown_and_says_so()
    {
        ScriptedRun? run = null;
        using var own = run = new ScriptedRun(ScriptedRun.Spec(), "web-1") { OnRunning = () => run!.Cancel() };
        var id = run.Document.Spec.Id;
        await using var agent = new AgentScript(async (line, _, peer) =>
        {
            if (line == "POST /v1/jobs")
            {
                await peer.SendAsync(Bytes(Head + Hello() + State(id, HostState.Running)));
            }

            await peer.HangAsync();
        });
        await RunAsync(run, agent);
        Assert.Equal(HostState.Unknown, run.End!.State);
        Assert.Contains("was to be cancelled", run.End.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_shape_is_fetched_once_for_all_hosts_and_its_digest_checked()
    {
        byte[] content = RandomNumberGenerator.GetBytes(20_000);
        string digest = Convert.ToHexStringLower(SHA256.HashData(content));
        var spec = ScriptedRun.Spec(Order.Rsync, "web-[1-3]");
        var shapes = new System.Collections.Concurrent.ConcurrentDictionary<string, bool>();
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
        var runner = Runner(wire, agent.Address, agent.Port);
        await Task.WhenAll(runs.Select(run => runner.RunAsync(run, CancellationToken.None))).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.All(runs, run => Assert.Equal((HostState.Ok, digest), (run.End!.State, run.End.Shape)));
        Assert.Equal(content, Assert.Single(runs, run => run.End!.Content is not null).End!.Content!.Bytes.ToArray());
        Assert.Single(agent.Requests, request => request.StartsWith("GET", StringComparison.Ordinal));
        runs.ForEach(run => run.Dispose());
    }

    [Fact]
    public async Task A_stop_of_the_daemon_leaves_the_host_without_an_end()
    {
        using var stop = new CancellationTokenSource();
        using var run = new ScriptedRun(ScriptedRun.Spec(), "web-1") { OnRunning = stop.Cancel };
        await using var agent = new AgentScript(async (_, _, peer) =>
        {
            await peer.SendAsync(Bytes(Head + Hello()));
            await peer.HangAsync();
        });
        using var wire = new V1Wire(TimeProvider.System);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Runner(wire, agent.Address, agent.Port).RunAsync(run, stop.Token).WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal((HostState.Running, null), (run.Standing.State, run.End));
    }

    internal static string View(JobId id) => Json(200, System.Text.Json.JsonSerializer.Serialize(
        new JobView
        {
            Id = id,
            Order = Order.Exec,
            What = "true",
            Hosts = "web-1",
            State = JobState.Cancelled,
            Accepted = DateTimeOffset.UtcNow,
            Summary = new JobSummary { State = JobState.Cancelled, Hosts = 1, Counts = new Dictionary<string, int> { ["cancelled"] = 1 } },
        },
        Deploy.Model.Jobs.Json.V1Json.Default.JobView));

    internal static RemoteRunner Runner(V1Wire wire, string address, int port, HostContacts? contacts = null) =>
        new(wire, host => new V1Peer(host, address, port), contacts ?? new HostContacts(), TimeProvider.System) { Settings = Quick };

    internal static Task<HostContacts> RunAsync(ScriptedRun run, AgentScript agent) => RunAsync(run, agent.Address, agent.Port);

    private static async Task<HostContacts> RunAsync(ScriptedRun run, string address, int port)
    {
        var contacts = new HostContacts();
        using var wire = new V1Wire(TimeProvider.System);
        await Runner(wire, address, port, contacts).RunAsync(run, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.NotNull(run.End);
        return contacts;
    }
}
