using Deploy.Jobs.Commands;
using Deploy.Jobs.Syncs;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Rsync;
using Deploy.Tests.Fixtures;
using Deploy.Tests.Rsync;
using Xunit;

namespace Deploy.Tests.Jobs.Local;

public sealed class LocalRunnerTests : IAsyncDisposable, IAsyncLifetime
{
    private const int Timeout = 180_000;
    private readonly LiveRsync live = new();

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public ValueTask DisposeAsync() => live.DisposeAsync();

    [Fact(Timeout = Timeout)]
    public async Task A_plan_a_sync_of_it_and_a_plan_again()
    {
        await using var agent = await LocalAgent.StartAsync(live);
        File.WriteAllText(Path.Combine(live.Origin, "a"), "12345");
        File.WriteAllText(Path.Combine(live.Origin, "b"), "1");
        Directory.CreateDirectory(live.Target);
        var plan = LocalAgent.Order(Order.Rlist) with { Keep = true };
        var planned = await agent.DoAsync(plan);
        Assert.Equal((HostState.Ok, 2, 2, 6), (planned.State, planned.Totals!.New, planned.Totals.Files, planned.Totals.Bytes));
        Assert.Matches("^new\tf\t1\t.*\tb\nnew\tf\t5\t.*\ta\n$", await agent.ContentAsync(plan.Id, planned));

        var applied = await agent.DoAsync(LocalAgent.Order(Order.Rsync) with { Plan = new Dictionary<string, string> { [planned.Shape!] = LocalAgent.Name } });
        Assert.Equal((HostState.Ok, planned.Shape, planned.Totals, 0, null), (applied.State, applied.Shape, applied.Totals, applied.ExitCode, applied.Warning));
        Assert.Equal("12345", File.ReadAllText(Path.Combine(live.Target, "a")));

        var again = LocalAgent.Order(Order.Rlist) with { Keep = true };
        var nothing = await agent.DoAsync(again);
        Assert.Equal((HostState.Unchanged, ""), (nothing.State, await agent.ContentAsync(again.Id, nothing)));
        Assert.Equal(HostState.Unchanged, (await agent.DoAsync(LocalAgent.Order(Order.Rsync))).State);
        Assert.Equal((HostState.Unchanged, null), (await agent.DoAsync(LocalAgent.Order(Order.Status)) is var status ? status.State : default, status.Shape));
    }

    [Fact(Timeout = Timeout)]
    public async Task What_is_not_as_it_was_planned_is_not_done()
    {
        await using var agent = await LocalAgent.StartAsync(live);
        Directory.CreateDirectory(live.Target);
        File.WriteAllText(Path.Combine(live.Origin, "a"), "1");
        var planned = await agent.DoAsync(LocalAgent.Order(Order.Rlist) with { Keep = true });
        File.WriteAllText(Path.Combine(live.Origin, "b"), "1");
        var drifted = await agent.DoAsync(LocalAgent.Order(Order.Rsync) with { Plan = new Dictionary<string, string> { [planned.Shape!] = "db-001,web-[001-009]" } });
        Assert.Equal((HostState.Refused, Reasons.PlanDrift), (drifted.State, drifted.Cause));
        Assert.Contains("other changes than the plan has (now +2 ~0", drifted.Reason, StringComparison.Ordinal);
        var absent = await agent.DoAsync(LocalAgent.Order(Order.Rsync) with { Plan = new Dictionary<string, string> { [planned.Shape!] = "db-001" } });
        Assert.Equal((HostState.Refused, Reasons.PlanDrift), (absent.State, absent.Cause));
        Assert.Empty(Directory.GetFileSystemEntries(live.Target));
    }

    [Fact(Timeout = Timeout)]
    public async Task The_guard_refuses_with_names_and_the_order_allows_it_once()
    {
        await using var agent = await LocalAgent.StartAsync(live, group => group with { DeleteLimits = new DeleteLimits(1, null, []) });
        File.WriteAllText(Path.Combine(live.Origin, "a"), "1");
        foreach (string name in new[] { "x", "y" })
        {
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(live.Target).FullName, name), name);
        }

        var refused = await agent.DoAsync(LocalAgent.Order(Order.Rsync));
        Assert.Equal((HostState.Refused, Reasons.Guard), (refused.State, refused.Cause));
        Assert.Contains("2 of the target's 3 entries would go, and 1 may (max_delete): ", refused.Reason, StringComparison.Ordinal);
        Assert.Contains("--allow-delete 2", refused.Reason, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(live.Target).Length);
        Assert.StartsWith("a sync would be refused: ", (await agent.DoAsync(LocalAgent.Order(Order.Rlist) with { Keep = true })).Warning, StringComparison.Ordinal);
        Assert.Equal((HostState.Ok, 2), (await agent.DoAsync(LocalAgent.Order(Order.Rsync) with { AllowDelete = 2 }) is var done ? done.State : default, done.Totals!.Deleted));
    }

    [Fact(Timeout = Timeout)]
    public async Task One_sync_at_a_time_and_a_cancelled_one_leaves_no_process()
    {
        await using var agent = await LocalAgent.StartAsync(live, Slow);
        var id = await agent.SubmitAsync(LocalAgent.Order(Order.Rsync));
        await agent.UntilAsync(id, standing => standing.Progress is { BytesDone: > 0, BytesTotal: 8 << 20 });
        var pids = Assert.Single(agent.Running.All()).LivePids();
        Assert.NotEmpty(pids);
        var busy = await agent.DoAsync(LocalAgent.Order(Order.Rsync));
        Assert.Equal((HostState.Refused, Reasons.Busy), (busy.State, busy.Cause));
        Assert.Contains(id.ToString(), busy.Reason, StringComparison.Ordinal);
        await agent.Jobs.ActAsync(id, JobAct.Cancel, new Asker("127.13.0.1:1", null), CancellationToken.None);
        Assert.Equal((HostState.Cancelled, "it was cancelled; no process of it is left"), (await agent.EndAsync(id) is var end ? end.State : default, end.Reason));
        Assert.DoesNotContain(pids, IsAlive);
        Assert.Empty(agent.Running.All());
    }

    [Fact(Timeout = Timeout)]
    public async Task Rkill_stops_a_job_and_a_time_limit_does()
    {
        await using var agent = await LocalAgent.StartAsync(live, Slow);
        var id = await agent.SubmitAsync(LocalAgent.Order(Order.Rsync));
        await agent.UntilAsync(id, standing => standing.Progress is { BytesDone: > 0 });
        var kill = await agent.DoAsync(LocalAgent.Order(Order.Rkill));
        Assert.Equal(HostState.Ok, kill.State);
        Assert.StartsWith($"stopped job {id}, pids ", kill.Reason, StringComparison.Ordinal);
        Assert.Equal((HostState.Cancelled, "an rkill order stopped it; no process of it is left"), (await agent.EndAsync(id) is var end ? end.State : default, end.Reason));
        Assert.Equal((HostState.Unchanged, "nothing ran"), (await agent.DoAsync(LocalAgent.Order(Order.Rkill)) is var none ? none.State : default, none.Reason));
        var late = await agent.DoAsync(LocalAgent.Order(Order.Rsync) with { HostTimeoutSeconds = 2 });
        Assert.Equal(HostState.Timeout, late.State);
        Assert.StartsWith("stopped after 2 s", late.Reason, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_busy_origin_is_waited_out()
    {
        var daemon = live.Daemon(null, new RsyncModule("site", live.Origin) { MaxConnections = 1 });
        File.WriteAllBytes(Path.Combine(live.Origin, "big"), new byte[1 << 20]);
        await using var agent = await LocalAgent.StartAsync(live, group => group with { Origin = daemon.Url("site") });
        var other = await live.Runner.StartAsync(new SyncCall { Origin = daemon.Url("site"), Target = Path.Combine(live.Root, "other"), Options = ["-a", "--bwlimit=300"] });
        await Task.Delay(500);
        var id = await agent.SubmitAsync(LocalAgent.Order(Order.Rsync));
        var waiting = await agent.UntilAsync(id, standing => standing.Waiting?.StartsWith("a free connection", StringComparison.Ordinal) == true);
        Assert.Contains("max connections", waiting.Waiting, StringComparison.Ordinal);
        Assert.Equal((HostState.Ok, null), (await agent.EndAsync(id) is var end ? end.State : default, end.Waiting));
        await other.Completion;
    }

    [Fact(Timeout = Timeout)]
    public async Task A_marker_that_goes_while_a_sync_waits_keeps_it_from_writing()
    {
        var daemon = live.Daemon(null, new RsyncModule("site", live.Origin) { MaxConnections = 1 });
        File.WriteAllBytes(Path.Combine(live.Origin, "big"), new byte[1 << 20]);
        string marker = Path.Combine(Directory.CreateDirectory(live.Target).FullName, ".here");
        File.WriteAllText(marker, string.Empty);
        await using var agent = await LocalAgent.StartAsync(live, group => group with { Origin = daemon.Url("site"), Presence = new TargetPresence(null, ".here") });
        var other = await live.Runner.StartAsync(new SyncCall { Origin = daemon.Url("site"), Target = Path.Combine(live.Root, "other"), Options = ["-a", "--bwlimit=300"] });
        await Task.Delay(500);
        var id = await agent.SubmitAsync(LocalAgent.Order(Order.Rsync));
        await agent.UntilAsync(id, standing => standing.Waiting?.StartsWith("a free connection", StringComparison.Ordinal) == true);
        File.Delete(marker);
        var end = await agent.EndAsync(id);
        Assert.Equal((HostState.Refused, true), (end.State, end.Reason!.Contains("has no .here", StringComparison.Ordinal)));
        Assert.Empty(Directory.GetFileSystemEntries(live.Target));
        await other.Completion;
    }

    [Fact(Timeout = Timeout)]
    public async Task What_a_command_prints_is_kept_apart_with_its_exit_code()
    {
        string script = live.Script("say", "printf out; printf err >&2; exit 3");
        await using var agent = await LocalAgent.StartAsync(live, null, null, CommandEntry.Parse("say", script + " %s"));
        var spec = LocalAgent.Order(Order.Exec) with { Group = null, Command = "say", Arguments = ["a b"] };
        var end = await agent.DoAsync(spec);
        Assert.Equal((HostState.Failed, 3, "exit code 3"), (end.State, end.ExitCode, end.Reason));
        Assert.Equal("exit 3\nstdout 3\noutstderr 3\nerr", await agent.ContentAsync(spec.Id, end));
        Assert.Equal(HostState.Refused, (await agent.DoAsync(spec with { Id = JobId.New(DateTimeOffset.UtcNow), Command = "none" })).State);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_host_that_is_not_well_after_a_sync_of_a_rollout_has_failed()
    {
        string script = live.Script("check", "echo looking; echo 'site is down'; exit 1");
        await using var agent = await LocalAgent.StartAsync(live, group => group with { HealthCheck = "site-ok" }, null, CommandEntry.Parse("site-ok", script));
        Assert.True((await agent.DoAsync(LocalAgent.Order(Order.Rsync))).State.IsGood());
        var failed = await agent.DoAsync(LocalAgent.Order(Order.Rsync) with { Rollout = new RolloutSpec() });
        Assert.Equal((HostState.Failed, Reasons.HealthCheck), (failed.State, failed.Cause));
        Assert.EndsWith("exit code 1; its last line: site is down", failed.Reason, StringComparison.Ordinal);
        Assert.True((await agent.DoAsync(LocalAgent.Order(Order.Rsync) with { Rollout = new RolloutSpec { HealthCheck = false } })).State.IsGood());
    }

    [Fact(Timeout = Timeout)]
    public async Task Rkill_stops_the_health_check_too()
    {
        string script = live.Script("check", "sleep 60");
        await using var agent = await LocalAgent.StartAsync(live, group => group with { HealthCheck = "site-ok" }, null, CommandEntry.Parse("site-ok", script));
        var id = await agent.SubmitAsync(LocalAgent.Order(Order.Rsync) with { Rollout = new RolloutSpec() });
        await agent.UntilAsync(id, standing => standing.Waiting?.StartsWith("the health check", StringComparison.Ordinal) == true);
        var kill = await agent.DoAsync(LocalAgent.Order(Order.Rkill));
        Assert.Equal((HostState.Ok, $"stopped job {id}"), (kill.State, kill.Reason));
        Assert.Equal((HostState.Cancelled, "it was stopped during the health check; the sync itself was done"), (await agent.EndAsync(id) is var end ? end.State : default, end.Reason));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_stop_ends_what_runs_as_interrupted_and_the_next_start_knows()
    {
        using var folder = new TempFolder();
        await using var agent = await LocalAgent.StartAsync(live, Slow, folder.Path);
        var id = await agent.SubmitAsync(LocalAgent.Order(Order.Rsync));
        await agent.UntilAsync(id, standing => standing.Progress is { BytesDone: > 0 });
        await agent.StopAsync();
        await agent.OpenAsync(folder.Path);
        var end = await agent.EndAsync(id);
        Assert.Equal((HostState.Failed, Reasons.Interrupted), (end.State, end.Cause));
        Assert.Equal(HostState.Failed, agent.Running.BadEndOf(live.Target)?.State);
        Assert.StartsWith("the agent was stopped while the sync ran: the target may be partial", agent.Running.BadEndOf(live.Target)!.Reason, StringComparison.Ordinal);
        Assert.Equal($"the last sync here: failed: {end.Reason}", (await agent.DoAsync(LocalAgent.Order(Order.Status))).Warning); // no time in it: equal hosts are one
        await agent.StopAsync();
    }

    [Fact(Timeout = Timeout)]
    public async Task An_unknown_group_and_a_target_of_the_order_s_own_are_refused()
    {
        await using var agent = await LocalAgent.StartAsync(live);
        Assert.Equal((HostState.Refused, "no such sync group"), (await agent.DoAsync(LocalAgent.Order(Order.Rsync) with { Group = "other" }) is var end ? end.State : default, end.Reason));
        Assert.Equal(HostState.Refused, (await agent.DoAsync(LocalAgent.Order(Order.Rsync) with { Group = null, Origin = "127.13.0.1::m/", Target = live.Target })).State);
    }

    /// <summary>A zombie is dead: an orphan waits for init to take it away.</summary>
    private static bool IsAlive(int pid)
    {
        try
        {
            return !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private SyncGroup Slow(SyncGroup group)
    {
        File.WriteAllBytes(Path.Combine(live.Origin, "big"), new byte[8 << 20]);
        return group with { Origin = live.Daemon().Url("site"), Options = ["-a", "--delete", "--bwlimit=500"] };
    }
}
