using Deploy.Jobs.Engine;
using Deploy.Model;
using Deploy.Model.Jobs;
using Xunit;

namespace Deploy.Tests.Jobs.Engine;

/// <summary>Who may act: whoever may order the job.</summary>
public class ActorTests
{
    private static readonly Asker Alice = new("127.0.0.1:1", "alice") { Key = "a", Refusal = _ => null };

    /// <summary>May no exec at all.</summary>
    private static readonly Asker Bobby = new("127.0.0.1:2", "bobby") { Key = "b", Refusal = spec => spec.Order == Order.Exec ? No("bobby may no exec") : null };

    /// <summary>A script for h-1 alone.</summary>
    private static readonly Asker Script = new("127.0.0.1:3", "script") { Key = "s", HostGroups = ["one"] };

    [Fact]
    public async Task Whoever_may_not_order_a_job_may_not_act_on_it()
    {
        await using var stage = Stage();
        var document = EngineStage.Document(2);
        await stage.SubmitAsync(document);
        foreach (var act in Enum.GetValues<JobAct>())
        {
            foreach (var (who, why) in new[] { (Bobby, "bobby may no exec"), (Script, "not its host") })
            {
                var no = await RefusedAsync(stage, document.Spec.Id, act, who);
                Assert.Equal((403, $"job {document.Spec.Id}: {why}"), (no.Status, no.Detail));
            }
        }

        Assert.IsType<Submission.Taken>(await stage.Engine.ActAsync(document.Spec.Id, JobAct.Pause, Alice, CancellationToken.None));
        Assert.Equal(403, (await RefusedAsync(stage, document.Spec.Id, JobAct.Resume, Bobby)).Status);
        Assert.Equal(JobState.Paused, (await stage.Engine.FindAsync(document.Spec.Id, CancellationToken.None))!.State);
        await stage.ActAsync(document.Spec.Id, JobAct.Cancel);
        Assert.Equal(403, (await RefusedAsync(stage, document.Spec.Id, JobAct.Cancel, Bobby)).Status);
    }

    [Fact]
    public async Task A_script_acts_on_the_hosts_of_its_groups()
    {
        await using var stage = Stage();
        var document = EngineStage.Document(1);
        await stage.SubmitAsync(document);
        Assert.IsType<Submission.Taken>(await stage.Engine.ActAsync(document.Spec.Id, JobAct.Cancel, Script, CancellationToken.None));
    }

    [Fact]
    public async Task A_script_without_groups_acts_on_nothing_not_even_on_what_may_come()
    {
        await using var stage = Stage();
        var none = Script with { HostGroups = [] };
        var document = EngineStage.Document(1);
        Assert.Equal(403, (await RefusedAsync(stage, document.Spec.Id, JobAct.Cancel, none)).Status);
        await stage.SubmitAsync(document);
        Assert.Equal(403, (await RefusedAsync(stage, document.Spec.Id, JobAct.Cancel, none)).Status);
        Assert.Equal(403, Assert.IsType<Submission.Refused>(await stage.Engine.SubmitAsync(EngineStage.Document(1), none, CancellationToken.None)).Problem.Status);
    }

    [Fact]
    public async Task A_lease_is_taken_by_whoever_may_order_its_job_and_by_nobody_else()
    {
        await using var stage = Stage();
        var document = EngineStage.Document(2, order: Order.Rsync);
        await stage.SubmitAsync(document);
        var shop = Alice with { Refusal = spec => spec.Group == "shop" ? null : No("not its group") };
        foreach (var other in new[] { shop, Script, Script with { HostGroups = [] } })
        {
            Assert.Equal(403, (await stage.Engine.StealAsync("site", "why", other, CancellationToken.None))!.Status);
        }

        Assert.Single(await stage.Engine.LeasesAsync(CancellationToken.None));
        Assert.Null(await stage.Engine.StealAsync("site", "why", Alice, CancellationToken.None));
        Assert.Empty(await stage.Engine.LeasesAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_cancellation_that_overtakes_its_job_holds_where_its_asker_may_order_that()
    {
        await using var stage = Stage();
        var (one, two, three) = (EngineStage.Document(1), EngineStage.Document(2), EngineStage.Document(2));
        Assert.Equal(404, (await RefusedAsync(stage, one.Spec.Id, JobAct.Cancel, Bobby)).Status);
        Assert.Equal(404, (await RefusedAsync(stage, two.Spec.Id, JobAct.Cancel, Script)).Status);
        await stage.SubmitAsync(one);
        await stage.SubmitAsync(two);
        foreach (var who in new[] { Bobby, Script, Alice })
        {
            Assert.Equal(404, (await RefusedAsync(stage, three.Spec.Id, JobAct.Cancel, who)).Status);
        }

        Assert.Equal(ProblemTypes.Cancelled, (await stage.RefusedAsync(three)).Type);
    }

    [Fact]
    public async Task Early_cancellations_of_one_key_push_out_none_of_another()
    {
        await using var stage = Stage();
        var mine = EngineStage.Document(1);
        await RefusedAsync(stage, mine.Spec.Id, JobAct.Cancel, Alice);
        int remembered = 0;
        while ((await RefusedAsync(stage, JobId.New(DateTimeOffset.UtcNow), JobAct.Cancel, Bobby)).Status == 404)
        {
            Assert.True(++remembered < 100_000);
        }

        Assert.Equal(503, (await RefusedAsync(stage, JobId.New(DateTimeOffset.UtcNow), JobAct.Cancel, Bobby)).Status);
        Assert.Equal(404, (await RefusedAsync(stage, JobId.New(DateTimeOffset.UtcNow), JobAct.Cancel, Alice)).Status);
        Assert.Equal(ProblemTypes.Cancelled, (await stage.RefusedAsync(mine)).Type);
    }

    private static EngineStage Stage() => EngineStage.Open(ScriptedRunner.Held(new TaskCompletionSource().Task), change: settings => settings with
    {
        Leases = true,
        MayReach = (asker, hosts) => asker.HostGroups is { } groups && (groups.Count == 0 || hosts.Any(host => host != "h-1")) ? No("not its host") : null,
    });

    private static Problem No(string why) => new(ProblemTypes.NotAllowed, 403, "not allowed", why);

    private static async Task<Problem> RefusedAsync(EngineStage stage, JobId id, JobAct act, Asker asker) =>
        Assert.IsType<Submission.Refused>(await stage.Engine.ActAsync(id, act, asker, CancellationToken.None)).Problem;
}
