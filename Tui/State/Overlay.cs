using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Tui.State;

/// <summary>What lies over the screen and takes the keys first.</summary>
internal abstract record Overlay
{
    private Overlay()
    {
    }

    /// <summary>The help of the screen.</summary>
    /// <param name="Top">The first line that is shown.</param>
    internal sealed record Help(int Top = 0) : Overlay;

    /// <summary>The line in which the filter of the screen is typed; it filters with each letter.</summary>
    /// <param name="Text">So far.</param>
    /// <param name="Before">The filter that was there before: esc brings it back.</param>
    internal sealed record FilterLine(LineText Text, string Before) : Overlay;

    /// <summary>The command palette.</summary>
    /// <param name="Text">So far.</param>
    /// <param name="Chosen">Of what completes it; -1 for none.</param>
    internal sealed record Palette(LineText Text, int Chosen = -1) : Overlay;

    /// <summary>Asks before hosts are changed. One host: y. More: a button, and Cancel is the default. Ten or more, or deletions above a guard: the number of hosts is typed.</summary>
    internal sealed record Confirm : Overlay
    {
        /// <summary>A job; null for an act.</summary>
        public JobWish? Wish { get; init; }

        /// <summary>Something of a job; null for a wish.</summary>
        public (JobId Job, JobAct What)? Act { get; init; }

        /// <summary>What will happen, in one line: <c>rsync site on 40 hosts</c>.</summary>
        public required string What { get; init; }

        /// <summary>What the operator should know before: deletions, guards, hosts that are left out. A line each.</summary>
        public IReadOnlyList<string> Warnings { get; init; } = [];

        /// <summary>How many hosts it concerns.</summary>
        public required int Hosts { get; init; }

        /// <summary>The command line that does the same.</summary>
        public required string CommandLine { get; init; }

        /// <summary>Whether some host deletes more than its guard allows.</summary>
        public bool IsAboveGuard { get; init; }

        /// <summary>Whether the button that does it has the focus; Cancel has it at first.</summary>
        public bool IsOnYes { get; init; }

        /// <summary>The number, so far.</summary>
        public string Typed { get; init; } = string.Empty;
    }

    /// <summary>A few fields to fill in, e.g. which group to deploy: one line each.</summary>
    /// <param name="Title">What for.</param>
    /// <param name="Fields">Names and texts so far.</param>
    /// <param name="At">The field with the focus.</param>
    /// <param name="For">What is wished once it is filled in: deploy, exec or plan.</param>
    /// <param name="Hosts">For these hosts.</param>
    internal sealed record Form(string Title, IReadOnlyList<(string Name, LineText Text)> Fields, int At, Keys.KeyAction For, IReadOnlyList<string> Hosts) : Overlay
    {
        /// <summary>Why it cannot be done so; null for nothing yet.</summary>
        public string? Trouble { get; init; }
    }
}

/// <summary>A line that is being typed.</summary>
/// <param name="Text">What.</param>
/// <param name="At">The place of the cursor, in UTF-16 units, never within a pair.</param>
internal readonly record struct LineText(string Text, int At)
{
    /// <summary>Whether it stood there before anybody typed: the first letter takes its place, any other key goes on with it.</summary>
    public bool IsFound { get; init; }

    public static readonly LineText Empty = new(string.Empty, 0);

    public static LineText Of(string text) => new(text, text.Length);

    /// <summary>A text that is there already.</summary>
    public static LineText Found(string text) => Of(text) with { IsFound = text.Length > 0 };
}
