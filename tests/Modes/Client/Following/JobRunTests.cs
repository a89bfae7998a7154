using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Modes.Client;
using Deploy.Modes.Client.Acts;
using Deploy.Modes.Client.Following;
using Deploy.Modes.Client.Journal;
using Deploy.Modes.Client.Ordering;
using Deploy.Output;
using Deploy.Tests.Output;
using Xunit;

namespace Deploy.Tests.Modes.Client.Following;

/// <summary>From an order to its exit code, by way of jobs that are written down.</summary>
public sealed class JobRunTests : IDisposable
{
    private const int Patience = 60_000;

    private readonly ScriptedPlace place = new();
    private readonly Terminal terminal = new(new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
    private readonly Interrupts interrupts = new();
    private readonly List<HostStanding> hosts = [.. JobCases.Hosts("web-[1-3]", HostState.Queued)];
    private long seq;

    [Fact(Timeout = Patience)]
    public async Task An_order_is_handed_in_followed_and_printed()
    {
        Take();
        Play(Hello(), Host(0, HostState.Ok), Host(1, HostState.Ok), Host(2, HostState.Failed, "no room"), End());
        Assert.Equal(2, await RunAsync(Ask()));
        var spec = Assert.Single(place.Scripted.Submitted).Spec;
        Assert.Equal(("web-[1-3]", "site", null, Order.Rsync), (spec.Hosts, spec.Group, spec.Rollout, spec.Order));
        Assert.Equal("HOSTS  STATE   WHO\n    2  ok      web-[1-2]\n    1  failed  web-3\n       no room\n\n3 hosts: 2 ok, 1 failed\n", terminal.Out.ToString());
        Assert.Contains($"deploy: hint: deploy client retry {spec.Id} --via proxy-01\n", terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience)]
    public async Task A_connection_that_breaks_is_made_again_behind_the_last_event()
    {
        Take();
        var broken = new Queue<IAsyncEnumerable<JobEvent>>([
            ScriptedJobs.Of([Hello(), Host(0, HostState.Ok)], new IOException("proxy-01: the connection broke")),
            ScriptedJobs.Of([], new IOException("proxy-01: the connection broke")),
            ScriptedJobs.Of([Host(1, HostState.Ok), Host(2, HostState.Unchanged), End()]),
        ]);
        place.Scripted.Events = (_, _) => broken.Dequeue();
        Assert.Equal(0, await RunAsync(Ask()));
        Assert.Equal([null, "e:2", "e:2"], place.Scripted.Since);
        Assert.Contains("it is asked again until it answers", terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience)]
    public async Task What_GET_says_is_the_truth_where_events_were_lost()
    {
        Take();
        place.Scripted.Events = (_, cancellationToken) =>
        {
            SetEnded(HostState.Ok, HostState.Unreachable, HostState.Skipped);
            return ScriptedJobs.Of([Hello(), End()], cancellationToken: cancellationToken);
        };
        Assert.Equal(6, await RunAsync(Ask()));
        Assert.Contains("3 hosts: 1 ok, 1 unreachable, 1 skipped", terminal.Out.ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience)]
    public async Task Ctrl_C_once_says_where_it_stands_and_twice_leaves()
    {
        Take();
        place.Scripted.Events = (_, cancellationToken) => Script(cancellationToken);
        Assert.Equal(ExitCodes.Interrupted, await RunAsync(Ask()));
        string said = terminal.Error.ToString()!;
        Assert.Contains("0 of 3 hosts ended: 3 queued. It goes on at proxy-01; stop it with: deploy client cancel ", said, StringComparison.Ordinal);
        Assert.Contains("left: the job goes on at proxy-01\ndeploy: hint: deploy client watch ", said, StringComparison.Ordinal);
        Assert.Empty(terminal.Out.ToString()!);

        async IAsyncEnumerable<JobEvent> Script([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            yield return Hello();
            interrupts.Interrupt();
            interrupts.Interrupt();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }

    [Fact(Timeout = Patience)]
    public async Task A_deadline_that_passes_is_13()
    {
        Take();
        place.Scripted.Events = (_, cancellationToken) => ScriptedJobs.Of([Hello()], hangs: true, cancellationToken: cancellationToken);
        Assert.Equal(ExitCodes.DeadlinePassed, await RunAsync(Ask() with { Deadline = TimeSpan.FromMilliseconds(300) }));
    }

    [Fact(Timeout = Patience)]
    public async Task A_lease_is_waited_for_only_where_that_is_asked()
    {
        var leased = new Problem(ProblemTypes.Leased, 409, "leased", "ann rolls out site: job X") { Hint = "wait or steal" };
        place.Scripted.Answers.Enqueue(_ => new Submission.Refused(leased));
        var refused = await Assert.ThrowsAsync<UserError>(() => RunAsync(Ask()));
        Assert.Equal((ExitCodes.Refused, "proxy-01: ann rolls out site: job X", "wait or steal"), (refused.ExitCode, refused.Message, refused.Hint));
        Take();
        Play(Host(0, HostState.Ok), Host(1, HostState.Ok), Host(2, HostState.Ok), End());
        Assert.Equal(0, await RunAsync(Ask() with { Wait = true }));
        Assert.Contains("waiting: ann rolls out site", terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(place.Scripted.Submitted[^1].Spec.Id, place.Scripted.Submitted[^2].Spec.Id);
    }

    [Fact(Timeout = Patience)]
    public async Task A_plan_gives_the_hosts_and_their_digests()
    {
        string one = new('a', 64), other = new('b', 64);
        var plan = JobCases.Job(Order.Rlist, hosts, isPlan: true);
        place.Scripted.Known.Add(plan);
        place.Scripted.HostsOf[plan.Id] =
        [
            hosts[0] with { State = HostState.Ok, Shape = one, Totals = JobCases.Totals(1, 0, 0, 5) },
            hosts[1] with { State = HostState.Unchanged, Shape = other, Totals = new SyncTotals() },
            hosts[2] with { State = HostState.Unreachable },
        ];
        place.Ports["web-1"] = 99;
        Take();
        Play(Host(0, HostState.Ok), Host(1, HostState.Ok), Host(2, HostState.Ok), End());
        await RunAsync(Ask() with { Hosts = new HostWords(), Plan = plan.Id.ToString()[^6..] });
        var spec = place.Scripted.Submitted[^1].Spec;
        Assert.Equal("web-[1-2]", spec.Hosts);
        Assert.Equal([(one, "web-1"), (other, "web-2")], spec.Plan!.Select(shape => (shape.Key, shape.Value)).Order());
        Assert.Contains("left out: web-3", terminal.Error.ToString(), StringComparison.Ordinal);
        var missing = await Assert.ThrowsAsync<UserError>(() => RunAsync(Ask() with { Plan = plan.Id.ToString() }));
        Assert.Equal((64, $"plan {plan.Id} has nothing for web-3"), (missing.ExitCode, missing.Message));
        Assert.Contains("is of 'site', not of 'other'", (await Assert.ThrowsAsync<UserError>(() => RunAsync(Ask() with { Plan = plan.Id.ToString(), Words = ["other"] }))).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience)]
    public async Task Who_is_interrupted_while_it_waits_is_told_that_nothing_was_taken()
    {
        place.Scripted.Answers.Enqueue(_ =>
        {
            interrupts.End();
            return new Submission.Refused(new Problem(ProblemTypes.Leased, 409, "leased", "ann rolls out site"));
        });
        var error = await Assert.ThrowsAsync<UserError>(() => RunAsync(Ask() with { Wait = true }));
        Assert.Equal(($"interrupted while it waited: job {place.Scripted.Submitted[0].Spec.Id} was not taken, nothing was started", 130, null), (error.Message, error.ExitCode, error.Hint));
    }

    [Fact(Timeout = Patience)]
    public async Task A_program_gets_names_and_outputs_with_their_shapes()
    {
        var changes = new System.Buffers.ArrayBufferWriter<byte>();
        new Change { Kind = ChangeKind.New, Type = 'f', Size = 5, Time = "2026-11-22T10:00:00Z", Name = "index.html"u8.ToArray() }.WriteTo(changes);
        new Change { Kind = ChangeKind.Deleted, Type = 'd', Name = "old"u8.ToArray() }.WriteTo(changes);
        var names = new ShapeContent(ShapeKind.Changes, changes.WrittenMemory);
        var output = ShapeContent.OfOutput(3, "one\ntwo\n"u8, "no\n"u8);
        var other = new ShapeContent(ShapeKind.Changes, "of a later version\n"u8.ToArray());
        foreach (var content in new[] { names, output, other })
        {
            place.Scripted.Contents[content.Digest()] = content;
            place.Scripted.Shapes.Add(new Shape { Digest = content.Digest(), Kind = content.Kind, Hosts = "web-1", HostCount = 1 });
        }

        place.Scripted.Shapes.Add(new Shape { Digest = new string('0', 64), Kind = ShapeKind.Changes, Hosts = "web-2", HostCount = 1 });
        Take();
        Play(Host(0, HostState.Ok), Host(1, HostState.Ok), Host(2, HostState.Ok), End());
        await RunAsync(Ask() with { Order = Order.Rlist, IsPlan = true }, new Showing { As = ShowAs.Json, Quiet = true });
        using var document = System.Text.Json.JsonDocument.Parse(terminal.Out.ToString()!);
        var shapes = document.RootElement.GetProperty("shapes").EnumerateArray().ToList();
        Assert.Equal("""[{"kind":"new","type":"f","name":"index.html","size":5,"time":"2026-11-22T10:00:00Z"},{"kind":"deleted","type":"d","name":"old"}]""", Flat(shapes[0].GetProperty("changes")));
        Assert.Equal(("one\ntwo\n", "no\n"), (shapes[1].GetProperty("stdout").GetString(), shapes[1].GetProperty("stderr").GetString()));
        Assert.Equal("""["of a later version"]""", Flat(shapes[2].GetProperty("lines")));
        Assert.False(shapes[3].TryGetProperty("changes", out _));
        Assert.Contains($"proxy-01 does not have the content of shape {new string('0', 64)} any more", terminal.Error.ToString(), StringComparison.Ordinal);
        terminal.Out.Flush();
        ((StringWriter)terminal.Out).GetStringBuilder().Clear();
        await RunAsync(Ask(), new Showing { As = ShowAs.Json });
        Assert.DoesNotContain("index.html", terminal.Out.ToString(), StringComparison.Ordinal);

        static string Flat(System.Text.Json.JsonElement element) => System.Text.Json.Nodes.JsonNode.Parse(element.GetRawText())!.ToJsonString();
    }

    [Fact(Timeout = Patience)]
    public async Task Quiet_says_nothing_of_a_plan_that_is_well()
    {
        Take();
        Play(Host(0, HostState.Ok, totals: JobCases.Totals(1, 0, 2, 5)), Host(1, HostState.Ok, totals: JobCases.Totals(1, 0, 0, 5)), Host(2, HostState.Unreachable, "down"), End());
        await RunAsync(Ask() with { Order = Order.Rlist, IsPlan = true }, new Showing { Quiet = true });
        Assert.StartsWith("1 host without a plan:\nHOSTS  STATE", terminal.Out.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hint", terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience)]
    public async Task A_plan_with_changes_is_10_where_that_is_asked()
    {
        Take();
        Play(Host(0, HostState.Ok), Host(1, HostState.Ok), Host(2, HostState.Ok, totals: JobCases.Totals(1, 0, 0, 5)), End());
        var ask = Ask() with { Order = Order.Rlist, IsPlan = true };
        Assert.Equal(0, await RunAsync(ask));
        Assert.Equal(ExitCodes.Changes, await RunAsync(ask, new Showing { DetailedExitCode = true }));
        Assert.True(place.Scripted.Submitted[^1].Spec.Keep);
    }

    [Fact(Timeout = Patience)]
    public async Task Retry_asks_those_that_ended_badly_again_with_the_same_order()
    {
        var spec = new JobSpec { Id = JobCases.Id, Order = Order.Exec, Hosts = "web-[1-3]", Command = "reload", Arguments = ["a", "b"], Rollout = new RolloutSpec { MaxParallel = 3 }, NotAfter = DateTimeOffset.UnixEpoch };
        List<HostStanding> ended = [hosts[0] with { State = HostState.Ok }, hosts[1] with { State = HostState.Unreachable }, hosts[2] with { State = HostState.Unknown }];
        place.Scripted.Known.Add(JobCases.Job(Order.Exec, ended) with { Spec = spec });
        place.Scripted.HostsOf[JobCases.Id] = ended;
        Take();
        Play(Host(0, HostState.Ok), Host(1, HostState.Ok), Host(2, HostState.Ok), End());
        var again = new Again(place, new Showing(), new ClientContext(new ClientOptions(), terminal, TimeProvider.System, []));
        var ask = new RetryAsk { Job = JobCases.Id.ToString(), States = Retrying.Default };
        await again.RunAsync(ask, interrupts);
        var made = place.Scripted.Submitted[^1].Spec;
        Assert.Equal(("web-2", "reload", 2, 3, null), (made.Hosts, made.Command, made.Arguments!.Count, made.Rollout!.MaxParallel, made.NotAfter));
        Assert.NotEqual(JobCases.Id, made.Id);
        await again.RunAsync(ask with { States = [HostState.Unknown] }, interrupts);
        Assert.Equal("web-3", place.Scripted.Submitted[^1].Spec.Hosts);
        Assert.Contains("may have started, and may be running still: web-3", terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await again.RunAsync(ask with { States = [HostState.Skipped] }, interrupts));
        Assert.Contains("no host of job 01JZ8Q5X3T4V6W7Y8Z9A0B1C2D is skipped; there are others: --unreachable, --unknown", terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience)]
    public async Task Retry_repeats_no_deletions_that_were_allowed_once_and_sets_its_own_deadline()
    {
        var spec = new JobSpec { Id = JobCases.Id, Order = Order.Rsync, Hosts = "web-[1-3]", Group = "site", AllowDelete = 50, Rollout = new RolloutSpec { MaxParallel = 1, DeadlineSeconds = 900 } };
        List<HostStanding> ended = [.. hosts.Select(host => host with { State = HostState.Unreachable })];
        place.Scripted.Known.Add(JobCases.Job(Order.Rsync, ended) with { Spec = spec });
        place.Scripted.HostsOf[JobCases.Id] = ended;
        Take();
        Play(Host(0, HostState.Ok), Host(1, HostState.Ok), Host(2, HostState.Ok), End());
        var again = new Again(place, new Showing(), new ClientContext(new ClientOptions(), terminal, TimeProvider.System, []));
        var ask = new RetryAsk { Job = JobCases.Id.ToString(), States = Retrying.Default };
        await again.RunAsync(ask, interrupts);
        Assert.Equal((null, new RolloutSpec { MaxParallel = 1, DeadlineSeconds = 900 }), (Made().AllowDelete, Made().Rollout));
        await again.RunAsync(ask with { AllowDelete = 7, Deadline = TimeSpan.FromMinutes(1), Limit = "1" }, interrupts);
        Assert.Equal((7, 60, 1, "web-1"), (Made().AllowDelete, Made().Rollout!.DeadlineSeconds, Made().Rollout!.MaxParallel, Made().Hosts));
        place.Scripted.Known[0] = place.Scripted.Known[0] with { Spec = spec with { Order = Order.Rkill, AllowDelete = null, Rollout = null } };
        await again.RunAsync(ask with { Deadline = TimeSpan.FromMinutes(1) }, interrupts);
        Assert.Null(Made().Rollout); // an rkill is none: it is waited for no longer, that is all
        JobSpec Made() => place.Scripted.Submitted[^1].Spec;
    }

    public void Dispose() => interrupts.Dispose();

    private void Play(params IReadOnlyList<JobEvent> events) => place.Scripted.Events = (_, cancellationToken) => ScriptedJobs.Of(events, cancellationToken: cancellationToken);

    private static OrderAsk Ask() => new() { Order = Order.Rsync, Words = ["site"], Hosts = new HostWords { Hosts = "web-[1-3]" } };

    private Task<int> RunAsync(OrderAsk ask, Showing? showing = null) => new JobRun(place, showing ?? new Showing(), terminal, TimeProvider.System).OrderAsync(ask, interrupts);

    private void Take() => place.Scripted.Answers.Enqueue(document =>
    {
        var job = JobCases.Job(document.Spec.Order, hosts, document.Spec.Keep == true, JobState.Running) with { Id = document.Spec.Id };
        place.Scripted.Known.Add(job);
        return new Submission.Taken(job, true);
    });

    private void SetEnded(params HostState[] states)
    {
        var job = place.Scripted.Known[^1];
        place.Scripted.HostsOf[job.Id] = [.. hosts.Select((host, place) => host with { State = states[place], Rev = 9 })];
        place.Scripted.Known[^1] = job with { State = JobState.Done, Summary = JobCases.Summary(place.Scripted.HostsOf[job.Id], JobState.Done) };
    }

    private JobEvent Event(EventType type) => new() { Seq = ++seq, Epoch = "e", Time = default, Type = type };

    private JobEvent Hello() => Event(EventType.Hello);

    private JobEvent Host(int host, HostState state, string? reason = null, SyncTotals? totals = null) =>
        Event(EventType.HostState) with { Host = hosts[host].Host, Standing = hosts[host] with { State = state, Reason = reason, Totals = totals, Rev = 5 } };

    private JobEvent End() => Event(EventType.End) with { Summary = new JobSummary { State = JobState.Done, Hosts = 3, Counts = new Dictionary<string, int>() } };
}
