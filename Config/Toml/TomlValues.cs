using System.Buffers;

namespace Deploy.Config.Toml;

/// <summary>Reads values: lists and tables in braces here, the rest by its own reader.</summary>
/// <remarks>After a mistake inside brackets reading goes on after the wrong element where that is sure; else all of the statement is passed (<see cref="WasAbandoned"/>).</remarks>
internal sealed class TomlValues(TomlCursor cursor, TomlErrors errors, TomlTables tables, TomlKeys keys, TomlStrings strings, TomlRecovery recovery)
{
    /// <summary>What ends a word (a number, a date, true or false, or text that lacks its quotes): marks, blanks, controls, and what may stand for a byte that is not UTF-8.</summary>
    private static readonly SearchValues<char> WordEnds = SearchValues.Create(
        [.. ",[]{}#\"'= \x7F", .. Enumerable.Range(0, ' ').Select(unit => (char)unit), .. Enumerable.Range(0xDC80, 0x80).Select(unit => (char)unit)]);

    private int brackets;
    private int braces;

    /// <summary>True when the last statement's value had a mistake after which it could not be read on; reading then stands at the beginning of a line.</summary>
    public bool WasAbandoned { get; private set; }

    /// <summary>The value of a statement, which begins here or after blanks; null when it is wrong, which has been told.</summary>
    /// <param name="key">Where its key stands in the text, for messages.</param>
    /// <param name="depth">In how many tables it stands.</param>
    public TomlValue? ReadStatement(Range key, int depth)
    {
        (brackets, braces, WasAbandoned) = (0, 0, false);
        return Read(key, depth);
    }

    /// <summary>Passes the comment here, if there is one, to the end of its line.</summary>
    public void PassComment()
    {
        if (cursor.Now != '#')
        {
            return;
        }

        bool isWrong = false;
        for (cursor.AdvanceTo(TomlStrings.Special); !cursor.AtLineEnd; cursor.AdvanceTo(TomlStrings.Special))
        {
            if (!isWrong && cursor.Forbidden is { } what)
            {
                errors.Add(cursor.Here, what);
                isWrong = true;
            }

            cursor.Advance();
        }
    }

    private TomlValue? Read(Range? key, int depth)
    {
        cursor.PassBlanks();
        var begin = cursor.Here;
        switch (cursor.Now)
        {
            case '"' or '\'':
                string? text = strings.Read();
                if (strings.IsUnclosed)
                {
                    return Abandon();
                }

                return text is null ? null : new TomlValue.Text(text, begin);

            case '[' or '{' when !tables.Fits(depth, begin):
                return Abandon();

            case '[':
                return ReadList(begin, depth);

            case '{':
                return ReadBraces(begin, depth);

            default:
                return ReadWord(key, begin);
        }
    }

    private TomlValue.List? ReadList(Position begin, int depth)
    {
        var items = new List<TomlValue>();
        cursor.Advance();
        brackets++;
        while (true)
        {
            if (!PassToElement(begin))
            {
                return null;
            }

            if (cursor.Now == ']')
            {
                break;
            }

            if (cursor.Now == ',')
            {
                return Abandon<TomlValue.List>(cursor.Here, "expected a value before ','");
            }

            var item = Read(null, depth + 1);
            if (WasAbandoned || !PassToElement(begin))
            {
                return null;
            }

            if (item is not null)
            {
                items.Add(item);
            }

            if (cursor.Now == ',')
            {
                cursor.Advance();
            }
            else if (cursor.Now != ']')
            {
                return Abandon<TomlValue.List>(cursor.Here, cursor.Forbidden ?? "expected ',' between the values of a list, or ']' after the last");
            }
        }

        cursor.Advance();
        brackets--;
        return new TomlValue.List(items, begin);
    }

    /// <summary>Passes blanks, comments and line ends in a list; false where the list must have ended before, which is told.</summary>
    private bool PassToElement(Position begin)
    {
        bool isEnd = false;
        for (cursor.PassBlanks(), PassComment(); cursor.AtLineEnd && !isEnd; cursor.PassBlanks(), PassComment())
        {
            isEnd = cursor.AtEnd;
            cursor.PassLineEnd();
            isEnd |= recovery.BeginsStatement;
        }

        if (isEnd)
        {
            WasAbandoned = true;
            errors.Add(begin, $"this list is never closed: expected ']' {(cursor.AtEnd ? "before the end of the file" : $"before line {cursor.Line}")}");
        }

        return !isEnd;
    }

    private TomlValue.Table? ReadBraces(Position begin, int depth)
    {
        var table = new TomlNode(begin, depth, TomlOrigin.Itself);
        cursor.Advance();
        braces++;
        cursor.PassBlanks();
        if (cursor.Now != '}' && !ReadEntries(table))
        {
            return null;
        }

        cursor.Advance();
        braces--;
        return table.Freeze();
    }

    /// <summary>Reads what stands between braces, to the one that closes; false when the statement was abandoned.</summary>
    private bool ReadEntries(TomlNode table)
    {
        while (true)
        {
            cursor.PassBlanks();
            if (cursor.AtLineEnd || cursor.Now == '#')
            {
                return AbandonBraces(table.Position);
            }

            if (cursor.Now == '}')
            {
                errors.Add(cursor.Here, "in braces no ',' stands after the last value");
                return true;
            }

            if (!ReadEntry(table))
            {
                return false;
            }

            cursor.PassBlanks();
            if (cursor.AtLineEnd || cursor.Now == '#')
            {
                return AbandonBraces(table.Position);
            }

            if (cursor.Now == '}')
            {
                return true;
            }

            if (cursor.Now != ',')
            {
                errors.Add(cursor.Here, cursor.Forbidden ?? "expected ',' between the values in braces, or '}' after the last");
                Abandon();
                return false;
            }

            cursor.Advance();
        }
    }

    /// <summary>Reads <c>key = value</c> in braces; false when the statement was abandoned.</summary>
    private bool ReadEntry(TomlNode table)
    {
        int from = cursor.Index;
        var key = keys.Read();
        var written = from..cursor.Index;
        if (key is null || !keys.ReadEquals(written) || !tables.Fits(table.Depth + key.Count - 1, key[0].Position))
        {
            Abandon();
            return false;
        }

        var value = Read(written, table.Depth + key.Count);
        if (value is not null)
        {
            tables.Define(table, key, value);
        }

        return !WasAbandoned;
    }

    private TomlValue? ReadWord(Range? key, Position begin)
    {
        int from = cursor.Index;
        var rest = cursor.Rest;
        int length = cursor.AdvanceTo(WordEnds).Length;
        if (TomlMoments.MayGoOn(rest[..length], rest[length..]))
        {
            cursor.Advance();
            cursor.AdvanceTo(WordEnds);
            length = cursor.Index - from;
        }

        if (length == 0 || (!cursor.AtLineEnd && cursor.Forbidden is not null))
        {
            return Abandon<TomlValue>(cursor.Here, NoValue(isAfterKey: key is not null));
        }

        if (TomlWords.Read(rest[..length], begin, key is { } its ? cursor.Slice(its) : [], out string wrong) is { } value)
        {
            return value;
        }

        errors.Add(begin, wrong);
        cursor.PassBlanks();
        bool isSure = cursor.AtLineEnd || cursor.Now == '#' || (brackets + braces > 0 && cursor.Now is ',' or ']' or '}');
        return isSure ? null : Abandon();
    }

    private string NoValue(bool isAfterKey) => cursor switch
    {
        { AtLineEnd: true } or { Now: '#' } when isAfterKey => "a value is missing after '='; a string of nothing is \"\"",
        { Forbidden: { } what } => what,
        { Now: '=' } when isAfterKey => "expected one '=' between key and value",
        _ => $"expected a value, not '{cursor.Now}'",
    };

    private T? Abandon<T>(Position position, string what)
        where T : TomlValue
    {
        errors.Add(position, what);
        Abandon();
        return null;
    }

    /// <summary>Tells of braces, by where they open, that do not close on their line. Always false.</summary>
    private bool AbandonBraces(Position begin)
    {
        errors.Add(begin, "a table in braces ends on the line on which it begins: expected '}'; one of several lines has a header, [name], instead");
        Abandon();
        return false;
    }

    private TomlValue? Abandon()
    {
        WasAbandoned = true;
        recovery.PassStatement(brackets, braces);
        return null;
    }
}
