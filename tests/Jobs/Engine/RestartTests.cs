using System.Collections.Concurrent;
using Deploy.Jobs.Engine;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Jobs.Engine;

public sealed class RestartTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_may_have_started_is_asked_again_and_what_waited_starts()
    {
        var document = EngineStage.Document(4, new RolloutSpec { MaxParallel = 2 });
        await using (var first = EngineStage.Open(ScriptedRunner.Held(new TaskCompletionSource().Task), folder["jobs.db"]))
        {
            await first.SubmitAsync(document);
            await first.UntilAsync(document.Spec.Id, view => view.Summary.Counts.GetValueOrDefault("running") == 2);
            await first.KillAsync();
        }

        var stood = new ConcurrentDictionary<string, HostStanding>();
        await using var second = EngineStage.Open(
            new ScriptedRunner(async (run, _) =>
            {
                stood[run.Host] = run.Standing;
                await ScriptedRunner.EndAsync(run, HostState.Ok);
            }),
            folder["jobs.db"]);
        Assert.Equal(JobState.Running, (await second.Engine.FindAsync(document.Spec.Id, CancellationToken.None))!.State);
        await second.Engine.StartAsync();
        var end = await second.UntilEndAsync(document.Spec.Id);
        Assert.Equal((JobState.Done, 4), (end.State, end.Summary.Counts["ok"]));
        Assert.Equal("running running queued queued", string.Join(' ', stood.OrderBy(host => host.Key).Select(host => host.Value.State.Word())));
        Assert.NotNull(stood["h-1"].Started);
    }

    [Fact]
    public async Task The_signature_of_a_cancellation_is_there_after_a_restart_and_a_later_one_takes_its_place()
    {
        var document = EngineStage.Document(1);
        var (bobs, alices) = (new RequestProof("sig=bob", "sig=:AA==:", null), new RequestProof("sig=alice", "sig=:AA==:", null));
        ScriptedRunner Stubborn(ConcurrentQueue<RequestProof?> asked) => new(async (run, stop) =>
        {
            await run.RunningAsync();
            while (true)
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(run.Cancelled, stop);
                await Task.Delay(Timeout.Infinite, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                stop.ThrowIfCancellationRequested();
                run.NotCancelled();
                asked.Enqueue(run.CancelProof);
            }
        });

        var first = new ConcurrentQueue<RequestProof?>();
        await using (var stage = EngineStage.Open(Stubborn(first), folder["jobs.db"], settings => settings with { CancelTime = TimeSpan.FromMilliseconds(200) }))
        {
            await stage.SubmitAsync(document);
            await stage.UntilAsync(document.Spec.Id, view => view.Summary.Counts.ContainsKey("running"));
            foreach (var proof in new[] { bobs, alices })
            {
                await stage.Engine.ActAsync(document.Spec.Id, JobAct.Cancel, new Asker("127.0.0.1:2", "bob") { Proof = proof }, CancellationToken.None);
                await UntilAsync(() => first.Contains(proof));
            }

            await stage.KillAsync();
        }

        var second = new ConcurrentQueue<RequestProof?>();
        await using var after = EngineStage.Open(Stubborn(second), folder["jobs.db"]);
        await after.Engine.StartAsync();
        await UntilAsync(() => !second.IsEmpty);
        Assert.Equal([alices], second);
    }

    [Theory]
    [InlineData("Cancel", "Cancelled", "cancelled cancelled cancelled")]
    [InlineData("Pause", "Paused", "ok queued queued")]
    public async Task What_was_asked_for_holds_after_a_restart(string word, string stateWord, string states)
    {
        var (act, state) = (Enum.Parse<JobAct>(word), Enum.Parse<JobState>(stateWord));
        var document = EngineStage.Document(3, new RolloutSpec { MaxParallel = 1 });
        var go = new TaskCompletionSource();
        await using (var first = EngineStage.Open(ScriptedRunner.Held(new TaskCompletionSource().Task), folder["jobs.db"], settings => settings with { CancelTime = TimeSpan.FromMilliseconds(1) }))
        {
            await first.SubmitAsync(document);
            await first.UntilAsync(document.Spec.Id, view => view.Summary.Counts.ContainsKey("running"));
            var acting = first.ActAsync(document.Spec.Id, act);
            await first.UntilAsync(document.Spec.Id, view => view.Reason is not null);
            await first.KillAsync();
            await acting;
        }

        await using var second = EngineStage.Open(ScriptedRunner.Held(go.Task), folder["jobs.db"]);
        await second.Engine.StartAsync();
        go.SetResult();
        var view = await second.UntilAsync(document.Spec.Id, view => view.State == state && !view.Summary.Counts.ContainsKey("running"));
        Assert.Equal($"{(act == JobAct.Cancel ? "cancelled" : "paused")} by bob@desk", view.Reason);
        string found = await second.StatesAsync(document.Spec.Id);
        Assert.True(found == states || (act == JobAct.Cancel && found.EndsWith("cancelled cancelled", StringComparison.Ordinal)), found);
    }

    [Fact]
    public async Task An_order_of_the_originals_wire_was_interrupted()
    {
        JobId id;
        await using (var first = EngineStage.Open(ScriptedRunner.Good(), folder["jobs.db"]))
        {
            var job = await first.Engine.AdoptAsync(new AdoptedOrder(Order.Rsync, "site", ["a", "b"], new Asker("127.0.0.1:2", null)));
            await job.EndAsync(1, new HostEnd(HostState.Ok));
            id = job.Id;
            await first.KillAsync();
        }

        await using var second = EngineStage.Open(ScriptedRunner.Good(), folder["jobs.db"], settings => settings with { Rollouts = false });
        await second.Engine.StartAsync();
        await second.UntilEndAsync(id);
        Assert.Equal("failed ok", await second.StatesAsync(id));
        Assert.Equal("a,b", (await second.Engine.FindAsync(id, CancellationToken.None))!.Hosts);
    }

    [Fact]
    public async Task An_order_of_the_originals_wire_whose_hosts_had_all_ended_is_done()
    {
        JobId id;
        await using (var first = EngineStage.Open(ScriptedRunner.Good(), folder["jobs.db"]))
        {
            var job = await first.Engine.AdoptAsync(new AdoptedOrder(Order.Rsync, "site", ["a"], new Asker("127.0.0.1:2", null)));
            await job.EndAsync(0, new HostEnd(HostState.Ok));
            id = job.Id;
            await first.KillAsync();
        }

        await using var second = EngineStage.Open(ScriptedRunner.Good(), folder["jobs.db"]);
        await second.Engine.StartAsync();
        var end = await second.UntilEndAsync(id);
        Assert.Equal((JobState.Done, null), (end.State, end.Reason));
    }

    [Fact]
    public async Task A_shape_whose_content_was_not_kept_is_kept_with_the_next_host_of_it()
    {
        var content = ShapeContent.OfOutput(0, "x"u8, default);
        string digest = content.Digest();
        var document = EngineStage.Document(2, new RolloutSpec { MaxParallel = 1 });
        await using (var first = EngineStage.Open(
            new ScriptedRunner(async (run, stop) =>
            {
                await run.RunningAsync();
                await (run.Host == "h-1" ? run.EndAsync(new HostEnd(HostState.Ok) { Shape = digest }) : Task.Delay(Timeout.Infinite, stop));
            }),
            folder["jobs.db"]))
        {
            await first.SubmitAsync(document);
            await first.UntilAsync(document.Spec.Id, view => view.Summary.Counts.ContainsKey("ok") && view.Summary.Counts.ContainsKey("running"));
            await first.KillAsync();
        }

        await using var second = EngineStage.Open(new ScriptedRunner((run, _) => run.EndAsync(new HostEnd(HostState.Ok) { Shape = digest, Content = run.HasShape(digest) ? null : content })), folder["jobs.db"]);
        await second.Engine.StartAsync();
        await second.UntilEndAsync(document.Spec.Id);
        Assert.Equal(content.Bytes.ToArray(), (await second.Engine.ShapeAsync(document.Spec.Id, digest, CancellationToken.None))!.Bytes.ToArray());
    }

    [Fact]
    public async Task One_job_of_a_journal_is_taken_up_alone()
    {
        var one = EngineStage.Document(2);
        var other = EngineStage.Document(2);
        await using (var first = EngineStage.Open(ScriptedRunner.Held(new TaskCompletionSource().Task), folder["jobs.db"]))
        {
            await first.SubmitAsync(one);
            await first.SubmitAsync(other);
            await first.UntilAsync(other.Spec.Id, view => view.Summary.Counts.GetValueOrDefault("running") == 2);
            await first.KillAsync();
        }

        await using var second = EngineStage.Open(ScriptedRunner.Good(), folder["jobs.db"]);
        Assert.NotNull(await second.Engine.ResumeAsync(other.Spec.Id));
        await second.UntilEndAsync(other.Spec.Id);
        Assert.Null((await second.Engine.FindAsync(one.Spec.Id, CancellationToken.None))!.Ended);
        Assert.Null(await second.Engine.ResumeAsync(JobId.New(TimeProvider.System.GetUtcNow())));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_the_hosts_do_and_whenever_the_daemon_dies_every_host_ends_and_none_is_started_twice(int round)
    {
        for (int seed = round * 1000; seed < (round * 1000) + 12; seed++)
        {
            await LiveAsync(seed);
        }
    }

    /// <summary>One job through as many daemons as it takes.</summary>
    private async Task LiveAsync(int seed)
    {
        var random = new Random(seed);
        string path = folder[$"{seed}.db"];
        var started = new ConcurrentDictionary<string, int>();
        var rollout = random.Next(3) switch
        {
            0 => null,
            1 => new RolloutSpec { MaxParallel = 3, Batches = "1,50%", MaxFailures = "3" },
            _ => new RolloutSpec { MaxParallel = 4, Canary = "2" },
        };
        var document = EngineStage.Document(random.Next(1, 25), rollout);
        bool over = false;
        for (int life = 0; !over; life++)
        {
            int kill = life < 4 ? random.Next(60) : int.MaxValue;
            bool cancels = random.Next(8) == 0;
            var runner = new ScriptedRunner(async (run, stop) =>
            {
                bool fresh = run.Standing.State == HostState.Queued;
                int luck = HashCode.Combine(seed, run.Host.GetHashCode(StringComparison.Ordinal)) & 0xFF;
                await run.ConnectingAsync();
                Assert.NotEqual(HostState.Queued, run.Standing.State);
                if (fresh)
                {
                    started.AddOrUpdate(run.Host, 1, (_, times) => times + 1);
                }

                await Task.Delay(luck % 7, stop);
                switch (luck)
                {
                    case < 10:
                        await run.EndAsync(new HostEnd(HostState.Unreachable));
                        return;
                    case < 20:
                        await run.EndAsync(new HostEnd(HostState.Unknown));
                        return;
                    case < 30:
                        return; // without a word
                    default:
                        await run.RunningAsync();
                        run.Progress(new HostProgress { BytesDone = luck, FilesDone = 1 });
                        await Task.Delay(luck % 11, stop);
                        await run.EndAsync(new HostEnd(run.Cancelled.IsCancellationRequested ? HostState.Cancelled : luck < 50 ? HostState.Failed : HostState.Ok));
                        return;
                }
            });
            await using var stage = EngineStage.Open(runner, path, settings => settings with { CancelTime = TimeSpan.FromMilliseconds(1) });
            if (life == 0)
            {
                await stage.SubmitAsync(document);
            }
            else
            {
                await stage.Engine.StartAsync();
            }

            if (cancels && stage.Store.Find(document.Spec.Id)!.Ended is null)
            {
                await stage.ActAsync(document.Spec.Id, JobAct.Cancel);
            }

            var end = stage.UntilEndAsync(document.Spec.Id);
            if (kill < int.MaxValue)
            {
                await Task.WhenAny(end, Task.Delay(kill));
                await stage.KillAsync();
                await using var after = Deploy.Store.JobStore.Open(path, new Deploy.Store.StoreSettings(), TimeProvider.System, new ListLog());
                Assert.Equal(document.Hosts.Expand().Count(), after.Counts(document.Spec.Id).Values.Sum());
                over = after.Find(document.Spec.Id)!.Ended is not null;
            }
            else
            {
                var view = await end;
                over = true;
                Assert.All(view.Summary.Counts.Keys, word => Assert.True(HostStates.TryParse(word, out var state) && state.IsTerminal()));
            }
        }

        Assert.All(started, host => Assert.Equal(1, host.Value));
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var limit = new CancellationTokenSource(EngineStage.Patience);
        while (!isSo())
        {
            await Task.Delay(5, limit.Token);
        }
    }
}
