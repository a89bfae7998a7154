using System.Text;

namespace Deploy.Tui.Screen;

/// <summary>One column of one row of a terminal.</summary>
/// <param name="Rune">The character; a blank where there is none.</param>
/// <param name="Marks">What sits on the character (combining marks); null for nothing.</param>
/// <param name="Style">How it looks.</param>
/// <param name="Columns">1; 2 for the left half of a wide character; 0 for the right half, which has no character of its own.</param>
internal readonly record struct Cell(Rune Rune, string? Marks, Style Style, byte Columns)
{
    /// <summary>Empty, in the terminal's own colours.</summary>
    public static readonly Cell Blank = new(new Rune(' '), null, default, 1);

    public bool IsWide => Columns == 2;

    /// <summary>
    /// Whether every terminal takes as many columns for it as we do. Of others the cursor's place is not known once they are written: it is set anew, so that a
    /// terminal of another opinion spoils this cell alone.
    /// </summary>
    public bool IsSure => Columns == 1 && Marks is null && Rune.Value is >= ' ' and <= '~' or >= 0x2500 and <= 0x259F;
}
