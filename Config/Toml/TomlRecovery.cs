using System.Buffers;

namespace Deploy.Config.Toml;

/// <summary>Finds where reading goes on after a mistake, so that what belongs to it makes no further errors and what does not is read.</summary>
internal sealed class TomlRecovery(TomlCursor cursor)
{
    private static readonly SearchValues<char> Marks = SearchValues.Create("[]{}\"'#\n");
    private static readonly SearchValues<char> LineEnds = SearchValues.Create("\n");
    private static readonly SearchValues<char> DoubleQuoteOrLineEnd = SearchValues.Create("\"\\\n");
    private static readonly SearchValues<char> SingleQuoteOrLineEnd = SearchValues.Create("'\n");

    /// <summary>Passes the rest of a statement: to the end of the line on which its last bracket closes, but not into what must be the next statement.</summary>
    /// <param name="brackets">How many <c>[</c> are open here.</param>
    /// <param name="braces">
    /// How many <c>{</c> are. TOML ends them on their line; where they were to go on, as the end of the line or the next line shows, a line with <c>=</c> begins no
    /// statement.
    /// </param>
    public void PassStatement(int brackets, int braces)
    {
        char last = cursor.Before;
        while (!cursor.AtEnd)
        {
            last = cursor.AdvanceTo(Marks).TrimEnd(" \t\r") is [.., var unit] ? unit : last;
            switch (cursor.Now)
            {
                case '"' or '\'':
                    last = cursor.Now;
                    PassString(cursor.Now);
                    break;
                case '#':
                    cursor.AdvanceTo(LineEnds);
                    break;
                case '\n':
                    cursor.PassLineEnd();
                    braces = last is '{' or ',' || Blankless(cursor.Rest) is ['}' or ',', ..] ? braces : 0;
                    if (brackets + braces == 0 || BeginsHeader() || (braces == 0 && BeginsKey()))
                    {
                        return;
                    }

                    break;
                case var mark when !cursor.AtEnd:
                    last = mark;
                    brackets = Math.Max(0, brackets + (mark == '[' ? 1 : mark == ']' ? -1 : 0));
                    braces = Math.Max(0, braces + (mark == '{' ? 1 : mark == '}' ? -1 : 0));
                    cursor.Advance();
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>True at the beginning of a line that nothing but a statement has: what stands here can be no element of a list.</summary>
    public bool BeginsStatement => BeginsHeader() || BeginsKey();

    /// <summary>Names up to an <c>=</c>.</summary>
    private bool BeginsKey()
    {
        var rest = Blankless(cursor.Rest);
        while (true)
        {
            int length = rest switch
            {
                ['"' or '\'', ..] => QuotedLength(rest),
                _ => BareLength(rest),
            };
            if (length == 0)
            {
                return false;
            }

            rest = Blankless(rest[length..]);
            if (rest is not ['.', ..])
            {
                return rest is ['=', ..];
            }

            rest = Blankless(rest[1..]);
        }
    }

    /// <summary><c>[name]</c> or <c>[[name]]</c> alone on its line, or <c>[name.</c>, where the name could be no value.</summary>
    private bool BeginsHeader()
    {
        var rest = Blankless(cursor.Rest);
        if (rest is not ['[', ..])
        {
            return false;
        }

        rest = Blankless(rest is [_, '[', ..] ? rest[2..] : rest[1..]);
        var name = rest[..BareLength(rest)];
        if (name.IsEmpty || !(char.IsAsciiLetter(name[0]) || name[0] == '_') || name is "true" or "false" or "inf" or "nan")
        {
            return false;
        }

        rest = Blankless(rest[name.Length..]);
        if (rest is ['.', ..])
        {
            return true;
        }

        if (rest is not [']', ..])
        {
            return false;
        }

        rest = Blankless(rest is [_, ']', ..] ? rest[2..] : rest[1..]);
        return rest is [] or ['#' or '\n', ..] or ['\r', '\n', ..];
    }

    private void PassString(char quote)
    {
        if (cursor.Ahead(1) == quote && cursor.Ahead(2) == quote)
        {
            var text = cursor.Rest[3..];
            int end = text.IndexOf([quote, quote, quote]);
            cursor.Advance(3);
            PassUnits(end < 0 ? 0 : end + 3);
            return;
        }

        cursor.Advance();
        var marks = quote == '"' ? DoubleQuoteOrLineEnd : SingleQuoteOrLineEnd;
        cursor.AdvanceTo(marks);
        while (cursor.Now == '\\')
        {
            cursor.Advance(cursor.Ahead(1) is '"' or '\\' ? 2 : 1);
            cursor.AdvanceTo(marks);
        }

        if (cursor.Now == quote)
        {
            cursor.Advance();
        }
    }

    /// <summary>Goes on by so many units, whatever they are.</summary>
    private void PassUnits(int units)
    {
        for (int end = cursor.Index + units; cursor.Index < end;)
        {
            int lineEnd = cursor.Rest[..(end - cursor.Index)].IndexOf('\n');
            cursor.Advance(lineEnd < 0 ? end - cursor.Index : lineEnd);
            if (lineEnd >= 0)
            {
                cursor.PassLineEnd();
            }
        }
    }

    private static int BareLength(ReadOnlySpan<char> text)
    {
        int length = text.IndexOfAnyExcept(TomlKeys.Bare);
        return length < 0 ? text.Length : length;
    }

    /// <summary>Units of the string on one line that opens here; 0 when it does not close.</summary>
    private static int QuotedLength(ReadOnlySpan<char> text)
    {
        char quote = text[0];
        int at = 1;
        while (at < text.Length && text[at] != quote && text[at] != '\n')
        {
            at += quote == '"' && text[at..] is ['\\', '"' or '\\', ..] ? 2 : 1;
        }

        return at < text.Length && text[at] == quote ? at + 1 : 0;
    }

    private static ReadOnlySpan<char> Blankless(ReadOnlySpan<char> text) => text.TrimStart(" \t");
}
