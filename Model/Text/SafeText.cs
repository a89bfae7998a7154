using System.Globalization;
using System.Text;

namespace Deploy.Model.Text;

/// <summary>Which control characters a caller lays out itself and wants to keep.</summary>
[Flags]
internal enum SafeTextKeep
{
    None = 0,
    Newline = 1,
    Tab = 2,
}

/// <summary>
/// Remote text made safe to print: what could move a cursor, reorder a line, hide itself or forge a second line becomes a visible escape; the rest stays.
/// </summary>
/// <remarks>
/// Escapes: C0 and DEL <c>\x1b</c>; a byte that was not UTF-8 (<see cref="ByteText"/>) <c>\x80</c> to <c>\xff</c>; C1, line and paragraph separators, bidi,
/// zero-width and other invisible format characters and lone surrogates <c>\u009b</c>, above the BMP <c>\u{e0041}</c>. Each form means one thing: <c>\x</c> is a
/// byte, <c>\u</c> a character. A backslash stays as it is, so the text is for reading, not for undoing.
/// </remarks>
internal static class SafeText
{
    /// <summary>Ends a text that was cut.</summary>
    private const char Ellipsis = '\u2026';

    /// <summary>The safe form of all of it; the same string when there is nothing to change.</summary>
    public static string Of(string text, SafeTextKeep keep = SafeTextKeep.None) => Build(text, int.MaxValue, keep);

    /// <summary>The safe form in at most <paramref name="maxLength"/> UTF-16 units (at least 1), ending with <c>…</c> when something was left out; no escape and no pair is cut in two.</summary>
    public static string Of(string text, int maxLength, SafeTextKeep keep = SafeTextKeep.None)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, 1);
        return Build(text, maxLength, keep);
    }

    private static string Build(string text, int maxLength, SafeTextKeep keep)
    {
        if (text.Length <= maxLength && !text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return text; // plain ASCII, as nearly all of it is
        }

        var safe = new StringBuilder(Math.Min(text.Length, maxLength));

        // Where the text is cut, should it turn out too long: the last end of a whole piece that leaves room for the ellipsis.
        int cut = 0;
        bool changed = false;
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            bool isRune = Rune.DecodeFromUtf16(rest, out var rune, out int consumed) == System.Buffers.OperationStatus.Done;
            if (!isRune)
            {
                safe.Append(LoneSurrogate(rest[0]));
                changed = true;
            }
            else if (IsUnsafe(rune.Value, keep))
            {
                safe.Append(Escape(rune.Value));
                changed = true;
            }
            else
            {
                safe.Append(rest[..consumed]);
            }

            rest = rest[consumed..];
            if (safe.Length > maxLength)
            {
                safe.Length = cut;
                return safe.Append(Ellipsis).ToString();
            }

            if (safe.Length < maxLength)
            {
                cut = safe.Length;
            }
        }

        return changed ? safe.ToString() : text;
    }

    private static string LoneSurrogate(char unit) => unit is >= '\uDC80' and <= '\uDCFF'
        ? string.Create(CultureInfo.InvariantCulture, $"\\x{unit - 0xDC00:x2}")
        : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");

    private static string Escape(int value) => value switch
    {
        < 0x80 => string.Create(CultureInfo.InvariantCulture, $"\\x{value:x2}"),
        <= 0xFFFF => string.Create(CultureInfo.InvariantCulture, $"\\u{value:x4}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\u{{{value:x}}}"),
    };

    /// <summary>Unicode 16: controls, separators and what is invisible or reorders. Written out, so that a change of the runtime's tables changes nothing here.</summary>
    private static bool IsUnsafe(int value, SafeTextKeep keep) => value switch
    {
        '\n' => !keep.HasFlag(SafeTextKeep.Newline),
        '\t' => !keep.HasFlag(SafeTextKeep.Tab),
        < 0x20 => true,                         // C0
        < 0x7F => false,
        <= 0x9F => true,                        // DEL, C1
        0x00AD => true,                         // soft hyphen
        0x061C => true,                         // Arabic letter mark
        0x180E => true,                         // Mongolian vowel separator
        >= 0x200B and <= 0x200F => true,        // zero-width space and joiners, LRM, RLM
        >= 0x2028 and <= 0x202E => true,        // line and paragraph separator, bidi embeddings and overrides
        >= 0x2060 and <= 0x206F => true,        // word joiner, invisible operators, bidi isolates, deprecated format characters
        0xFEFF => true,                         // zero-width no-break space
        >= 0xFFF9 and <= 0xFFFB => true,        // interlinear annotation
        >= 0x1BCA0 and <= 0x1BCA3 => true,      // shorthand format characters
        >= 0x1D173 and <= 0x1D17A => true,      // musical format characters
        >= 0xE0100 and <= 0xE01EF => false,     // variation selectors choose a glyph, they hide nothing
        >= 0xE0000 and <= 0xE0FFF => true,      // tags, assigned or not
        _ => false,
    };
}
