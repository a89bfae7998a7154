using System.Text;

namespace Deploy.Tui.Keys;

/// <summary>A key as it was pressed.</summary>
/// <param name="Name">Which; <see cref="KeyName.Rune"/> for one that is a character.</param>
/// <param name="Rune">The character; of other keys nothing.</param>
/// <param name="Control">Whether Ctrl was held: <c>Ctrl-C</c> is <c>(Rune, 'c', Control)</c>.</param>
internal readonly record struct Key(KeyName Name, Rune Rune = default, bool Control = false)
{
    /// <summary>A character.</summary>
    public static Key Of(char character) => new(KeyName.Rune, new Rune(character));

    /// <summary>Ctrl and a letter.</summary>
    public static Key Ctrl(char letter) => new(KeyName.Rune, new Rune(letter), Control: true);

    /// <summary>As help calls it: <c>g</c>, <c>enter</c>, <c>^C</c>, <c>space</c>.</summary>
    public override string ToString() => Name switch
    {
        KeyName.Rune when Rune.Value == ' ' => "space",
        KeyName.Rune => (Control ? "^" + Rune.ToString().ToUpperInvariant() : Rune.ToString()),
        KeyName.Escape => "esc",
        KeyName.PageUp => "pgup",
        KeyName.PageDown => "pgdn",
        KeyName.BackTab => "shift-tab",
        _ => Name.ToString().ToLowerInvariant(),
    };
}

/// <summary>The keys of a terminal that the dashboard tells apart.</summary>
internal enum KeyName
{
    Rune,
    Enter,
    Escape,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
}
