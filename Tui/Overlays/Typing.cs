using System.Text;
using Deploy.Tui.Keys;
using Deploy.Tui.State;

namespace Deploy.Tui.Overlays;

/// <summary>Keys and pasted text in a line that is being typed.</summary>
internal static class Typing
{
    private const int MostLetters = 4096; // nobody types more, and what is pasted by mistake stays bounded

    /// <summary>The line after a key; null where the key does nothing in a line.</summary>
    public static LineText? Press(LineText line, Key key)
    {
        if (line.IsFound)
        {
            line = key is { Name: KeyName.Rune, Control: false } ? LineText.Empty : line with { IsFound = false };
        }

        var (text, at) = line;
        switch (key)
        {
            case { Name: KeyName.Rune, Control: false }:
                return Insert(line, key.Rune.ToString());
            case { Name: KeyName.Backspace } when at > 0:
                int before = Before(text, at);
                return new LineText(text.Remove(before, at - before), before);
            case { Name: KeyName.Backspace }:
                return line;
            case { Name: KeyName.Delete }:
                return at < text.Length ? line with { Text = text.Remove(at, After(text, at) - at) } : line;
            case { Name: KeyName.Left }:
                return line with { At = Before(text, at) };
            case { Name: KeyName.Right }:
                return line with { At = After(text, at) };
            case { Name: KeyName.Home } or { Control: true, Rune.Value: 'a' }:
                return line with { At = 0 };
            case { Name: KeyName.End } or { Control: true, Rune.Value: 'e' }:
                return line with { At = text.Length };
            case { Control: true, Rune.Value: 'u' }:
                return new LineText(text[at..], 0);
            case { Control: true, Rune.Value: 'k' }:
                return line with { Text = text[..at] };
            case { Control: true, Rune.Value: 'w' }:
                int word = text[..at].TrimEnd(' ').LastIndexOf(' ') + 1;
                return new LineText(text.Remove(word, at - word), word);
            default:
                return null;
        }
    }

    /// <summary>Pasted text goes into a line that is being typed, or nowhere: it never acts as keys.</summary>
    public static Step Paste(TuiModel model, string text)
    {
        string line = Line(text);
        return model.Overlay switch
        {
            Overlay.FilterLine filter => Filtering.Typed(model, filter, Insert(filter.Text, line)),
            Overlay.Palette palette => model with { Overlay = palette with { Text = Insert(palette.Text, line), Chosen = -1 } },
            Overlay.Form form => model with { Overlay = Forms.With(form, Insert(form.Fields[form.At].Text, line)) },
            _ => model with { Notice = new Notice("what was pasted was left out: there is no line to put it into") },
        };
    }

    /// <summary>One line: what would end it becomes a blank; other control characters, and halves of pairs, are left out.</summary>
    private static string Line(string text)
    {
        var line = new StringBuilder();
        foreach (var rune in text.AsSpan(0, Math.Min(text.Length, 2 * MostLetters)).Trim().EnumerateRunes())
        {
            if (Rune.IsControl(rune))
            {
                line.Append(rune.Value is '\n' or '\t' ? " " : string.Empty);
            }
            else if (rune != Rune.ReplacementChar)
            {
                line.Append(rune.ToString());
            }
        }

        return line.ToString();
    }

    private static LineText Insert(LineText line, string text) => line.IsFound ? Insert(LineText.Empty, text) : line.Text.Length + text.Length > MostLetters ? line : new LineText(line.Text.Insert(line.At, text), line.At + text.Length);

    private static int Before(string text, int at) => at == 0 ? 0 : at >= 2 && char.IsLowSurrogate(text[at - 1]) && char.IsHighSurrogate(text[at - 2]) ? at - 2 : at - 1;

    private static int After(string text, int at) => at >= text.Length ? text.Length : char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) ? at + 2 : at + 1;
}
