using Deploy.Tui.Keys;
using Deploy.Tui.Screens;
using Deploy.Tui.State;

namespace Deploy.Tui.Overlays;

/// <summary>The line in which a filter is typed: it filters with each letter, and while it cannot be read the last good one stays.</summary>
internal static class Filtering
{
    public static Step Press(TuiModel model, Overlay.FilterLine line, Key key)
    {
        if (AllScreens.Of(model.Place.Screen) is not IListScreen screen)
        {
            return model with { Overlay = null };
        }

        switch (key.Name)
        {
            case KeyName.Escape:
                return Set(model with { Overlay = null }, screen, line.Before);
            case KeyName.Enter:
                return screen.Check(line.Text.Text) is { } mistake
                    ? model with { Notice = new Notice(mistake.Text, IsTrouble: true) }
                    : Set(model with { Overlay = null }, screen, line.Text.Text.Trim());
            case KeyName.Tab:
                return Completed(line.Text, screen) is { } completed ? Typed(model, line, completed) : model;
            case KeyName.Up or KeyName.Down or KeyName.PageUp or KeyName.PageDown:
                return KeyPresses.Do(model, KeyTable.Find(key, model.Place.Screen)!.Action); // the list moves below the line
            default:
                return Typing.Press(line.Text, key) is { } text ? Typed(model, line, text) : model;
        }
    }

    /// <summary>The line has this text now; the list follows where that can be read.</summary>
    public static Step Typed(TuiModel model, Overlay.FilterLine line, LineText text)
    {
        model = model with { Overlay = line with { Text = text } };
        return AllScreens.Of(model.Place.Screen) is IListScreen screen && text.Text != line.Text.Text && screen.Check(text.Text) is null
            ? screen.With(model, screen.List(model) with { Filter = text.Text.Trim() })
            : model;
    }

    /// <summary>The list has this filter, which can be read, and keeps it.</summary>
    public static Step Set(TuiModel model, IListScreen screen, string filter)
    {
        var list = screen.List(model);
        return Keeping.Remember(list.Filter == filter ? model : screen.With(model, list with { Filter = filter }));
    }

    /// <summary>The field or the word under the cursor as far as only one goes on so; null where there is none.</summary>
    private static LineText? Completed(LineText line, IListScreen screen)
    {
        int start = line.At;
        while (start > 0 && line.Text[start - 1] is not (' ' or '|' or ':' or '!'))
        {
            start--;
        }

        string typed = line.Text[start..line.At];
        int word = line.Text.LastIndexOf(' ', Math.Max(0, line.At - 1)) + 1;
        int colon = line.Text.IndexOf(':', word);
        IEnumerable<string> all = colon >= 0 && colon < line.At
            ? screen.Fields.Where(field => field.Name == line.Text[word..colon].TrimStart('!')).SelectMany(field => field.Shape.Split(", ")).Where(one => !one.Contains(' ', StringComparison.Ordinal))
            : screen.Fields.Select(field => field.Name + ":");
        return Completion.Of(typed, all) is { } longer && longer != typed ? new LineText(line.Text.Remove(start, typed.Length).Insert(start, longer), start + longer.Length) : null;
    }
}
