using Deploy.Tui.Keys;
using Deploy.Tui.State;

namespace Deploy.Tui.Overlays;

/// <summary>Keys while something lies over the screen.</summary>
internal static class Overlaid
{
    public static Step Press(TuiModel model, Key key) => model.Overlay switch
    {
        Overlay.Help help => Help(model, help, key),
        Overlay.FilterLine line => Filtering.Press(model, line, key),
        Overlay.Palette palette => PaletteKeys.Press(model, palette, key),
        Overlay.Confirm asked => Confirming.Press(model, asked, key),
        Overlay.Form form => Forms.Press(model, form, key),
        _ => model,
    };

    private static Step Help(TuiModel model, Overlay.Help help, Key key)
    {
        int page = Math.Max(1, model.Rows - 5);
        int most = Math.Max(0, HelpLines.Of(model).Count - page);
        return KeyTable.Find(key, model.Place.Screen)?.Action switch
        {
            KeyAction.Up => Moved(help.Top - 1),
            KeyAction.Down => Moved(help.Top + 1),
            KeyAction.PageUp => Moved(help.Top - page),
            KeyAction.PageDown => Moved(help.Top + page),
            KeyAction.First => Moved(0),
            KeyAction.Last => Moved(most),
            KeyAction.Back or KeyAction.Help or KeyAction.Quit or KeyAction.Open => model with { Overlay = null },
            _ => model,
        };

        TuiModel Moved(int top) => model with { Overlay = help with { Top = Math.Clamp(top, 0, most) } };
    }
}
