using System.Text;

namespace Deploy.Tui.Screen;

/// <summary>How many columns text takes on a terminal.</summary>
internal static class TextColumns
{
    /// <summary>Columns of a text that is safe to print.</summary>
    public static int Of(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return text.Length;
        }

        int columns = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            columns += Of(rune);
        }

        return columns;
    }

    /// <summary>0 for what sits on the character before, 2 for wide ones, else 1. // Unicode 15.1 EastAsianWidth.txt W and F, and emoji presentation</summary>
    public static int Of(Rune rune) => rune.Value switch
    {
        < 0x300 => 1,
        >= 0x300 and <= 0x36F or >= 0x483 and <= 0x489 or >= 0x591 and <= 0x5BD or >= 0x610 and <= 0x61A or >= 0x64B and <= 0x65F
            or >= 0x1AB0 and <= 0x1AFF or >= 0x1DC0 and <= 0x1DFF or >= 0x20D0 and <= 0x20FF or >= 0xFE00 and <= 0xFE0F or >= 0xFE20 and <= 0xFE2F or >= 0xE0100 and <= 0xE01EF => 0,
        _ when Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.EnclosingMark => 0,
        >= 0x1100 and <= 0x115F or 0x231A or 0x231B or 0x2329 or 0x232A or >= 0x23E9 and <= 0x23EC or 0x23F0 or 0x23F3 or 0x25FD or 0x25FE or 0x2614 or 0x2615
            or >= 0x2648 and <= 0x2653 or 0x267F or 0x2693 or 0x26A1 or 0x26AA or 0x26AB or 0x26BD or 0x26BE or 0x26C4 or 0x26C5 or 0x26CE or 0x26D4 or 0x26EA
            or 0x26F2 or 0x26F3 or 0x26F5 or 0x26FA or 0x26FD or 0x2705 or 0x270A or 0x270B or 0x2728 or 0x274C or 0x274E or >= 0x2753 and <= 0x2755 or 0x2757
            or >= 0x2795 and <= 0x2797 or 0x27B0 or 0x27BF or 0x2B1B or 0x2B1C or 0x2B50 or 0x2B55 or >= 0x2E80 and <= 0x303E or >= 0x3041 and <= 0x33FF
            or >= 0x3400 and <= 0x4DBF or >= 0x4E00 and <= 0x9FFF or >= 0xA000 and <= 0xA4CF or >= 0xA960 and <= 0xA97C or >= 0xAC00 and <= 0xD7A3
            or >= 0xF900 and <= 0xFAFF or >= 0xFE10 and <= 0xFE19 or >= 0xFE30 and <= 0xFE6F or >= 0xFF00 and <= 0xFF60 or >= 0xFFE0 and <= 0xFFE6
            or >= 0x16FE0 and <= 0x18CFF or >= 0x1B000 and <= 0x1B2FF or 0x1F004 or 0x1F0CF or 0x1F18E or >= 0x1F191 and <= 0x1F19A or >= 0x1F200 and <= 0x1F320
            or >= 0x1F32D and <= 0x1F335 or >= 0x1F337 and <= 0x1F37C or >= 0x1F37E and <= 0x1F393 or >= 0x1F3A0 and <= 0x1F3CA or >= 0x1F3CF and <= 0x1F3D3
            or >= 0x1F3E0 and <= 0x1F3F0 or 0x1F3F4 or >= 0x1F3F8 and <= 0x1F43E or 0x1F440 or >= 0x1F442 and <= 0x1F4FC or >= 0x1F4FF and <= 0x1F53D
            or >= 0x1F54B and <= 0x1F567 or >= 0x1F5FB and <= 0x1F64F or >= 0x1F680 and <= 0x1F6C5 or >= 0x1F6CC and <= 0x1F6FC or >= 0x1F7E0 and <= 0x1F7F0
            or >= 0x1F90C and <= 0x1FAFF or >= 0x20000 and <= 0x3FFFD => 2,
        _ => 1,
    };

    /// <summary>As much of the start as fits; ends with <paramref name="ellipsis"/> where something was left out and there is room for it. Never wider than asked for.</summary>
    public static string Cut(string text, int columns, string ellipsis = "~")
    {
        if (columns <= 0)
        {
            return string.Empty;
        }

        if (text.Length <= columns && Of(text) <= columns)
        {
            return text;
        }

        int room = columns - ellipsis.Length;
        int end = 0, used = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            int wide = Of(rune);
            if (used + wide > room)
            {
                break;
            }

            used += wide;
            end += rune.Utf16SequenceLength;
        }

        if (used == 0 && room <= 0)
        {
            return ellipsis[..Math.Min(ellipsis.Length, columns)];
        }

        return text[..end] + ellipsis;
    }

    /// <summary>Cut, then blanks up to the column.</summary>
    public static string Fit(string text, int columns, string ellipsis = "~")
    {
        string cut = Cut(text, columns, ellipsis);
        return cut + new string(' ', Math.Max(0, columns - Of(cut)));
    }
}
