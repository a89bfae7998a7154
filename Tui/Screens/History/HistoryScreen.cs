using Deploy.Tui.Screens.Jobs;
using Deploy.Tui.State;

namespace Deploy.Tui.Screens.History;

/// <summary>The jobs that have ended, the last first: each can be looked at again as it ended.</summary>
internal sealed class HistoryScreen() : JobListScreen(ended: true)
{
    public override ScreenName Name => ScreenName.History;

    protected override JobListState Get(TuiModel model) => model.History.Jobs;

    protected override TuiModel Put(TuiModel model, JobListState state) => model with { History = model.History with { Jobs = state } };
}
