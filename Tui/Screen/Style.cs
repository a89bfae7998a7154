namespace Deploy.Tui.Screen;

/// <summary>How a piece of text looks: one of the terminal's 16 colours, and weights. A background is never set.</summary>
/// <param name="Colour">0 is the terminal's own; 1 to 8 its colours (SGR 30 to 37), 9 to 16 the bright ones (SGR 90 to 97).</param>
/// <param name="Weight">Any of these.</param>
internal readonly record struct Style(byte Colour, Weight Weight = Weight.None)
{
    public const byte Red = 2;
    public const byte Green = 3;
    public const byte Yellow = 4;
    public const byte Blue = 5;
    public const byte Magenta = 6;
    public const byte Cyan = 7;

    /// <summary>Whether a blank in it can be seen.</summary>
    public bool ShowsOnBlanks => (Weight & (Weight.Underline | Weight.Reverse)) != 0;

    /// <summary>The SGR parameter of the colour.</summary>
    public int ColourCode => Colour switch
    {
        0 => 39,
        <= 8 => 29 + Colour,
        _ => 81 + Colour,
    };
}

/// <summary>What text carries beside a colour.</summary>
[Flags]
internal enum Weight : byte
{
    None = 0,
    Bold = 1,
    Dim = 2,
    Underline = 4,
    Reverse = 8,
}
