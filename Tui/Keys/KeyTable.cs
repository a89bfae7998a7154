using Deploy.Tui.Screens;

namespace Deploy.Tui.Keys;

/// <summary>A key, what it does, and where.</summary>
/// <param name="Action">What it does.</param>
/// <param name="Help">A few words for the help and the palette.</param>
/// <param name="Keys">Any of these.</param>
internal sealed record KeyBinding(KeyAction Action, string Help, params Key[] Keys)
{
    /// <summary>The screens on which it means something; empty for all.</summary>
    public IReadOnlyList<ScreenName> Screens { get; init; } = [];

    /// <summary>A word for the line of keys; null where the help is short enough.</summary>
    public string? Short { get; init; }

    /// <summary>Whether it changes hosts or jobs: a capital, that waits until the dashboard is armed.</summary>
    public bool Acts { get; init; }
}

/// <summary>The one table of keys: what a key does, the help, the palette and the line of keys come from it. Overlays that take text take every key that is a character themselves.</summary>
internal static class KeyTable
{
    public static readonly IReadOnlyList<KeyBinding> All =
    [
        new(KeyAction.Up, "up", new Key(KeyName.Up), Key.Of('k')),
        new(KeyAction.Down, "down", new Key(KeyName.Down), Key.Of('j')),
        new(KeyAction.Left, "left", new Key(KeyName.Left), Key.Of('h')),
        new(KeyAction.Right, "right", new Key(KeyName.Right), Key.Of('l')),
        new(KeyAction.PageUp, "page up", new Key(KeyName.PageUp), Key.Ctrl('b')),
        new(KeyAction.PageDown, "page down", new Key(KeyName.PageDown), Key.Ctrl('f')),
        new(KeyAction.First, "first row", Key.Of('g'), new Key(KeyName.Home)),
        new(KeyAction.Last, "last row", Key.Of('G'), new Key(KeyName.End)),
        new(KeyAction.Open, "open", new Key(KeyName.Enter)),
        new(KeyAction.Back, "close, or back", new Key(KeyName.Escape)) { Short = "back" },
        new(KeyAction.NextPane, "next pane", new Key(KeyName.Tab)),
        new(KeyAction.PreviousPane, "pane before", new Key(KeyName.BackTab)),
        new(KeyAction.ShowFleet, "hosts", Key.Of('1')),
        new(KeyAction.ShowJobs, "jobs", Key.Of('2')),
        new(KeyAction.ShowPlan, "plan", Key.Of('3')),
        new(KeyAction.ShowLog, "log", Key.Of('4')),
        new(KeyAction.ShowHistory, "history", Key.Of('5')),
        new(KeyAction.ShowAudit, "audit log", Key.Of('6')),
        new(KeyAction.Filter, "filter", Key.Of('/')),
        new(KeyAction.NextMatch, "next match, host or problem", Key.Of('n')) { Short = "next" },
        new(KeyAction.PreviousMatch, "the one before", Key.Of('N')),
        new(KeyAction.Palette, "commands", Key.Of(':')),
        new(KeyAction.Mark, "mark", Key.Of(' ')),
        new(KeyAction.MarkAll, "mark all that are shown", Key.Of('a')) { Short = "all" },
        new(KeyAction.MarkNone, "mark none", Key.Of('A')),
        new(KeyAction.Sort, "sort by the next column", Key.Of('s')) { Short = "sort" },
        new(KeyAction.SortBack, "turn the sort round", Key.Of('S')),
        new(KeyAction.ProblemsFirst, "problems first", Key.Of('!')) { Short = "problems" },
        new(KeyAction.Follow, "follow", Key.Of('f')),
        new(KeyAction.Wrap, "wrap long lines", Key.Of('w')) { Short = "wrap" },
        new(KeyAction.Times, "times", Key.Of('t')),
        new(KeyAction.Marker, "put a marker", Key.Of('m')) { Screens = [ScreenName.Log], Short = "marker" },
        new(KeyAction.ByHost, "by output, or by host", Key.Of('b')) { Screens = [ScreenName.Log, ScreenName.Rollout], Short = "by host" },
        new(KeyAction.ShowOk, "show the ok ones", Key.Of('o')) { Screens = [ScreenName.Rollout, ScreenName.Log], Short = "show ok" },
        new(KeyAction.Freeze, "freeze the screen", Key.Of('p')) { Short = "freeze" },
        new(KeyAction.Export, "export to a file", Key.Of('x')) { Short = "export" },
        new(KeyAction.Copy, "copy", Key.Of('y')),
        new(KeyAction.CopyCommand, "copy as a command line", Key.Of('Y')) { Short = "copy command" },
        new(KeyAction.ZoomIn, "more room for this pane", Key.Of('+')),
        new(KeyAction.ZoomOut, "less room for this pane", Key.Of('_')),
        new(KeyAction.Help, "help", Key.Of('?')),
        new(KeyAction.Arm, "arm for 15 minutes, or disarm", Key.Of('W')) { Short = "arm" },
        new(KeyAction.Redraw, "draw anew", Key.Ctrl('l')),
        new(KeyAction.Suspend, "to the shell; fg comes back", Key.Ctrl('z')) { Short = "shell" },
        new(KeyAction.Quit, "quit; what runs goes on", Key.Of('q'), Key.Ctrl('c')) { Short = "quit" },
        new(KeyAction.MakePlan, "plan", Key.Of('P')) { Screens = [ScreenName.Fleet, ScreenName.Host] },
        new(KeyAction.ShowOutput, "its output", Key.Of('L')) { Screens = [ScreenName.Rollout, ScreenName.Host, ScreenName.Jobs, ScreenName.History], Short = "log" },
        new(KeyAction.Deletions, "deletions alone", Key.Of('d')) { Screens = [ScreenName.Plan], Short = "deletions" },
        new(KeyAction.Unfold, "unfold", Key.Of('u')) { Screens = [ScreenName.Plan, ScreenName.Log] },
        new(KeyAction.ExcludeShape, "leave this shape out", Key.Of('e')) { Screens = [ScreenName.Plan], Short = "exclude shape" },
        new(KeyAction.Again, "again", Key.Of('r')),
        new(KeyAction.Pause, "pause, or go on", Key.Of('Z')) { Screens = [ScreenName.Rollout, ScreenName.Jobs], Acts = true, Short = "pause" },
        new(KeyAction.Deploy, "deploy", Key.Of('D')) { Screens = [ScreenName.Fleet, ScreenName.Host, ScreenName.Plan], Acts = true },
        new(KeyAction.Exec, "run a command", Key.Of('E')) { Screens = [ScreenName.Fleet, ScreenName.Host], Acts = true, Short = "exec" },
        new(KeyAction.Retry, "retry what failed", Key.Of('R')) { Screens = [ScreenName.Rollout, ScreenName.Jobs, ScreenName.History], Acts = true, Short = "retry failed" },
        new(KeyAction.Cancel, "cancel the job", Key.Of('K')) { Screens = [ScreenName.Rollout, ScreenName.Jobs], Acts = true, Short = "cancel" },
    ];

    /// <summary>What a key does on a screen; null for nothing.</summary>
    public static KeyBinding? Find(Key key, ScreenName screen) => All.FirstOrDefault(binding => binding.Keys.Contains(key) && IsOn(binding, screen));

    /// <summary>Whether it means something there.</summary>
    public static bool IsOn(KeyBinding binding, ScreenName screen) => binding.Screens.Count == 0 || binding.Screens.Contains(screen);
}
