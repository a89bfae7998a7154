using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Tui;
using Deploy.Tui.Demo;
using Xunit;

namespace Deploy.Tests.Tui.Demo;

/// <summary>The made-up fleet: what it tells adds up, and is the same for the same seed and times.</summary>
public class DemoWorldTests
{
    private static readonly DateTimeOffset Begin = new(2026, 11, 23, 14, 2, 0, TimeSpan.Zero);

    [Fact]
    public void Two_of_one_seed_and_the_same_times_tell_the_same()
    {
        var (one, other) = (new DemoWorld(7, 60, Begin), new DemoWorld(7, 60, Begin));
        Assert.Equal(Told(one.Greeting()), Told(other.Greeting()));
        var wish = new JobWish { Order = Order.Rlist, IsPlan = true, Group = "site", Hosts = ["web-001", "web-010"] };
        for (int tick = 1; tick <= 300; tick++)
        {
            Assert.Equal(Told(one.Advance(Begin.AddMilliseconds(250 * tick))), Told(other.Advance(Begin.AddMilliseconds(250 * tick))));
            if (tick == 20)
            {
                Assert.Equal(Told(one.Answer(new Effect.Submit(1, wish))), Told(other.Answer(new Effect.Submit(1, wish))));
            }
        }

        Assert.NotEqual(Told(one.Greeting()), Told(new DemoWorld(8, 60, Begin).Greeting()));
    }

    [Fact]
    public void How_often_it_is_looked_at_changes_nothing_of_what_happens()
    {
        var (often, seldom) = (new DemoWorld(3, 60, Begin), new DemoWorld(3, 60, Begin));
        for (int tick = 1; tick <= 1200; tick++)
        {
            often.Advance(Begin.AddMilliseconds(50 * tick));
        }

        seldom.Advance(Begin.AddMinutes(1));
        Assert.Equal(often.Jobs.Select(job => (job.Id, job.State, job.EndedCount)), seldom.Jobs.Select(job => (job.Id, job.State, job.EndedCount)));
        Assert.Equal(often.Jobs[^1].Standings, seldom.Jobs[^1].Standings);
    }

    [Fact]
    public void Counts_add_up_hosts_end_once_and_numbers_grow()
    {
        var world = new DemoWorld(5, 100, Begin);
        var revs = new Dictionary<(JobId, string), (long Rev, HostState State)>();
        long seq = 0;
        int summaries = 0, ends = 0;
        foreach (var told in world.Greeting().Concat(Play(world, TimeSpan.FromMinutes(12))).OfType<Message.Happened>().SelectMany(happened => happened.Events))
        {
            Assert.True(told.Seq >= seq, "numbers went back");
            seq = told.Seq;
            if (told.Summary is { } summary)
            {
                summaries++;
                Assert.Equal(summary.Hosts, summary.Counts.Values.Sum());
                Assert.DoesNotContain(0, summary.Counts.Values);
                Assert.True(summary.BytesDone <= summary.BytesTotal || summary.BytesTotal is null, $"{summary.BytesDone} of {summary.BytesTotal}");
            }

            if (told.Standing is { } standing)
            {
                if (revs.TryGetValue((told.Job!.Value, standing.Host), out var before))
                {
                    Assert.True(standing.Rev >= before.Rev && (standing.Rev > before.Rev || standing.State == before.State));
                    Assert.True(standing.State == before.State ? !standing.State.IsTerminal() || standing.Rev == before.Rev : before.State.MayReach(standing.State), $"{standing.Host}: {before.State} to {standing.State}");
                }

                ends += standing.State.IsTerminal() ? 1 : 0;
                revs[(told.Job!.Value, standing.Host)] = (standing.Rev, standing.State);
            }
        }

        Assert.True(summaries > 100 && ends > 100, $"{summaries} summaries, {ends} ends");
        Assert.True(world.Jobs.Count(job => job.Spec.Group == DemoRollouts.Group && job.Spec.Order == Order.Rsync) >= 2, "no second rollout began");
        Assert.All(world.Jobs.Where(job => job.State.IsTerminal()), job => Assert.All(job.Standings, standing => Assert.True(standing.State.IsTerminal())));
    }

    [Fact]
    public void Progress_comes_once_a_second_and_host_at_most_and_summaries_four_times()
    {
        var world = new DemoWorld(5, 100, Begin);
        var last = new Dictionary<(JobId?, string?), DateTimeOffset>();
        foreach (var told in Play(world, TimeSpan.FromMinutes(2)).OfType<Message.Happened>().SelectMany(happened => happened.Events).Where(told => told.Type is EventType.HostProgress or EventType.JobSummary))
        {
            var least = told.Type == EventType.JobSummary ? TimeSpan.FromMilliseconds(249) : TimeSpan.FromMilliseconds(999);
            Assert.True(!last.TryGetValue((told.Job, told.Host), out var before) || told.Time - before >= least, $"{told.Type} of {told.Host} after {told.Time - before}");
            last[(told.Job, told.Host)] = told.Time;
        }

        Assert.True(last.Count > 10, $"{last.Count} told");
    }

    [Fact]
    public void The_past_has_something_of_everything()
    {
        var world = new DemoWorld(1, 500, Begin);
        var ended = world.Jobs.Where(job => job.State.IsTerminal()).ToList();
        Assert.InRange(ended.Count, 25, 40);
        Assert.Equal([Order.Status, Order.Rlist, Order.Rsync, Order.Exec], ended.Select(job => job.Spec.Order).Distinct().Order());
        var states = ended.SelectMany(job => job.Standings).Select(standing => standing.State).ToHashSet();
        Assert.Superset(new HashSet<HostState> { HostState.Ok, HostState.Unchanged, HostState.Partial, HostState.Failed, HostState.Unreachable, HostState.Cancelled, HostState.Refused }, states);
        Assert.InRange(world.Audit.Count, 200, 400);
        var plan = ended.Last(job => job.IsPlan);
        Assert.Equal(3, plan.Shapes().Count);
        Assert.Contains(plan.Shapes(), shape => shape.Totals!.Deleted > 200);
        Assert.Equal(3, ended.Last(job => job.Spec.Command == "disk").Shapes().Count);
        var broken = ended.Last(job => job.PlaceOf(DemoHosts.Broken) is not null && job.Spec.Order == Order.Rsync).Standings.First(standing => standing.Host == DemoHosts.Broken);
        Assert.Equal((HostState.Partial, 23), (broken.State, broken.ExitCode!.Value));
        Assert.Contains("Permission denied", broken.Reason, StringComparison.Ordinal);
        Assert.Equal(JobState.Cancelled, ended.MaxBy(job => job.Accepted)!.State);
    }

    [Fact]
    public void Every_shape_is_named_by_its_content_and_counted_from_it()
    {
        var world = new DemoWorld(1, 200, Begin);
        int seen = 0;
        foreach (var job in world.Jobs)
        {
            foreach (var shape in job.Shapes())
            {
                var content = job.Content(shape.Digest)!;
                Assert.Equal(shape.Digest, content.Digest());
                Assert.True(FrozenHosts.TryParse(shape.Hosts, out var hosts, out _));
                Assert.Equal(shape.HostCount, hosts.Expand().Count());
                if (content.Kind == ShapeKind.Output)
                {
                    Assert.Equal(shape.ExitCode, CommandOutput.Read(content)!.ExitCode);
                    continue;
                }

                var lines = ShapeChanges(content);
                Assert.Equal(shape.Totals, new SyncTotals
                {
                    New = lines.Count(line => line.Kind == "new"),
                    Changed = lines.Count(line => line.Kind == "changed"),
                    Attributes = lines.Count(line => line.Kind == "attributes"),
                    Deleted = lines.Count(line => line.Kind == "deleted"),
                    Files = lines.Count(line => line is { Type: "f", Kind: "new" or "changed" }),
                    Bytes = lines.Where(line => line is { Type: "f", Kind: "new" or "changed" }).Sum(line => line.Size ?? 0),
                });
                seen++;
            }
        }

        Assert.True(seen > 20, $"{seen} shapes");
    }

    [Fact]
    public void Every_document_is_one_that_a_daemon_takes() =>
        Assert.All(new DemoWorld(1, 500, Begin).Jobs, job => Assert.True(JobDocument.TryOf(job.Spec, out _, out var problem), problem?.Detail));

    [Fact]
    public void The_fleet_has_what_there_is_to_find()
    {
        var facts = new DemoWorld(1, 500, Begin).Greeting().OfType<Message.HostsTold>().Single().Hosts;
        Assert.Equal(500, facts.Count);
        Assert.Equal(facts.Select(host => host.Name).Order(HostOrder.Natural), facts.Select(host => host.Name));
        Assert.InRange(facts.Count(host => host.Rsync == DemoHosts.OldRsync), 5, 40);
        Assert.Single(facts, host => host.Wire == "legacy");
        Assert.Contains(facts, host => host.ClockSkewSeconds < -200);
        Assert.Contains(facts, host => host.Reachable == false && Begin - host.LastContact > TimeSpan.FromMinutes(5));
        Assert.Contains(facts, host => Begin - host.LastContact is { TotalSeconds: > 30 and < 300 });
        Assert.True(facts.Count(host => Begin - host.LastContact < TimeSpan.FromSeconds(30)) > 480);
    }

    [Fact]
    public void Hosts_that_are_not_down_stay_heard_of()
    {
        var world = new DemoWorld(1, 300, Begin);
        Play(world, TimeSpan.FromMinutes(5));
        Assert.All(world.Hosts.All.Where(host => !host.IsDown && !host.IsSuspect), host => Assert.InRange((world.Now - host.LastContact).TotalSeconds, 0, 29));
    }

    /// <summary>Plays on in steps of 50 ms.</summary>
    internal static List<Message> Play(DemoWorld world, TimeSpan time)
    {
        var told = new List<Message>();
        for (var end = world.Now + time; world.Now < end;)
        {
            told.AddRange(world.Advance(world.Now.AddMilliseconds(50)));
        }

        return told;
    }

    internal static List<ShapeChange> ShapeChanges(ShapeContent content)
    {
        var changes = new List<ShapeChange>();
        for (var rest = content.Bytes; !rest.IsEmpty;)
        {
            int end = rest.Span.IndexOf((byte)'\n');
            changes.Add(ShapeChange.Of(rest.Span[..end])!);
            rest = rest[(end + 1)..];
        }

        return changes;
    }

    private static List<string> Told(IEnumerable<Message> messages) =>
        [.. messages.SelectMany(message => message is Message.Happened happened ? happened.Events.Select(one => $"{one} {one.Standing} {string.Join(' ', one.Summary?.Counts ?? new Dictionary<string, int>())}".Replace("System.Collections.Generic.Dictionary`2[System.String,System.Int32]", "", StringComparison.Ordinal)) : [message.GetType().Name])];
}
