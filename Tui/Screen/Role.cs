namespace Deploy.Tui.Screen;

/// <summary>What a piece of text is; a theme makes colours of it. Never the only thing that says so: each state is a word or a letter, too.</summary>
internal enum Role
{
    /// <summary>Plain text.</summary>
    Plain,

    /// <summary>Of less weight: ages, what is the same everywhere.</summary>
    Quiet,

    /// <summary>Names of columns, rules between panes.</summary>
    Frame,

    /// <summary>A headline.</summary>
    Title,

    /// <summary>ok, unchanged, up.</summary>
    Good,

    /// <summary>failed, unreachable, down, deletions.</summary>
    Bad,

    /// <summary>partial, suspect, skew, stale, guard.</summary>
    Warning,

    /// <summary>running, connecting; the filled part of a bar.</summary>
    Running,

    /// <summary>A key that can be pressed.</summary>
    Key,

    /// <summary>A marked row.</summary>
    Marked,

    /// <summary>A piece that the filter or a search found.</summary>
    Match,

    /// <summary>The row that the cursor is on; drawn reversed.</summary>
    Cursor,

    /// <summary>Armed: what changes hosts may be pressed.</summary>
    Armed,
}
