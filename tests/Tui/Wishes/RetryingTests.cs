using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tests.Tui.Screens;
using Deploy.Tui.State;
using Deploy.Tui.Wishes;
using Xunit;

namespace Deploy.Tests.Tui.Wishes;

/// <summary>Retries and plans that are done, as wishes.</summary>
public class RetryingTests
{
    [Fact]
    public void The_states_are_those_of_the_client() => Assert.Equal(Deploy.Modes.Client.Following.Retrying.Default, Retrying.Default);

    [Fact]
    public void Failed_ones_are_asked_again_and_those_that_may_run_or_said_no_are_named()
    {
        var wished = Retrying.Of(Mixed(Order.Rsync), []);
        Assert.Equal(["a-1", "b-1", "c-1", "d-1", "e-1"], wished.Wish!.Hosts);
        Assert.Equal("site", wished.Wish.Group);
        Assert.Empty(wished.Wish.AgainStates!);
        Assert.Contains("left out, unknown: may have started: f-1 (space marks hosts by hand)", wished.Warnings);
        Assert.Contains("left out, refused: said no: g-1 (space marks hosts by hand)", wished.Warnings);
        Assert.Contains("left out, cancelled: on purpose: h-1 (space marks hosts by hand)", wished.Warnings);
    }

    [Fact]
    public void Marks_choose()
    {
        var wished = Retrying.Of(Mixed(Order.Rsync), ["f-1", "ok-1", "a-1"]);
        Assert.Equal(["a-1", "f-1"], wished.Wish!.Hosts);
        Assert.Null(wished.Wish.AgainStates);
        Assert.Contains("may have started, and may be running still: f-1", wished.Warnings);
        Assert.Equal("every marked host is well", Retrying.Of(Mixed(Order.Rsync), ["ok-1"]).Trouble);
    }

    [Fact]
    public void Where_all_that_is_left_was_refused_these_are_asked_again_by_name_of_their_state()
    {
        var record = JobModels.Job("8D1", Order.Rsync, [.. JobModels.Hosts("a-1", HostState.Refused), .. JobModels.Hosts("b-1", HostState.Unknown)]);
        var wished = Retrying.Of(record, []);
        Assert.Equal([HostState.Refused, HostState.Unknown], wished.Wish!.AgainStates);
        Assert.EndsWith("--refused --unknown --via proxy-01", WishCommand.Of(wished.Wish, " --via proxy-01"));
    }

    [Fact]
    public void Of_a_command_those_are_left_out_on_which_it_had_begun_when_the_agent_went()
    {
        var record = JobModels.Job("8D2", Order.Exec, [.. JobModels.Hosts("a-1", HostState.Failed, host => host with { Cause = Reasons.Interrupted }), .. JobModels.Hosts("b-1", HostState.Failed)]);
        Assert.Equal(["b-1"], Retrying.Of(record, []).Wish!.Hosts);
    }

    [Fact]
    public void What_was_meant_for_that_one_time_is_not_carried_over_and_all_else_is()
    {
        var rollout = new RolloutSpec { MaxParallel = 3 };
        var record = Mixed(Order.Rsync).Viewed(job => job with { Spec = job.Spec! with { AllowDelete = 99, NotAfter = JobModels.Now, Rollout = rollout, HostTimeoutSeconds = 60, Reason = "release 7" } });
        var wished = Retrying.Of(record, []);
        Assert.Null(wished.Wish!.AllowDelete);
        Assert.Equal(rollout, wished.Wish.Rollout);
        Assert.Equal(60, wished.Wish.HostTimeoutSeconds);
        Assert.Equal("release 7", wished.Wish.Reason);
        Assert.Contains("the 99 deletions that were allowed then are not allowed again", wished.Warnings);
    }

    [Fact]
    public void The_plan_of_a_job_goes_along_for_the_hosts_that_are_asked_again()
    {
        var record = Mixed(Order.Rsync).Viewed(job => job with { Spec = job.Spec! with { Plan = new Dictionary<string, string> { ["d1"] = "a-1,ok-1", ["d2"] = "ok-2", ["d3"] = "b-1,f-1" } } });
        Assert.Equal([("d1", "a-1"), ("d3", "b-1")], Retrying.Of(record, []).Wish!.Plan!.Select(one => (one.Key, one.Value)));
        Assert.NotNull(Retrying.Of(record, ["a-1"]).Trouble); // no command line says it
    }

    [Fact]
    public void What_cannot_be_retried_says_why()
    {
        Assert.Equal("the job is not known yet", Retrying.WhyNot(new JobRecord { Id = JobModels.Id("8D3") }));
        Assert.Equal("the job has not ended", Retrying.WhyNot(JobModels.Rollout()));
        Assert.Equal("every host is well", Retrying.WhyNot(JobModels.Job("8D4", Order.Rsync, [.. JobModels.Hosts("a-1", HostState.Ok)])));
        Assert.NotNull(Retrying.Of(Mixed(Order.Rsync) with { Standings = StandingTable.Empty }, []).Trouble);
    }

    [Fact]
    public void A_plan_is_done_with_the_digest_of_each_host_and_nothing_else()
    {
        var plan = JobModels.Plan();
        var wished = Deploying.Of(plan, [], JobModels.Now);
        Assert.Equal(plan.Id, wished.Wish!.OfPlan);
        Assert.Equal(["web-[001-037]", "web-[038-039]"], wished.Wish.Plan!.Values);
        Assert.Equal(39, wished.Wish.Hosts.Count);
        Assert.Null(wished.Wish.Rollout);
        var parsed = new ParsedCommand(WishCommand.Of(wished.Wish, " --via proxy-01"));
        Assert.Equal(plan.Id.ToString(), parsed.Value<string>("--plan"));
        Assert.Equal(wished.Wish.Hosts, parsed.Hosts);
    }

    [Fact]
    public void A_plan_of_ten_thousand_hosts_is_one_the_v1_document_takes()
    {
        var shape = JobModels.Changes(1, 0, 0);
        var plan = JobModels.Job("8D5", Order.Rlist, [.. JobModels.Hosts("web-[00001-10000]", HostState.Ok, host => host with { Shape = shape.Digest(), Totals = new SyncTotals { New = 1 } })], isPlan: true);
        var wish = Deploying.Of(plan, [], JobModels.Now).Wish!;
        Assert.True(JobDocument.TryOf(
            new JobSpec { Id = JobModels.Id("8D6"), Order = wish.Order, Hosts = Deploy.Model.Hosts.HostFold.Fold(wish.Hosts), Group = wish.Group, Plan = wish.Plan },
            out _,
            out var problem), problem?.Detail);
    }

    private static JobRecord Mixed(Order order) => JobModels.Job("8D0", order,
    [
        .. JobModels.Hosts("ok-[1-2]", HostState.Ok),
        .. JobModels.Hosts("a-1", HostState.Failed),
        .. JobModels.Hosts("b-1", HostState.Partial),
        .. JobModels.Hosts("c-1", HostState.Timeout),
        .. JobModels.Hosts("d-1", HostState.Unreachable),
        .. JobModels.Hosts("e-1", HostState.Skipped),
        .. JobModels.Hosts("f-1", HostState.Unknown),
        .. JobModels.Hosts("g-1", HostState.Refused),
        .. JobModels.Hosts("h-1", HostState.Cancelled),
    ]);
}
