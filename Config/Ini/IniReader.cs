using System.Buffers;
using Deploy.Model.Text;

namespace Deploy.Config.Ini;

/// <summary>Reads the INI dialect of the original.</summary>
/// <remarks>
/// <code>
/// # or ;           first on a line: a comment; there are no trailing comments
/// [section]        its name between the outer brackets, trimmed; equal sections merge
/// key = value      split once at the first '='; blanks around both dropped; quotes kept; an empty value is a value
/// key[] = value    appends
/// </code>
/// Lines end with LF; each is trimmed of ASCII blanks, so CRLF does no harm; a UTF-8 byte order mark at the start is skipped. Bytes that are not UTF-8 are kept
/// (<see cref="ByteText"/>). Keys and sections are case-sensitive, as the original's hash keys were. Limit: <see cref="ConfigFile.MaxBytes"/>.
/// A line without '=' that is no section, one without a key and one with a NUL are errors; the original took the first for a section.
/// </remarks>
internal static class IniReader
{
    /// <summary>Errors told one by one; a binary file has one a line.</summary>
    public const int MaxErrors = 50;

    /// <summary>How much of a wrong line's first word is quoted, UTF-16 units. Only that word, and only up to a colon: the rest may be a secret.</summary>
    private const int QuotedUnits = 40;

    private static readonly char[] Blanks = [' ', '\t', '\r', '\f', '\v'];
    private static readonly SearchValues<char> FirstWordEnds = SearchValues.Create(" \t\r\f\v:");

    /// <summary>The document in these bytes, or every error in them. Never throws; linear in their number.</summary>
    /// <param name="file">The path, for positions.</param>
    /// <param name="bytes">The whole file.</param>
    /// <param name="mayQuote">False for a file whose words are secrets: errors then say where and nothing of it.</param>
    public static IniResult Parse(string file, ReadOnlySpan<byte> bytes, bool mayQuote = true)
    {
        if (bytes.Length > ConfigFile.MaxBytes)
        {
            return new IniResult.Failed([new ConfigError(Position.Whole(file), "larger than 4 MiB; is this a configuration file?")]);
        }

        var sections = new List<IniSection>();
        var byName = new Dictionary<string, IniSection>(StringComparer.Ordinal);
        var errors = new List<ConfigError>();
        int errorCount = 0;
        IniSection? current = null;
        ReadOnlySpan<byte> rest = bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
        for (int number = 1; !rest.IsEmpty; number++)
        {
            int end = rest.IndexOf((byte)'\n');
            string line = ByteText.FromBytes(end < 0 ? rest : rest[..end]);
            rest = end < 0 ? default : rest[(end + 1)..];
            switch (ReadLine(file, number, line, mayQuote))
            {
                case Line.Header header:
                    current = Named(header.Name.Value, header.Name.Position);
                    break;
                case Line.KeyAndValue(var entry):
                    current ??= Named(IniDocument.NoSection, entry.Key.Position);
                    current.Add(entry);
                    break;
                case Line.Wrong(var error):
                    errorCount++;
                    if (errors.Count < MaxErrors)
                    {
                        errors.Add(error);
                    }

                    break;
                default:
                    break;
            }
        }

        if (errorCount > errors.Count)
        {
            errors.Add(new ConfigError(Position.Whole(file), $"{errorCount - errors.Count} more lines like these; is this a configuration file?"));
        }

        return errors.Count > 0 ? new IniResult.Failed(errors) : new IniResult.Read(new IniDocument(file, sections));

        IniSection Named(string name, Position position)
        {
            if (!byName.TryGetValue(name, out var section))
            {
                section = new IniSection(name, position);
                byName.Add(name, section);
                sections.Add(section);
            }

            return section;
        }
    }

    private static Line? ReadLine(string file, int number, string line, bool mayQuote)
    {
        string text = line.Trim(Blanks);
        if (text.Length == 0 || text[0] is '#' or ';')
        {
            return null;
        }

        int begin = line.AsSpan().IndexOfAnyExcept(Blanks);
        var position = new Position(file, number, begin + 1);
        if (text.Contains('\0'))
        {
            return new Line.Wrong(new ConfigError(position, "a NUL byte; is this a text file?"));
        }

        if (text[0] == '[' && text[^1] == ']' && text.Length > 1)
        {
            var (name, offset) = Trimmed(text, 1, text.Length - 1);
            return new Line.Header(new(name, position.Right(offset)));
        }

        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            return new Line.Wrong(new ConfigError(position, mayQuote ? $"neither [section] nor key = value: '{FirstWord(text)}'" : "neither [section] nor key = value"));
        }

        string key = text[..equals].TrimEnd(Blanks);
        bool isList = key.EndsWith("[]", StringComparison.Ordinal);
        key = isList ? key[..^2].TrimEnd(Blanks) : key;
        if (key.Length == 0)
        {
            return new Line.Wrong(new ConfigError(position, "no key before '='"));
        }

        var (value, valueOffset) = Trimmed(text, equals + 1, text.Length);
        return new Line.KeyAndValue(new IniEntry(new(key, position), isList, new(value, position.Right(valueOffset))));
    }

    /// <summary>The part of the text without blanks at its ends, and the offset in the text at which it begins.</summary>
    private static (string Text, int Offset) Trimmed(string text, int begin, int end)
    {
        ReadOnlySpan<char> part = text.AsSpan(begin, end - begin);
        int blanks = part.IndexOfAnyExcept(Blanks);
        return blanks < 0 ? (string.Empty, begin) : (part.Trim(Blanks).ToString(), begin + blanks);
    }

    private static string FirstWord(string text)
    {
        int end = text.AsSpan().IndexOfAny(FirstWordEnds);
        return SafeText.Of(end < 0 ? text : text[..end] + " …", QuotedUnits);
    }

    /// <summary>What one line says; null for nothing.</summary>
    private abstract record Line
    {
        internal sealed record Header(Positioned<string> Name) : Line;

        internal sealed record KeyAndValue(IniEntry Entry) : Line;

        internal sealed record Wrong(ConfigError Error) : Line;
    }
}
