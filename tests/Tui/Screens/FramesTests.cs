using Deploy.Model.Jobs;
using Deploy.Tui;
using Deploy.Tui.Keys;
using Deploy.Tui.Screens;
using Deploy.Tui.Screens.Audit;
using Deploy.Tui.Screens.History;
using Deploy.Tui.Screens.Jobs;
using Deploy.Tui.Screens.Log;
using Deploy.Tui.Screens.Plan;
using Deploy.Tui.Screens.Rollout;
using Deploy.Tui.State;
using Xunit;

namespace Deploy.Tests.Tui.Screens;

/// <summary>The screens about jobs as golden text, at four sizes.</summary>
public class FramesTests
{
    [Fact]
    public void Jobs() => Verify(new JobsScreen(), JobModels.Empty().With(JobModels.SomeJobs()).At(ScreenName.Jobs), "Jobs");

    [Fact]
    public void History() => Verify(new HistoryScreen(), JobModels.Empty().With(JobModels.SomeJobs()).At(ScreenName.History), "History");

    [Fact]
    public void A_running_rollout() => Verify(new RolloutScreen(), JobModels.Empty().With(JobModels.Rollout()).At(ScreenName.Rollout, JobModels.Id("8K2")), "Rollout");

    [Fact]
    public void A_job_that_has_ended_is_shown_as_it_ended() => Verify(new RolloutScreen(), JobModels.Empty().With(JobModels.Command()).At(ScreenName.Rollout, JobModels.Id("8K3")), "RolloutEnded");

    [Fact]
    public void A_plan() => Verify(new PlanScreen(), JobModels.Empty().With(JobModels.Plan()).At(ScreenName.Plan), "Plan");

    [Fact]
    public void A_plan_with_the_cursor_on_what_deletes_much_and_deletions_alone()
    {
        var screen = new PlanScreen();
        var model = screen.Open(JobModels.Empty().With(JobModels.Plan()).At(ScreenName.Plan)).Model;
        foreach (var action in (KeyAction[])[KeyAction.Down, KeyAction.Deletions, KeyAction.ExcludeShape])
        {
            model = screen.Do(model, action).Model;
        }

        Golden.Golden.Verify(Drawn.All(screen, model), "PlanDeletions");
    }

    [Fact]
    public void The_output_of_a_command() => Verify(new LogScreen(), JobModels.Empty().With(JobModels.Command()).At(ScreenName.Log), "Log");

    [Fact]
    public void The_log_of_one_host()
    {
        var record = JobModels.Rollout() with { Logs = System.Collections.Immutable.ImmutableDictionary<string, IReadOnlyList<LogLine>?>.Empty.Add("web-004", [new LogLine("stderr", "rsync: mkstemp \"/srv/www/img/.a.png.Xy12\" failed: Permission denied (13)"), new LogLine("stdout", "sent 23,000,000 bytes"), new LogLine("stderr", "rsync error: some files/attrs were not transferred (code 23)")]) };
        Verify(new LogScreen(), JobModels.Empty().With(record).At(ScreenName.Log, record.Id, "web-004"), "LogHost");
    }

    [Fact]
    public void The_audit_log()
    {
        var screen = new AuditScreen();
        var model = screen.Open(JobModels.Empty().At(ScreenName.Audit)).Model;
        Golden.Golden.Verify(Drawn.All(screen, screen.Hear(model, new Message.AuditTold(AuditScreenTests.Records, new Effect.ReadAudit(null), null)).Model), "Audit");
    }

    [Fact]
    public void Screens_without_rows_say_why_and_what_to_do()
    {
        var text = new System.Text.StringBuilder();
        foreach (var screen in (IScreen[])[new JobsScreen(), new HistoryScreen(), new RolloutScreen(), new PlanScreen(), new LogScreen(), new AuditScreen()])
        {
            var model = JobModels.Empty(60, 15).At(screen.Name);
            var step = screen.Open(model);
            text.Append(Drawn.Of(screen, step.Model, $"{screen.Name}, opened"));
            foreach (var question in step.Effects.OfType<Effect.OfFleet>())
            {
                text.Append(Drawn.Of(screen, screen.Hear(step.Model, new Message.Unanswered(question, "the proxy does not answer")).Model, $"{screen.Name}, unanswered"));
                Message? none = question switch { Effect.ReadJobs asked => new Message.JobsTold([], asked), Effect.ReadAudit asked => new Message.AuditTold([], asked, null), _ => null };
                text.Append(none is null ? string.Empty : Drawn.Of(screen, screen.Hear(step.Model, none).Model, $"{screen.Name}, nothing there"));
            }
        }

        Golden.Golden.Verify(text.ToString(), "EmptyScreens");
    }

    private static void Verify(IScreen screen, TuiModel model, string name) => Golden.Golden.Verify(Drawn.All(screen, screen.Open(model).Model), name);
}
