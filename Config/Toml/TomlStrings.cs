using System.Buffers;
using System.Globalization;
using System.Text;

namespace Deploy.Config.Toml;

/// <summary>Reads strings of the four forms: <c>"…"</c>, <c>'…'</c>, and three of either for several lines.</summary>
internal sealed class TomlStrings(TomlCursor cursor, TomlErrors errors)
{
    private const string KeepBackslashes = "use '…' (single quotes) to keep backslashes";

    /// <summary>Whatever may end a run of ordinary characters: marks, controls, and what may stand for a byte that is not UTF-8.</summary>
    public static readonly SearchValues<char> Special = SearchValues.Create(
        ['"', '\'', '\\', '\x7F', .. Enumerable.Range(0, ' ').Where(unit => unit != '\t').Select(unit => (char)unit), .. Enumerable.Range(0xDC80, 0x80).Select(unit => (char)unit)]);

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789ABCDEFabcdef");

    private readonly StringBuilder value = new();
    private bool isWrong;

    /// <summary>True when the last string never closed; reading then stands at the end of its line, or of the file for one of several lines.</summary>
    public bool IsUnclosed { get; private set; }

    /// <summary>The string that opens here; null when it was wrong, which has been told, once.</summary>
    public string? Read()
    {
        char quote = cursor.Now;
        bool isLong = cursor.Ahead(1) == quote && cursor.Ahead(2) == quote;
        var begin = cursor.Here;
        value.Clear();
        isWrong = false;
        cursor.Advance(isLong ? 3 : 1);
        if (isLong && cursor.AtLineEnd)
        {
            cursor.PassLineEnd();
        }

        IsUnclosed = !(isLong ? ReadLong(quote) : ReadShort(quote));
        if (IsUnclosed)
        {
            Wrong(begin, isLong
                ? $"this string of several lines is never closed: expected {quote}{quote}{quote} before the end of the file"
                : $"this string is never closed: expected {quote} before the end of the line{EscapedEnd(quote)}");
        }

        return isWrong ? null : value.ToString();
    }

    /// <summary>Reads past the mark that closes; false when the line ends before.</summary>
    private bool ReadShort(char quote)
    {
        while (true)
        {
            value.Append(cursor.AdvanceTo(Special));
            if (cursor.AtLineEnd)
            {
                return false;
            }

            if (cursor.Now == quote)
            {
                cursor.Advance();
                return true;
            }

            ReadUnit(quote, isLong: false);
        }
    }

    /// <summary>Reads past the three marks that close; false when the file ends before.</summary>
    private bool ReadLong(char quote)
    {
        while (true)
        {
            value.Append(cursor.AdvanceTo(Special));
            if (cursor.AtEnd)
            {
                return false;
            }

            if (cursor.AtLineEnd)
            {
                value.Append('\n');
                cursor.PassLineEnd();
            }
            else if (cursor.Now == quote)
            {
                // Up to two marks may stand right before the three that close.
                int marks = 1;
                while (marks < 5 && cursor.Ahead(marks) == quote)
                {
                    marks++;
                }

                cursor.Advance(marks);
                value.Append(quote, marks >= 3 ? marks - 3 : marks);
                if (marks >= 3)
                {
                    return true;
                }
            }
            else
            {
                ReadUnit(quote, isLong: true);
            }
        }
    }

    /// <summary>Reads one special unit that neither closes the string nor ends a line.</summary>
    private void ReadUnit(char quote, bool isLong)
    {
        if (cursor.Now == '\\' && quote == '"')
        {
            ReadEscape(isLong);
            return;
        }

        if (cursor.Forbidden is { } what)
        {
            Wrong(cursor.Here, what);
        }

        value.Append(cursor.Now);
        cursor.Advance();
    }

    private void ReadEscape(bool isLong)
    {
        var begin = cursor.Here;
        char letter = cursor.Ahead(1);
        cursor.Advance();
        switch (letter)
        {
            case 'b' or 't' or 'n' or 'f' or 'r' or '"' or '\\':
                value.Append(letter switch { 'b' => '\b', 't' => '\t', 'n' => '\n', 'f' => '\f', 'r' => '\r', _ => letter });
                cursor.Advance();
                break;
            case 'u' or 'U':
                ReadNumbered(begin, letter == 'u' ? 4 : 8);
                break;
            case ' ' or '\t' or '\r' or '\n' when isLong && PassLineContinuation():
                break;
            default:
                Wrong(begin, $"a backslash in \"…\" begins an escape, such as \\n or \\\\, and this is none: {KeepBackslashes}");
                break;
        }
    }

    private void ReadNumbered(Position begin, int digits)
    {
        var rest = cursor.Rest[1..];
        if (rest.Length < digits || rest[..digits].ContainsAnyExcept(HexDigits))
        {
            Wrong(begin, $"\\{cursor.Now} in \"…\" needs {digits} hexadecimal digits: {KeepBackslashes}");
        }
        else if (!Rune.TryCreate(uint.Parse(rest[..digits], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), out var rune))
        {
            Wrong(begin, "no character has this number: d800 to dfff and what is above 10ffff are none");
        }
        else
        {
            value.Append(rune.ToString());
            cursor.Advance(1 + digits);
        }
    }

    /// <summary>A backslash as the last on its line joins it with the next text; false when it is not the last.</summary>
    private bool PassLineContinuation()
    {
        var line = cursor.Rest;
        int end = line.IndexOfAnyExcept(' ', '\t');
        if (end >= 0 && line[end] != '\n' && !line[end..].StartsWith("\r\n"))
        {
            return false;
        }

        do
        {
            cursor.PassBlanks();
            if (!cursor.AtLineEnd)
            {
                break;
            }

            cursor.PassLineEnd();
        }
        while (!cursor.AtEnd);

        return true;
    }

    /// <summary>One error a string: the others often follow from the first.</summary>
    private void Wrong(Position position, string what)
    {
        if (!isWrong)
        {
            errors.Add(position, what);
        }

        isWrong = true;
    }

    /// <summary>Says why, where it looks closed: <c>"C:\dir\"</c>.</summary>
    private string EscapedEnd(char quote) => quote == '"' && value.Length > 0 && value[^1] == '"' ? $" (\\\" does not close it: {KeepBackslashes})" : string.Empty;
}
