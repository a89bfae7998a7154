using Deploy.Jobs.Engine;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tests.Fixtures;
using Deploy.Tests.Logs;
using Xunit;

namespace Deploy.Tests.Jobs.Engine;

/// <summary>Signed orders whose jobs are not known: done before, or not.</summary>
public sealed class ReplayTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task An_order_that_was_signed_before_the_memory_began_is_refused_and_one_that_is_known_is_not()
    {
        var time = new SetTime(Noon);
        var document = EngineStage.Document(1);
        await using (var first = EngineStage.Open(ScriptedRunner.Good(), folder["jobs.db"], time: time))
        {
            Assert.IsType<Submission.Taken>(await SubmitAsync(first, document, Noon));
            Assert.Equal("signed before the memory began", (await RefusedAsync(first, EngineStage.Document(1), Noon.AddMinutes(-1))).Title);
        }

        time.Advance(TimeSpan.FromMinutes(10));
        await using (var second = EngineStage.Open(ScriptedRunner.Good(), folder["jobs.db"], time: time))
        {
            Assert.False(Assert.IsType<Submission.Taken>(await SubmitAsync(second, document, Noon)).IsNew);
            Assert.IsType<Submission.Taken>(await SubmitAsync(second, EngineStage.Document(1), Noon)); // on its way since before the restart
        }

        await using var anew = EngineStage.Open(ScriptedRunner.Good(), folder["other.db"], time: time);
        var problem = await RefusedAsync(anew, document, Noon);
        Assert.Equal((409, ProblemTypes.TooLate), (problem.Status, problem.Type));
        Assert.Contains("order it anew", problem.Hint, StringComparison.Ordinal);
        Assert.IsType<Submission.Taken>(await SubmitAsync(anew, document, time.GetUtcNow()));
    }

    [Fact]
    public async Task A_clock_that_was_ahead_at_the_start_and_is_set_refuses_nothing_that_is_new()
    {
        var time = new SetTime(Noon.AddYears(1));
        await using (var made = EngineStage.Open(ScriptedRunner.Good(), folder["jobs.db"], time: time))
        {
            time.Advance(Noon - time.GetUtcNow());
            Assert.IsType<Submission.Taken>(await SubmitAsync(made, EngineStage.Document(1), Noon.AddSeconds(1)));
            Assert.IsType<Submission.Taken>(await SubmitAsync(made, Glance(Noon), Noon.AddSeconds(1)));
        }

        await using var later = EngineStage.Open(ScriptedRunner.Good(), folder["jobs.db"], time: time);
        Assert.IsType<Submission.Taken>(await SubmitAsync(later, EngineStage.Document(1), Noon.AddSeconds(1)));
    }

    [Fact]
    public async Task A_glance_that_was_refused_is_refused_again_for_the_same_reason()
    {
        bool isKnown = false;
        var refused = new Admission.Refused(new Problem(ProblemTypes.Invalid, 422, "not a job of this host", "none of its names"));
        await using var stage = EngineStage.Open(ScriptedRunner.Good(), change: settings => settings with { Admit = (document, _) => isKnown ? new Admission.Hosts([.. document.Hosts.Expand()]) : refused });
        var glance = Glance();
        var now = DateTimeOffset.UtcNow;
        Assert.Equal(422, (await RefusedAsync(stage, glance, now)).Status);
        Assert.Equal(422, (await RefusedAsync(stage, glance, now)).Status);
        isKnown = true;
        Assert.True(Assert.IsType<Submission.Taken>(await SubmitAsync(stage, glance, now)).IsNew);
        Assert.False(Assert.IsType<Submission.Taken>(await SubmitAsync(stage, glance, now)).IsNew);
    }

    [Fact]
    public async Task A_glance_that_comes_many_times_at_once_is_done_once()
    {
        var runner = ScriptedRunner.Good();
        await using var stage = EngineStage.Open(runner);
        var glance = Glance();
        var now = DateTimeOffset.UtcNow;
        var taken = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => SubmitAsync(stage, glance, now))));
        Assert.Equal(1, taken.Count(one => Assert.IsType<Submission.Taken>(one).IsNew));
        await stage.UntilEndAsync(glance.Spec.Id);
        Assert.Single(runner.Came);
    }

    [Fact]
    public async Task A_glance_that_is_forgotten_is_not_done_again()
    {
        var runner = ScriptedRunner.Good();
        await using var stage = EngineStage.Open(runner);
        var glance = Glance();
        var now = DateTimeOffset.UtcNow;
        await SubmitAsync(stage, glance, now);
        await stage.UntilEndAsync(glance.Spec.Id);
        for (int other = 0; await stage.Engine.FindAsync(glance.Spec.Id, CancellationToken.None) is not null; other++)
        {
            Assert.True(other < 5000);
            var next = Glance();
            await SubmitAsync(stage, next, now);
            await stage.UntilEndAsync(next.Spec.Id);
        }

        Assert.Equal("done before", (await RefusedAsync(stage, glance, now)).Title);
    }

    private static JobDocument Glance(DateTimeOffset? now = null) => JobDocument.Of(EngineStage.Spec(1, order: Order.Status) with { NotAfter = (now ?? DateTimeOffset.UtcNow).AddMinutes(10) });

    private static Task<Submission> SubmitAsync(EngineStage stage, JobDocument document, DateTimeOffset signed) =>
        stage.Engine.SubmitAsync(document, new Asker("127.0.0.1:1", "alice") { Key = "a", Signed = signed }, CancellationToken.None);

    private static async Task<Problem> RefusedAsync(EngineStage stage, JobDocument document, DateTimeOffset signed) =>
        Assert.IsType<Submission.Refused>(await SubmitAsync(stage, document, signed)).Problem;
}
