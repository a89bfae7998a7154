namespace Deploy.Tui.Keys;

/// <summary>What a key does. The key table says which key; the screen, whether it can be done now.</summary>
internal enum KeyAction
{
    Up,
    Down,
    PageUp,
    PageDown,
    First,
    Last,

    /// <summary>Scrolls sideways, or goes to the pane beside.</summary>
    Left,
    Right,

    /// <summary>Opens what the cursor is on.</summary>
    Open,

    /// <summary>Closes the overlay, then the filter, then goes back; never quits.</summary>
    Back,
    Quit,
    NextPane,
    PreviousPane,
    ShowFleet,
    ShowJobs,
    ShowPlan,
    ShowLog,
    ShowHistory,
    ShowAudit,
    Filter,
    NextMatch,
    PreviousMatch,
    Palette,
    Mark,
    MarkAll,
    MarkNone,
    Sort,
    SortBack,
    ProblemsFirst,
    Follow,
    Wrap,
    Times,

    /// <summary>Puts a marker line into a log.</summary>
    Marker,

    /// <summary>A log by equal output, or by host.</summary>
    ByHost,

    /// <summary>Shows the hosts that are ok, too.</summary>
    ShowOk,

    /// <summary>Freezes what is shown.</summary>
    Freeze,
    Export,
    Copy,
    CopyCommand,
    ZoomIn,
    ZoomOut,
    Help,

    /// <summary>Arms for 15 minutes, or disarms.</summary>
    Arm,

    /// <summary>Draws all anew.</summary>
    Redraw,
    Suspend,

    /// <summary>Makes a plan of the marked hosts.</summary>
    MakePlan,

    /// <summary>The log of what the cursor is on.</summary>
    ShowOutput,

    /// <summary>The plan's deletions alone.</summary>
    Deletions,

    /// <summary>Unfolds a shape or a group.</summary>
    Unfold,

    /// <summary>Leaves a shape out of the plan, or takes it in again.</summary>
    ExcludeShape,

    /// <summary>Reads again, or plans again.</summary>
    Again,
    Pause,

    Deploy,
    Exec,
    Retry,
    Cancel,
}
