using Deploy.Tui.State;

namespace Deploy.Tui.Screens.Jobs;

/// <summary>All jobs: what runs first, then the newest.</summary>
internal sealed class JobsScreen() : JobListScreen(ended: false)
{
    public override ScreenName Name => ScreenName.Jobs;

    protected override JobListState Get(TuiModel model) => model.JobList.Jobs;

    protected override TuiModel Put(TuiModel model, JobListState state) => model with { JobList = model.JobList with { Jobs = state } };
}
