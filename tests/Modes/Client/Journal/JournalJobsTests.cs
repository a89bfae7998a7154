using Deploy.Logs;
using Deploy.Model.Jobs;
using Deploy.Modes.Client.Journal;
using Deploy.Tests.Fixtures;
using Deploy.Tests.Jobs.Engine;
using Xunit;

namespace Deploy.Tests.Modes.Client.Journal;

/// <summary>One journal and two processes: each an engine of its own on the same store.</summary>
public sealed class JournalJobsTests : IDisposable
{
    private const int Patience = 60_000;

    private readonly TempFolder folder = new();

    [Fact(Timeout = Patience)]
    public async Task A_job_of_another_process_is_told_from_hello_to_end_and_nothing_twice()
    {
        var go = new TaskCompletionSource();
        await using var doing = Open(ScriptedRunner.Held(go.Task));
        await using var reading = Open(ScriptedRunner.Good());
        await using var doer = Jobs(doing);
        await using var reader = Jobs(reading);
        var document = EngineStage.Document(3);
        await doer.SubmitAsync(document, new Asker("local", null), CancellationToken.None);
        await doing.UntilAsync(document.Spec.Id, view => view.Summary.Counts.GetValueOrDefault("running") == 3);
        var events = new List<JobEvent>();
        await foreach (var what in reader.EventsAsync(document.Spec.Id, null, CancellationToken.None))
        {
            events.Add(what);
            if (what.Type == EventType.JobState && !go.Task.IsCompleted)
            {
                // Some readings that find nothing new.
                await Task.WhenAny(Task.Delay(1500), go.Task);
                go.SetResult();
            }
        }

        Assert.Equal((EventType.Hello, EventType.End), (events[0].Type, events[^1].Type));
        Assert.Equal(3, events.Count(what => what is { Type: EventType.HostState, Standing.State: Deploy.Model.HostState.Ok }));
        Assert.Equal(JobState.Done, events[^1].Summary!.State);
        Assert.Equal(["Running", "Done"], events.Where(what => what.Type == EventType.JobState).Select(what => $"{what.Summary!.State}"));
        Assert.Equal(events.Select((_, place) => (long)place), events.Select(what => what.Seq));
        Assert.Empty(reading.Engine.Count().Live);
    }

    [Fact]
    public void What_cannot_be_kept_is_said_once_and_how_hosts_end_is_not()
    {
        var said = new List<string>();
        var log = new JournalLog(said.Add);
        log.Error("jobs.db cannot be written\e[2J");
        log.Error("jobs.db cannot be written\e[2J");
        log.Notice("it can be written again");
        Assert.Equal(["jobs.db cannot be written\\x1b[2J"], said);
    }

    [Fact(Timeout = Patience)]
    public async Task An_engine_whose_ends_are_shown_does_not_log_them()
    {
        await using var stage = EngineStage.Open(ScriptedRunner.Ending(_ => Deploy.Model.HostState.Failed), change: settings => settings with { LogsEnds = false });
        foreach (int hosts in new[] { 1, 2 })
        {
            var document = EngineStage.Document(hosts);
            await stage.SubmitAsync(document);
            await stage.UntilEndAsync(document.Spec.Id);
        }

        Assert.Empty(stage.Log.Entries);
    }

    public void Dispose() => folder.Dispose();

    private EngineStage Open(ScriptedRunner runner)
    {
        new JournalFiles(folder["state"]).Make();
        return EngineStage.Open(runner, new JournalFiles(folder["state"]).Store);
    }

    private JournalJobs Jobs(EngineStage stage) => new(stage.Engine, new JournalFiles(folder["state"]), _ => { }, TimeProvider.System);
}
