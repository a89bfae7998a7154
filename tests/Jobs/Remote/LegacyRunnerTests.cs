using System.Text;
using Deploy.Jobs.Relay;
using Deploy.Jobs.Remote;
using Deploy.Jobs.Remote.Legacy;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Protocol;
using Deploy.Security;
using Deploy.Tests.Api;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Jobs.Remote;

public class LegacyRunnerTests
{
    private const string Started = "{\"return\": \"true\", \"checksum\": \"0123456789abcdef0123456789abcdef\"}";
    private const string Running = "{\"return\": \"true\", \"alreadyRsync\": \"true\", \"process\": [\"7\"]}";
    private static readonly LegacyPatience Quick = new() { FirstAsk = TimeSpan.FromMilliseconds(20), MostAsk = TimeSpan.FromMilliseconds(50), SilentTime = TimeSpan.FromMilliseconds(500), CancelTime = TimeSpan.FromSeconds(1) };

    [Theory]
    [InlineData(0, "ok", "nothing is left to do")]
    [InlineData(3, "partial", "3 files still differ")]
    public async Task A_sync_is_followed_by_its_status_until_none_runs(int left, string state, string reason)
    {
        using var run = new ScriptedRun(ScriptedRun.Spec(Order.Rsync), "web-1");
        int asked = 0;
        await RunAsync(run, order => order == "rsync" ? Started : ++asked < 4 ? Running : Counts(left));
        Assert.Equal(state, run.End!.State.Word());
        Assert.Contains(reason, run.End.Reason, StringComparison.Ordinal);
        Assert.Equal(4, asked);
    }

    [Fact]
    public async Task A_sync_that_runs_already_refuses_another()
    {
        using var run = new ScriptedRun(ScriptedRun.Spec(Order.Rsync), "web-1");
        await RunAsync(run, _ => Running);
        Assert.Equal((HostState.Refused, Reasons.Busy), (run.End!.State, run.End.Cause));
    }

    [Fact]
    public async Task A_host_that_falls_silent_while_its_sync_runs_is_unknown()
    {
        using var run = new ScriptedRun(ScriptedRun.Spec(Order.Rsync), "web-1");
        await RunAsync(run, order => order == "rsync" ? Started : null);
        Assert.Equal(HostState.Unknown, run.End!.State);
        Assert.Contains("its sync had started", run.End.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_sync_is_stopped_and_seen_to_be()
    {
        ScriptedRun? run = null;
        using var own = run = new ScriptedRun(ScriptedRun.Spec(Order.Rsync), "web-1") { OnRunning = () => run!.Cancel() };
        bool killed = false;
        await RunAsync(run, order =>
        {
            killed |= order == "rkill";
            return order switch { "rsync" => Started, "rkill" => "{\"return\": \"true\", \"process\": [\"7\"]}", _ => killed ? Counts(5) : Running };
        });
        Assert.Equal((HostState.Cancelled, true), (run.End!.State, killed));
    }

    [Fact]
    public async Task A_sync_that_is_cancelled_before_its_answer_is_stopped()
    {
        using var run = new ScriptedRun(ScriptedRun.Spec(Order.Rsync), "web-1");
        bool killed = false;
        await RunAsync(run, order =>
        {
            killed |= order == "rkill";
            if (order == "rsync")
            {
                run.Cancel();
                Thread.Sleep(200); // an agent answers when it has seen rsync run for a second
            }

            return order switch { "rsync" => Started, "rkill" => "{\"return\": \"true\", \"process\": [\"7\"]}", _ => killed ? Counts(5) : Running };
        });
        Assert.Equal((HostState.Cancelled, true), (run.End!.State, killed));
    }

    [Fact]
    public async Task What_comes_to_its_turn_too_late_is_not_sent()
    {
        using var run = new ScriptedRun(ScriptedRun.Spec(Order.Rsync), "web-1") { NotAfter = DateTimeOffset.UtcNow - TimeSpan.FromSeconds(1) };
        await RunAsync(run, _ => throw new InvalidOperationException("it must not be asked"));
        Assert.Equal((HostState.Refused, Reasons.TooLate), (run.End!.State, run.End.Cause));
    }

    [Fact]
    public async Task After_a_restart_a_sync_is_asked_for_and_a_command_is_unknown()
    {
        using var sync = new ScriptedRun(ScriptedRun.Spec(Order.Rsync), "web-1", HostState.Connecting);
        var orders = new List<string>();
        await RunAsync(sync, order =>
        {
            orders.Add(order);
            return Counts(0);
        });
        Assert.Equal((HostState.Ok, "status"), (sync.End!.State, Assert.Single(orders)));
        using var command = new ScriptedRun(ScriptedRun.Spec(), "web-1", HostState.Running);
        await RunAsync(command, _ => throw new InvalidOperationException("it must not be ordered again"));
        Assert.Equal(HostState.Unknown, command.End!.State);
    }

    [Fact]
    public async Task A_commands_output_is_its_shape()
    {
        using var run = new ScriptedRun(ScriptedRun.Spec(), "web-1");
        await RunAsync(run, _ => $"{{\"return\": \"true\", \"content\": \"{Convert.ToBase64String("hi\n"u8)}\", \"command\": \"\"}}");
        Assert.Equal((HostState.Ok, 0, "exit 0\nstdout 3\nhi\nstderr 0\n"), (run.End!.State, run.End.ExitCode, Encoding.UTF8.GetString(run.End.Content!.Bytes.Span)));
    }

    [Fact]
    public async Task What_that_wire_cannot_say_is_refused_and_nothing_is_sent()
    {
        JobSpec[] specs =
        [
            ScriptedRun.Spec(Order.Rlist) with { Keep = true },
            ScriptedRun.Spec(Order.Rsync) with { AllowDelete = 5 },
            ScriptedRun.Spec(Order.Rsync) with { Rollout = new RolloutSpec() },
            ScriptedRun.Spec() with { Arguments = ["a,b"] },
        ];
        foreach (var spec in specs)
        {
            using var run = new ScriptedRun(spec, "web-1");
            await RunAsync(run, _ => throw new InvalidOperationException("it must not be asked"));
            Assert.Equal(HostState.Refused, run.End!.State);
            Assert.Contains("original's wire", run.End.Reason, StringComparison.Ordinal);
        }
    }

    private static string Counts(int files) => $"{{\"return\": \"true\", \"alreadyRsync\": \"false\", \"transferFilesCount\": \"{files}\", \"transferFilesSize\": \"{files * 10}\"}}";

    /// <summary>Runs a host whose agent answers an order with this body; null says nothing and closes.</summary>
    private static async Task RunAsync(ScriptedRun run, Func<string, string?> answer)
    {
        await using var agent = new ScriptedServer(peer => answer(Encoding.ASCII.GetString(peer.Request).Split(' ')[1].Split('/')[^1]) is { } body ? peer.SendAsync(ProxyWireTests.Answer(body)) : Task.CompletedTask, "127.15.0.3");
        var budget = new ReceiveBudget(Limits.RelayBytes);
        var rules = new RelayRules
        {
            Keys = new ApiKeys([]),
            Hosts = new Dictionary<string, RelayHost>(HostName.Comparer) { ["web-1"] = new("web-1", agent.Address, agent.Port, new Secret("k")) },
            Groups = new Dictionary<string, HostSet>(),
            FanOut = 10,
            HostTimeout = TimeSpan.FromSeconds(5),
            HostSocketTimeout = TimeSpan.FromSeconds(5),
        };
        var runner = new LegacyRunner(() => rules, new LegacyExchange(TimeProvider.System, budget), budget, new HostContacts(), TimeProvider.System) { Patience = Quick };
        await runner.RunAsync(run, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.NotNull(run.End);
        Assert.Equal(Limits.RelayBytes, budget.Left);
    }
}
