using Deploy.Tui.State;

namespace Deploy.Tui.Screens.Audit;

/// <summary>The state of this screen.</summary>
internal sealed record AuditPane
{
    public ListState List { get; init; } = new();
}
