using System.Buffers;

namespace Deploy.Config.Toml;

/// <summary>Reads keys and names of tables: <c>a</c>, <c>"a b"</c>, <c>a.'b'.c</c>.</summary>
internal sealed class TomlKeys(TomlCursor cursor, TomlErrors errors, TomlStrings strings)
{
    /// <summary>What keys without quotes are made of.</summary>
    public static readonly SearchValues<char> Bare = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    public const string SlashComment = "a comment begins with #, not with //";

    private const string NeedsQuotes = "a key of other characters than A-Z a-z 0-9 _ - needs quotes: \"…\"";

    /// <summary>The parts of the key that begins here, at least one and at most <see cref="TomlReader.MaxDepth"/>, and the blanks after it; null when it is none, which has been told.</summary>
    public List<Positioned<string>>? Read()
    {
        var parts = new List<Positioned<string>>(1);
        while (true)
        {
            cursor.PassBlanks();
            var begin = cursor.Here;
            if (parts.Count == TomlReader.MaxDepth)
            {
                errors.Add(begin, $"a key has at most {TomlReader.MaxDepth} parts");
                return null;
            }

            if (ReadPart(isFirst: parts.Count == 0) is not { } part)
            {
                return null;
            }

            parts.Add(new(part, begin));
            cursor.PassBlanks();
            if (cursor.Now != '.')
            {
                return parts;
            }

            cursor.Advance();
        }
    }

    /// <summary>Passes the <c>=</c> after a key; false when something else stands there, which has been told.</summary>
    /// <param name="written">Where the key stands in the text.</param>
    public bool ReadEquals(Range written)
    {
        if (cursor.Now == '=')
        {
            cursor.Advance();
            return true;
        }

        errors.Add(cursor.Here, NoEquals(TomlErrors.Shown(cursor.Slice(written).Trim().ToString())));
        return false;
    }

    /// <summary>What is wrong here where a key should go on or end.</summary>
    public string NoKeyHere => cursor.Forbidden ?? NeedsQuotes;

    private string? ReadPart(bool isFirst)
    {
        int length = cursor.Rest.IndexOfAnyExcept(Bare);
        length = length < 0 ? cursor.Rest.Length : length;
        if (length > 0)
        {
            string part = cursor.Rest[..length].ToString();
            cursor.Advance(length);
            return part;
        }

        char quote = cursor.Now;
        if (quote is '"' or '\'')
        {
            if (cursor.Ahead(1) != quote || cursor.Ahead(2) != quote)
            {
                return strings.Read();
            }

            errors.Add(cursor.Here, "a key stands on one line, between single or double quotes, not three");
            return null;
        }

        errors.Add(cursor.Here, NoPart(isFirst));
        return null;
    }

    private string NoPart(bool isFirst) => cursor.Now switch
    {
        _ when cursor.AtLineEnd => isFirst ? "a key is missing: expected key = value" : "a name is missing after '.'",
        '=' when isFirst => "no key before '='",
        '.' or '=' or ']' when !isFirst => "a name is missing after '.'",
        '.' => "a name is missing before '.'",
        '/' when cursor.Ahead(1) == '/' => SlashComment,
        '{' or '}' or '[' or ']' or ',' => $"expected a key, not '{cursor.Now}'",
        _ => NoKeyHere,
    };

    private string NoEquals(string key)
    {
        if (cursor.AtLineEnd || cursor.Now == '#')
        {
            return "expected '=' and a value after the key";
        }

        if (cursor.Forbidden is { } what)
        {
            return what;
        }

        var line = cursor.Rest;
        int end = line.IndexOf('\n');
        line = end < 0 ? line : line[..end];
        return line switch
        {
            [':', ..] => "expected '=' after the key, not ':'",
            ['[', ']', ..] => $"a list is {key} = [\"a\", \"b\"], not {key}[]",
            _ when line.Contains('=') => $"expected '=' after the key; {NeedsQuotes}",
            _ => "expected '=' and a value after the key",
        };
    }
}
