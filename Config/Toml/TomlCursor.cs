using System.Buffers;
using System.Globalization;

namespace Deploy.Config.Toml;

/// <summary>Where reading stands in a text; it only goes forward.</summary>
internal sealed class TomlCursor(string file, string text)
{
    private static readonly SearchValues<char> Blanks = SearchValues.Create(" \t");

    private int lineBegin;

    /// <summary>Index in the text; its length at the end.</summary>
    public int Index { get; private set; }

    /// <summary>1-based.</summary>
    public int Line { get; private set; } = 1;

    public Position Here => new(file, Line, Index - lineBegin + 1);

    public bool AtEnd => Index == text.Length;

    /// <summary>The unit here; NUL at the end, and where a NUL stands, which is allowed nowhere.</summary>
    public char Now => Ahead(0);

    /// <summary>From here to the end.</summary>
    public ReadOnlySpan<char> Rest => text.AsSpan(Index);

    /// <summary>At LF, at CR LF or at the end of the text.</summary>
    public bool AtLineEnd => AtEnd || Now == '\n' || (Now == '\r' && Ahead(1) == '\n');

    /// <summary>What is wrong with the character here, when TOML allows it nowhere, also not in strings and comments; null when it may stand somewhere. Not to be asked at a line's end.</summary>
    public string? Forbidden => Now switch
    {
        '\0' => "a NUL byte; is this a text file?",
        '\r' => "a carriage return alone; lines end with LF or with CR LF",
        '\t' => null,
        < ' ' or '\x7F' => string.Create(CultureInfo.InvariantCulture, $"a control character, number {(int)Now:x2} in hexadecimal; in \"…\" it is written \\u{(int)Now:x4}"),
        >= '\uDC80' and <= '\uDCFF' when Index == 0 || !char.IsHighSurrogate(text[Index - 1]) => string.Create(
            CultureInfo.InvariantCulture, $"the byte {Now - 0xDC00:x2} (hexadecimal) is no UTF-8 here; save the file as UTF-8"),
        _ => null,
    };

    /// <summary>The last unit before this that is no blank; NUL at the beginning.</summary>
    public char Before => text.AsSpan(0, Index).TrimEnd(" \t") is [.., var last] ? last : '\0';

    public char Ahead(int units) => Index + units < text.Length ? text[Index + units] : '\0';

    /// <summary>A part of the text that was passed.</summary>
    public ReadOnlySpan<char> Slice(Range range) => text.AsSpan()[range];

    /// <summary>Goes on by units that hold no line's end.</summary>
    public void Advance(int units = 1) => Index += units;

    /// <summary>Goes on to the next of these, or to the end of the text; they must contain LF. What was passed.</summary>
    public ReadOnlySpan<char> AdvanceTo(SearchValues<char> units)
    {
        var rest = Rest;
        int length = rest.IndexOfAny(units);
        length = length < 0 ? rest.Length : length;
        Index += length;
        return rest[..length];
    }

    public void PassBlanks()
    {
        int length = Rest.IndexOfAnyExcept(Blanks);
        Index = length < 0 ? text.Length : Index + length;
    }

    /// <summary>Passes the line's end that is here; nothing at the end of the text.</summary>
    public void PassLineEnd()
    {
        if (!AtEnd)
        {
            Index += Now == '\r' ? 2 : 1;
            lineBegin = Index;
            Line++;
        }
    }

    /// <summary>To the next line.</summary>
    public void PassLine()
    {
        int length = Rest.IndexOf('\n');
        Index = length < 0 ? text.Length : Index + length;
        PassLineEnd();
    }
}
