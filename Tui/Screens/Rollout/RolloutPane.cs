using Deploy.Model;
using Deploy.Tui.State;

namespace Deploy.Tui.Screens.Rollout;

/// <summary>The state of this screen.</summary>
internal sealed record RolloutPane
{
    /// <summary>Problems first, until it is said otherwise: that is what one looks for.</summary>
    public ListState List { get; init; } = new() { ProblemsFirst = true };

    /// <summary>The job that was looked at last: its cursor is where it was when one comes back.</summary>
    public JobId? Job { get; init; }

    /// <summary>Whether the hosts that are well are shown.</summary>
    public bool ShowsOk { get; init; }

    /// <summary>Whether the pane of failures has the focus.</summary>
    public bool IsOnFailures { get; init; }

    /// <summary>The failure under the cursor.</summary>
    public int Failure { get; init; }

    /// <summary>Lines that the pane of failures has more, or less, than by itself.</summary>
    public int Zoom { get; init; }

    /// <summary>The rows as they were made last; null before.</summary>
    public RolloutRows? Rows { get; init; }
}
