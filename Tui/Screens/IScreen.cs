using Deploy.Tui.Keys;
using Deploy.Tui.Screen;
using Deploy.Tui.State;

namespace Deploy.Tui.Screens;

/// <summary>The screens, by name; those behind <see cref="Audit"/> are reached by drilling down.</summary>
internal enum ScreenName
{
    Fleet,
    Jobs,
    Plan,
    Log,
    History,
    Audit,
    Host,
    Rollout,
}

/// <summary>A screen: what it asks for, what its keys do, how it looks. It keeps nothing itself; its state is its pane in the model. All of it is pure.</summary>
internal interface IScreen
{
    ScreenName Name { get; }

    /// <summary>It comes to the front: what it has to ask for.</summary>
    Step Open(TuiModel model);

    /// <summary>A key of the table, or a command of the palette, that moves within the screen or acts from it. What all screens do alike (quit, help, other screens) never comes here.</summary>
    Step Do(TuiModel model, KeyAction action);

    /// <summary>
    /// Every other message, once the model's hosts and jobs have taken it in: while the screen is in front and not frozen. Answers (of jobs that were asked for, shapes, contents, logs, the audit log,
    /// orders) come to every screen, in front or not.
    /// </summary>
    Step Hear(TuiModel model, Message message);

    /// <summary>Why an action is not possible now, in a few words; null where it is. Being armed is not looked at here.</summary>
    string? WhyNot(TuiModel model, KeyAction action);

    /// <summary>The line below the header; null for the tabs.</summary>
    Line? Title(TuiModel model, int columns);

    /// <summary>All between the rule below the title and the line of keys; exactly so many lines, fewer leave the rest empty.</summary>
    IReadOnlyList<Line> Draw(TuiModel model, int columns, int rows);

    /// <summary>The keys that the bottom line shows, the most needed first.</summary>
    IReadOnlyList<KeyAction> Hints(TuiModel model);

    /// <summary>All rows of the pane with the focus as text, not only those that fit; null where there is nothing.</summary>
    string? Export(TuiModel model);

    /// <summary>What <c>y</c> copies: the name of what the cursor is on, or its text; null for nothing.</summary>
    string? Copy(TuiModel model);

    /// <summary>What <c>Y</c> copies: a command line of deploy that shows the same thing; null for nothing.</summary>
    string? Command(TuiModel model);
}
