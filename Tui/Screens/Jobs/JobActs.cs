using System.Collections.Immutable;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Output;
using Deploy.Tui.Keys;
using Deploy.Tui.State;
using Deploy.Tui.Wishes;

namespace Deploy.Tui.Screens.Jobs;

/// <summary>What can be done with a job, wherever it is shown.</summary>
internal static class JobActs
{
    /// <summary>Shows it: a plan by its shapes, all else by its hosts.</summary>
    public static Step Show(TuiModel model, JobView job) => Updating.Go(model, new Place(job.IsPlan ? ScreenName.Plan : ScreenName.Rollout, job.Id));

    /// <summary>Asks again for the hosts that are not well; where the job was not read whole yet, that comes first.</summary>
    /// <param name="model">The model.</param>
    /// <param name="record">The job.</param>
    /// <param name="marked">Hosts that are marked; empty for none.</param>
    public static Step Retry(TuiModel model, JobRecord record, ImmutableHashSet<string> marked)
    {
        if (Retrying.WhyNot(record) is null && Retrying.NeedsReading(record))
        {
            return Step.Of(model with { Notice = new Notice("reading the job and its hosts first: R again in a moment") }, new Effect.ReadJob(record.Id));
        }

        return Retrying.Of(record, marked) is { Wish: { } wish, Warnings: var warnings } ? Confirming.Ask(model, wish, warnings) : model with { Notice = new Notice(Retrying.Of(record, marked).Trouble ?? string.Empty, IsTrouble: true) };
    }

    /// <summary>Cancels a job, pauses it, or goes on with one that is paused.</summary>
    public static Step Act(TuiModel model, JobView job, KeyAction action) => Confirming.Ask(
        model,
        job.Id,
        action == KeyAction.Cancel ? JobAct.Cancel : job.State == JobState.Paused ? JobAct.Resume : JobAct.Pause,
        job.Summary.Hosts - CountText.Ended(job.Summary));

    /// <summary>Why one of these is not possible now; null where it is, and for every other action.</summary>
    public static string? WhyNot(JobRecord? record, KeyAction action) => action switch
    {
        KeyAction.Retry or KeyAction.Cancel or KeyAction.Pause or KeyAction.ShowOutput when record?.View is null => "there is no job",
        KeyAction.Retry => Retrying.WhyNot(record),
        KeyAction.Cancel when record!.View!.State.IsTerminal() => "the job has ended",
        KeyAction.Pause when record!.View!.State.IsTerminal() => "the job has ended",
        KeyAction.Pause when record!.View!.Order is not (Order.Rsync or Order.Exec) => "only rsync and exec can be paused",
        _ => null,
    };
}
