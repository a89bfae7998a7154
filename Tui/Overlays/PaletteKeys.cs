using Deploy.Tui.Keys;
using Deploy.Tui.State;

namespace Deploy.Tui.Overlays;

/// <summary>The command palette: tab completes, up and down go through the commands given before, mistakes are said in place.</summary>
internal static class PaletteKeys
{
    private const int MostKept = 50;

    public static Step Press(TuiModel model, Overlay.Palette palette, Key key)
    {
        string text = palette.Text.Text;
        switch (key.Name)
        {
            case KeyName.Escape:
                return model with { Overlay = null };
            case KeyName.Backspace when text.Length == 0:
                return model with { Overlay = null };
            case KeyName.Up or KeyName.Down:
                int chosen = Math.Clamp(palette.Chosen + (key.Name == KeyName.Up ? 1 : -1), -1, model.Commands.Count - 1);
                return model with { Overlay = new Overlay.Palette(chosen < 0 ? LineText.Empty : LineText.Of(model.Commands[chosen]), chosen) };
            case KeyName.Tab:
                return Completed(model, text) is { } longer ? model with { Overlay = palette with { Text = LineText.Of(longer), Chosen = -1 } } : model;
            case KeyName.Enter:
                return text.Trim().Length == 0 ? model with { Overlay = null } : Run(model, text.Trim());
            default:
                return Typing.Press(palette.Text, key) is { } line ? model with { Overlay = palette with { Text = line, Chosen = -1 } } : model;
        }
    }

    /// <summary>The commands, or what follows the command, that go on with what is typed; and what the command takes.</summary>
    public static IReadOnlyList<(string Text, string Help)> Offers(TuiModel model, string text)
    {
        var (name, rest) = Split(text);
        if (!text.Contains(' ', StringComparison.Ordinal))
        {
            return [.. PaletteCommand.All.Where(command => command.Name.StartsWith(name, StringComparison.OrdinalIgnoreCase)).Select(command => ($"{command.Name} {command.Takes}".TrimEnd(), command.Help))];
        }

        return Find(name) is not { } known
            ? []
            : [($"{known.Name} {known.Takes}".TrimEnd(), known.Help), .. known.Completes(model).Where(one => one.StartsWith(rest, StringComparison.OrdinalIgnoreCase)).Take(20).Select(one => ($"{known.Name} {one}", string.Empty))];
    }

    private static Step Run(TuiModel model, string text)
    {
        var (name, rest) = Split(text);
        if (Find(name) is not { } command)
        {
            return model with { Notice = new Notice($"there is no command '{name}'; tab shows what there is", IsTrouble: true) };
        }

        var closed = model with { Overlay = null, Commands = [text, .. model.Commands.Where(one => one != text).Take(MostKept - 1)] };
        var (step, trouble) = command.Run(closed, rest);
        return step is not null ? Keeping.Remember(step) : model with { Notice = new Notice(trouble!, IsTrouble: true) };
    }

    private static string? Completed(TuiModel model, string text)
    {
        var (name, rest) = Split(text);
        if (text.Contains(' ', StringComparison.Ordinal))
        {
            return Find(name) is { } command && Completion.Of(rest, command.Completes(model)) is { } more ? $"{command.Name} {more}" : null;
        }

        return Completion.Of(name, PaletteCommand.All.Select(command => command.Name)) is not { } longer ? null
            : longer == name && Find(name) is { Takes.Length: > 0 } ? name + " "
            : longer;
    }

    private static PaletteCommand? Find(string name) => PaletteCommand.All.FirstOrDefault(command => command.Name == name)
        ?? (PaletteCommand.All.Where(command => command.Name.StartsWith(name, StringComparison.Ordinal)).ToList() is [var only] ? only : null);

    private static (string Name, string Behind) Split(string text)
    {
        string[] words = text.Split(' ', 2);
        return (words[0], words.Length == 2 ? words[1].Trim() : string.Empty);
    }
}
