using System.Collections.Immutable;
using Deploy.Model;
using Deploy.Tui.State;

namespace Deploy.Tui.Screens.Plan;

/// <summary>The state of this screen.</summary>
internal sealed record PlanPane
{
    /// <summary>The shapes.</summary>
    public ListState List { get; init; } = new();

    /// <summary>The plan that is shown; null for none yet.</summary>
    public JobId? Job { get; init; }

    /// <summary>Digests of the shapes that are left out.</summary>
    public ImmutableHashSet<string> Excluded { get; init; } = [];

    /// <summary>Whether deletions alone are shown.</summary>
    public bool IsDeletions { get; init; }

    /// <summary>Whether the hosts of the shape are shown, and not its changes.</summary>
    public bool IsUnfolded { get; init; }

    /// <summary>Whether the lower pane has the focus.</summary>
    public bool IsBelow { get; init; }

    /// <summary>The line of the lower pane under the cursor.</summary>
    public int At { get; init; }

    /// <summary>The first line of it that is shown.</summary>
    public int Top { get; init; }

    /// <summary>Lines that the shapes have more, or less, than by themselves.</summary>
    public int Zoom { get; init; }

    /// <summary>What was asked for last and is not answered: a shape's content, or the shapes once the plan had ended. Null for nothing.</summary>
    public Effect.OfFleet? Asked { get; init; }

    /// <summary>Why the last question was not answered; null for none.</summary>
    public string? Trouble { get; init; }

    /// <summary>The shapes as they were made last; null before.</summary>
    public PlanRows? Rows { get; init; }

    /// <summary>The changes of the shape that was looked at last; null before.</summary>
    public PlanChanges? Changes { get; init; }
}
