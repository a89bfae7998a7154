using Deploy.Jobs.Engine;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tests.Fixtures;
using Deploy.Tests.Logs;
using Xunit;

namespace Deploy.Tests.Jobs.Engine;

public class JobEngineTests(Xunit.Abstractions.ITestOutputHelper output)
{
    [Fact]
    public async Task A_job_runs_all_its_hosts_and_ends_with_their_counts()
    {
        await using var stage = EngineStage.Open(ScriptedRunner.Ending(host => host == "h-3" ? HostState.Failed : host == "h-4" ? HostState.Unreachable : HostState.Ok));
        var document = EngineStage.Document(5);
        var taken = await stage.SubmitAsync(document);
        Assert.Equal(("h-[1-5]", "uptime", "ann@desk", "v1"), (taken.Hosts, taken.What, taken.By, taken.Wire));

        var end = await stage.UntilEndAsync(document.Spec.Id);
        Assert.Equal((JobState.Done, null), (end.State, end.Reason));
        Assert.Equal("ok ok failed unreachable ok", await stage.StatesAsync(end.Id));
        Assert.Equal(3, end.Summary.Counts["ok"]);
        Assert.Equal(end.Summary.Counts, stage.Store.Counts(end.Id).ToDictionary(count => count.Key.Word(), count => count.Value));
        Assert.NotNull(stage.Store.Find(end.Id)!.Ended);
        Assert.Equal(
            [$"job {end.Id} exec h-3: failed: because", $"job {end.Id} exec h-4: unreachable: because", $"job {end.Id} exec uptime from 127.0.0.1:1: done: 3 ok, 1 failed, 1 unreachable"],
            stage.Log.Entries.Select(entry => entry.Message.Split(" (")[0]).Order(StringComparer.Ordinal));
        Assert.Equal((1, 3), (stage.Engine.Count().Ended[(JobState.Done, Order.Exec)], stage.Engine.Count().HostsEnded[HostState.Ok]));
    }

    [Fact]
    public async Task The_same_id_with_the_same_bytes_is_the_same_job_and_with_others_none()
    {
        await using var stage = EngineStage.Open(ScriptedRunner.Good());
        var document = EngineStage.Document(3);
        var asker = new Asker("127.0.0.1:1", null);
        var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => stage.Engine.SubmitAsync(document, asker, CancellationToken.None))));
        Assert.Equal(1, all.Count(one => Assert.IsType<Submission.Taken>(one).IsNew));
        var other = EngineStage.Document(4, id: document.Spec.Id);
        Assert.Equal((ProblemTypes.OtherContent, 409), await KindAsync(stage, other));
        await stage.UntilEndAsync(document.Spec.Id);
        Assert.False(Assert.IsType<Submission.Taken>(await stage.Engine.SubmitAsync(document, asker, CancellationToken.None)).IsNew);
        Assert.Equal((ProblemTypes.OtherContent, 409), await KindAsync(stage, other));
    }

    [Fact]
    public async Task How_far_ahead_a_job_may_be_meant_is_set_and_named_where_it_can_be()
    {
        var longest = TimeSpan.FromHours(24);
        await using var agent = EngineStage.Open(ScriptedRunner.Good(), change: settings => settings with { MaxOrderLifetime = () => longest, LifetimeSetting = "max_order_lifetime" });
        await using var proxy = EngineStage.Open(ScriptedRunner.Good());
        var now = TimeProvider.System.GetUtcNow();
        var document = JobDocument.Of(EngineStage.Spec(1) with { NotAfter = now.AddHours(30) });
        Assert.EndsWith("more than 24 hours ahead (max_order_lifetime)", (await agent.RefusedAsync(document)).Detail, StringComparison.Ordinal);
        Assert.EndsWith("more than 24 hours ahead", (await proxy.RefusedAsync(document)).Detail, StringComparison.Ordinal);
        longest = TimeSpan.FromDays(5);
        Assert.Equal(document.Spec.NotAfter, (await agent.SubmitAsync(document)).NotAfter);
        longest = TimeSpan.FromMinutes(10);
        Assert.InRange((await agent.SubmitAsync(EngineStage.Document(1))).NotAfter!.Value, now, now.AddMinutes(11));
    }

    [Fact]
    public async Task What_cannot_be_done_is_a_problem_and_no_job()
    {
        await using var stage = EngineStage.Open(ScriptedRunner.Good(), change: settings => settings with
        {
            Admit = (document, asker) => document.Hosts.Contains("h-9") ? new Admission.Refused(new Problem(ProblemTypes.NotAllowed, 403, "no", "h-9 is not mine")) : new Admission.Hosts(["h-1"]),
        });
        var now = TimeProvider.System.GetUtcNow();
        Assert.Equal((ProblemTypes.NotAllowed, 403), await KindAsync(stage, EngineStage.Document(9)));
        Assert.Equal((ProblemTypes.TooLate, 422), await KindAsync(stage, JobDocument.Of(EngineStage.Spec(1) with { NotAfter = now.AddSeconds(-1) })));
        Assert.Equal((ProblemTypes.Invalid, 422), await KindAsync(stage, JobDocument.Of(EngineStage.Spec(1) with { NotAfter = now.AddHours(25) })));
        var unknown = await stage.Engine.ActAsync(JobId.New(now), JobAct.Pause, new Asker("x", null), CancellationToken.None);
        Assert.Equal(404, Assert.IsType<Submission.Refused>(unknown).Problem.Status);

        var one = EngineStage.Document(3);
        await stage.SubmitAsync(one);
        var end = await stage.UntilEndAsync(one.Spec.Id);
        Assert.Equal(("h-1", 1), (end.Hosts, end.Summary.Hosts));

        await stage.Engine.StopAsync(CancellationToken.None);
        Assert.Equal((ProblemTypes.Stopping, 503), await KindAsync(stage, EngineStage.Document(1)));
        Assert.Equal(JobState.Done, (await stage.SubmitAsync(one)).State);
    }

    [Fact]
    public async Task A_store_that_cannot_be_written_refuses_new_jobs_and_loses_no_result()
    {
        using var folder = new TempFolder();
        var go = new TaskCompletionSource();
        await using var stage = EngineStage.Open(ScriptedRunner.Held(go.Task), folder["jobs.db"], settings => settings with { RunningAtOnce = 1 });
        var document = EngineStage.Document(2);
        await stage.SubmitAsync(document);
        await stage.UntilAsync(document.Spec.Id, view => view.Summary.Counts.ContainsKey("running"));
        File.Move(folder["jobs.db"], folder["away"]);
        Assert.Equal((ProblemTypes.StoreUnwritable, 503), await KindAsync(stage, EngineStage.Document(1)));
        go.SetResult();
        await Task.Delay(100);
        Assert.Equal("running queued", await stage.StatesAsync(document.Spec.Id)); // what is not kept is not told
        File.Move(folder["away"], folder["jobs.db"]);
        Assert.Equal((JobState.Done, 2), ((await stage.UntilEndAsync(document.Spec.Id)).State, stage.Store.Counts(document.Spec.Id)[HostState.Ok]));
        Assert.InRange(stage.Engine.Count().StoreErrors, 1, 100);
    }

    [Fact]
    public async Task Two_thousand_hosts_end_and_are_kept()
    {
        using var folder = new TempFolder();
        byte[] printed = "exit 0\nstdout 3\nup\nstderr 0\n"u8.ToArray();
        await using var stage = EngineStage.Open(
            new ScriptedRunner(async (run, _) =>
            {
                await run.ConnectingAsync();
                await run.RunningAsync();
                string digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(printed));
                await run.EndAsync(new HostEnd(HostState.Ok) { ExitCode = 0, Shape = digest, Content = run.HasShape(digest) ? null : new ShapeContent(ShapeKind.Output, printed) });
            }),
            folder["jobs.db"]);
        var document = EngineStage.Document(2000);
        long began = TimeProvider.System.GetTimestamp();
        await stage.SubmitAsync(document);
        var end = await stage.UntilEndAsync(document.Spec.Id);
        output.WriteLine($"2,000 hosts in {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.00} s");
        Assert.Equal(2000, end.Summary.Counts["ok"]);
        Assert.Equal((2000, "h-[1-2000]"), (stage.Store.Counts(end.Id)[HostState.Ok], Assert.Single(stage.Store.Shapes(end.Id)).Hosts));
        var page = (await stage.Engine.HostsAsync(end.Id, [], null, CancellationToken.None))!;
        var rest = (await stage.Engine.HostsAsync(end.Id, [], page.Cursor, CancellationToken.None))!;
        Assert.Equal((1000, 1000, "h-1001", null), (page.Items.Count, rest.Items.Count, rest.Items[0].Host, rest.Cursor));
    }

    [Fact]
    public async Task Status_is_in_memory_alone_and_in_the_list()
    {
        await using var stage = EngineStage.Open(ScriptedRunner.Good());
        var kept = EngineStage.Document(2);
        var polled = EngineStage.Document(2, order: Order.Status);
        await stage.SubmitAsync(kept);
        await stage.UntilEndAsync(kept.Spec.Id);
        await stage.SubmitAsync(polled);
        await stage.UntilEndAsync(polled.Spec.Id);
        Assert.Null(stage.Store.Find(polled.Spec.Id));
        var list = await stage.Engine.ListAsync(new JobQuery(), CancellationToken.None);
        Assert.Equal([polled.Spec.Id, kept.Spec.Id], list.Items.Select(job => job.Id));
        Assert.Equal([polled.Spec.Id], (await stage.Engine.ListAsync(new JobQuery { Order = Order.Status, Host = "H-2" }, CancellationToken.None)).Items.Select(job => job.Id));
        await Assert.ThrowsAsync<ArgumentException>(() => stage.Engine.ListAsync(new JobQuery { Cursor = "1.x" }, CancellationToken.None));
    }

    [Fact]
    public async Task Events_tell_every_move_and_end()
    {
        await using var stage = EngineStage.Open(new ScriptedRunner(async (run, _) =>
        {
            await run.ConnectingAsync();
            await run.RunningAsync();
            run.Waiting("a free connection");
            run.Progress(new HostProgress { BytesDone = 5, BytesTotal = 10, FilesDone = 1 });
            await run.EndAsync(new HostEnd(HostState.Ok) { Shape = new string('a', 64), Content = new ShapeContent(ShapeKind.Output, "exit 0\n"u8.ToArray()), ExitCode = 0 });
        }));
        var document = EngineStage.Document(2);
        await stage.SubmitAsync(document);
        await stage.UntilEndAsync(document.Spec.Id);
        var events = await ReadAsync(stage, document.Spec.Id);
        Assert.Equal(EventType.Hello, events[0].Type);
        Assert.Equal(EventType.End, events[^1].Type);
        Assert.Equal(["h-1", "h-2"], events.Where(one => one.Type == EventType.HostState && one.Standing!.State == HostState.Ok).Select(one => one.Host!).Distinct().Order());
        Assert.Equal(JobState.Done, events[^1].Summary!.State);
        var shape = Assert.Single((await stage.Engine.ShapesAsync(document.Spec.Id, CancellationToken.None))!);
        Assert.Equal(("h-[1-2]", 2), (shape.Hosts, shape.HostCount));
        Assert.Equal(7, (await stage.Engine.ShapeAsync(document.Spec.Id, shape.Digest, CancellationToken.None))!.Bytes.Length);
        Assert.Single(await ReadAsync(stage, JobId.New(TimeProvider.System.GetUtcNow())));
    }

    [Fact]
    public async Task A_runner_that_throws_or_says_nothing_costs_its_host()
    {
        var stage = EngineStage.Open(new ScriptedRunner(async (run, _) =>
        {
            switch (run.Host)
            {
                case "h-1":
                    throw new InvalidOperationException("boom");
                case "h-2":
                    await run.ConnectingAsync();
                    throw new InvalidOperationException("boom");
                case "h-3":
                    await run.ConnectingAsync();
                    await run.RunningAsync();
                    return;
                case "h-4":
                    await run.EndAsync(new HostEnd(HostState.Skipped));
                    await run.EndAsync(new HostEnd(HostState.Ok));
                    return;
                default:
                    await ScriptedRunner.EndAsync(run, HostState.Ok);
                    return;
            }
        }));
        var document = EngineStage.Document(5);
        await stage.SubmitAsync(document);
        await stage.UntilEndAsync(document.Spec.Id);
        Assert.Equal("refused unknown unknown skipped ok", await stage.StatesAsync(document.Spec.Id));
        Assert.Equal(3, stage.Log.Entries.Count(entry => entry.Message.Contains("inside deploy: System.Inv", StringComparison.Ordinal)));
        await stage.Engine.DisposeAsync();
        await stage.Store.DisposeAsync();
    }

    [Fact]
    public async Task A_thousand_jobs_share_the_room_and_take_turns()
    {
        var runner = new ScriptedRunner(async (run, _) =>
        {
            await Task.Delay(1, CancellationToken.None);
            await ScriptedRunner.EndAsync(run, HostState.Ok);
        });
        await using var stage = EngineStage.Open(runner, change: settings => settings with { RunningAtOnce = 20 });
        var large = EngineStage.Document(2000);
        await stage.SubmitAsync(large);
        var small = Enumerable.Range(0, 1000).Select(_ => EngineStage.Document(1)).ToList();
        await Task.WhenAll(small.Select(stage.SubmitAsync));
        foreach (var one in small)
        {
            await stage.UntilEndAsync(one.Spec.Id);
        }

        await stage.UntilEndAsync(large.Spec.Id);
        Assert.InRange(runner.Most, 2, 20);
        Assert.Equal(3000, runner.Came.Count);

        // Turn by turn: the thousand small ones did not wait for the end of the large one.
        Assert.Contains(runner.Came.TakeLast(500), host => host != "h-1");
    }

    [Fact]
    public async Task What_had_no_turn_in_time_is_skipped_and_says_so()
    {
        var time = new SetTime(TimeProvider.System.GetUtcNow());
        var go = new TaskCompletionSource();
        await using var stage = EngineStage.Open(ScriptedRunner.Held(go.Task), time: time);
        var document = EngineStage.Document(3, new RolloutSpec { MaxParallel = 1 });
        await stage.SubmitAsync(document);
        await stage.UntilAsync(document.Spec.Id, view => view.Summary.Counts.ContainsKey("running"));
        time.Advance(TimeSpan.FromMinutes(61));
        await stage.UntilAsync(document.Spec.Id, view => view.Summary.Counts.GetValueOrDefault("skipped") == 2);
        go.SetResult();
        var end = await stage.UntilEndAsync(document.Spec.Id);
        Assert.Equal(JobState.Stopped, end.State);
        Assert.StartsWith("it may not start after ", end.Reason, StringComparison.Ordinal);
        Assert.Equal("ok skipped skipped", await stage.StatesAsync(end.Id));
        Assert.Equal(Reasons.TooLate, (await stage.Engine.HostsAsync(end.Id, [HostState.Skipped], null, CancellationToken.None))!.Items[0].Cause);
    }

    [Fact]
    public async Task A_jump_of_the_clock_ends_nothing_that_runs_and_starts_nothing_twice()
    {
        var time = new SetTime(TimeProvider.System.GetUtcNow());
        var go = new TaskCompletionSource();
        var runner = ScriptedRunner.Held(go.Task);
        await using var stage = EngineStage.Open(runner, time: time);
        var document = JobDocument.Of(EngineStage.Spec(3, new RolloutSpec { DeadlineSeconds = 3600 }) with { HostTimeoutSeconds = 5 });
        await stage.SubmitAsync(document);
        await stage.UntilAsync(document.Spec.Id, view => view.Summary.Counts.GetValueOrDefault("running") == 3);
        time.Advance(TimeSpan.FromDays(2));
        await Task.Delay(600);
        time.Advance(TimeSpan.FromDays(-4));
        await Task.Delay(600);
        Assert.Equal(3, (await stage.Engine.FindAsync(document.Spec.Id, CancellationToken.None))!.Summary.Counts["running"]);
        go.SetResult();
        Assert.Equal(JobState.Done, (await stage.UntilEndAsync(document.Spec.Id)).State);
        Assert.Equal(3, runner.Came.Count);
    }

    private static async Task<(string, int)> KindAsync(EngineStage stage, JobDocument document)
    {
        var problem = await stage.RefusedAsync(document);
        return (problem.Type, problem.Status);
    }

    private static async Task<List<JobEvent>> ReadAsync(EngineStage stage, JobId id)
    {
        using var limit = new CancellationTokenSource(EngineStage.Patience);
        var events = new List<JobEvent>();
        await foreach (var one in stage.Engine.EventsAsync(id, null, limit.Token))
        {
            events.Add(one);
        }

        return events;
    }
}
