using System.Collections.Immutable;
using Deploy.Model.Jobs;
using Deploy.Tui.State;

namespace Deploy.Tui.Screens.Audit;

/// <summary>The state of this screen.</summary>
internal sealed record AuditPane
{
    public ListState List { get; init; } = new();

    /// <summary>The records that were read, the newest first.</summary>
    public ImmutableList<AuditRecord> Records { get; init; } = [];

    /// <summary>The question that is under way; null for none.</summary>
    public Effect.ReadAudit? Asked { get; init; }

    /// <summary>For older ones; null before the first page, and where there are none.</summary>
    public string? Cursor { get; init; }

    /// <summary>Whether a page was read at all.</summary>
    public bool IsRead { get; init; }

    /// <summary>Why the last question was not answered; null for none.</summary>
    public string? Trouble { get; init; }

    /// <summary>Pages that were read.</summary>
    public int Pages { get; init; }

    /// <summary>The rows as they were made last; null before.</summary>
    public AuditRows? Rows { get; init; }
}
