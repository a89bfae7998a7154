using System.Text;

namespace Deploy.Tui.Screen;

/// <summary>What stands for a character on a terminal whose locale is not UTF-8.</summary>
internal static class AsciiGlyphs
{
    /// <summary>ASCII as it is, borders and bars as near as ASCII gets, anything else <c>?</c>.</summary>
    public static Rune Of(Rune rune) => rune.IsAscii ? rune : new Rune(rune.Value switch
    {
        0x2500 or 0x2501 or 0x2504 or 0x2505 or 0x2508 or 0x2509 or 0x254C or 0x254D or 0x2550 or 0x2574 or 0x2576 or 0x2578 or 0x257A or 0x257C or 0x257E => '-',
        0x2502 or 0x2503 or 0x2506 or 0x2507 or 0x250A or 0x250B or 0x254E or 0x254F or 0x2551 or 0x2575 or 0x2577 or 0x2579 or 0x257B or 0x257D or 0x257F => '|',
        0x2571 => '/',
        0x2572 => '\\',
        >= 0x2500 and <= 0x257F => '+',
        0x2591 => '.',
        0x2592 => ':',
        >= 0x2580 and <= 0x259F => '#',
        0x2026 => '~',
        0x00B7 or 0x2022 => '.',
        >= 0x2010 and <= 0x2015 or 0x2212 => '-',
        0x2018 or 0x2019 => '\'',
        0x201C or 0x201D => '"',
        0x2190 => '<',
        0x2191 => '^',
        0x2192 => '>',
        0x2193 => 'v',
        _ => '?',
    });
}
