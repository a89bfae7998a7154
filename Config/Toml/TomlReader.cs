using System.Text;
using Deploy.Model.Text;

namespace Deploy.Config.Toml;

/// <summary>Reads TOML 1.0.0 (https://toml.io/en/v1.0.0), all of it and nothing besides.</summary>
/// <remarks>
/// <code>
/// statement      key = value, [table] or [[list of tables]]: this file
/// key            a, "a b", 'c', a.b.c: TomlKeys
/// value          TomlValues: lists and { } themselves, the rest by TomlStrings, TomlNumbers, TomlMoments
/// meaning        which key may stand where, and what a name with dots makes: TomlTables
/// after a fault  where reading goes on, so that one mistake is one error: TomlRecovery
/// </code>
/// A UTF-8 byte order mark at the start is skipped and counts as no column. Limits: <see cref="ConfigFile.MaxBytes"/>, <see cref="MaxDepth"/>.
/// </remarks>
internal static class TomlReader
{
    /// <summary>Errors told one by one; a binary file has one a line.</summary>
    public const int MaxErrors = 50;

    /// <summary>How deep tables and lists may stand in one another, and so how many parts a key has at most; ours: <c>[sync.site.guard]</c> is three.</summary>
    public const int MaxDepth = 100;

    private const string SemicolonComment = "a comment begins with #, not with ;";

    /// <summary>The document in these bytes, with every error. Never throws; linear in their number.</summary>
    public static TomlDocument Parse(string file, ReadOnlySpan<byte> bytes)
    {
        var errors = new TomlErrors(file);
        var tables = new TomlTables(file, errors);
        if (bytes.Length > ConfigFile.MaxBytes)
        {
            errors.Add(Position.Whole(file), "larger than 4 MiB; is this a configuration file?");
        }
        else if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            errors.Add(Position.Whole(file), "the file is UTF-16; TOML is UTF-8: save it so");
        }
        else
        {
            new Statements(new TomlCursor(file, Decode(bytes)), errors, tables).Read();
        }

        return new TomlDocument(file, tables.Root.Freeze(), errors.InOrder());
    }

    /// <summary>The text, with a lone surrogate for each byte that is not UTF-8 (<see cref="ByteText"/>), so that it gets its error where it stands.</summary>
    private static string Decode(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> text = bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
        return ByteText.IsUtf8(text) ? Encoding.UTF8.GetString(text) : ByteText.FromBytes(text);
    }

    /// <summary>The lines of the file: each holds a statement, and a value may go on over several.</summary>
    private sealed class Statements
    {
        private readonly TomlCursor cursor;
        private readonly TomlErrors errors;
        private readonly TomlTables tables;
        private readonly TomlRecovery recovery;
        private readonly TomlKeys keys;
        private readonly TomlValues values;

        /// <summary>The table of the last header.</summary>
        private TomlNode current;

        public Statements(TomlCursor cursor, TomlErrors errors, TomlTables tables)
        {
            var strings = new TomlStrings(cursor, errors);
            (this.cursor, this.errors, this.tables) = (cursor, errors, tables);
            recovery = new TomlRecovery(cursor);
            keys = new TomlKeys(cursor, errors, strings);
            values = new TomlValues(cursor, errors, tables, keys, strings, recovery);
            current = tables.Root;
        }

        /// <summary>Reads all of it; every turn passes at least one line.</summary>
        public void Read()
        {
            while (!cursor.AtEnd)
            {
                cursor.PassBlanks();
                if (cursor.Now == '[')
                {
                    ReadHeader();
                }
                else if (cursor.Now == ';')
                {
                    errors.Add(cursor.Here, SemicolonComment);
                    cursor.PassLine();
                }
                else if (cursor.AtLineEnd || cursor.Now == '#')
                {
                    ReadLineEnd(string.Empty);
                }
                else
                {
                    ReadKeyAndValue();
                }
            }
        }

        private void ReadHeader()
        {
            int brackets = cursor.Ahead(1) == '[' ? 2 : 1;
            cursor.Advance(brackets);
            cursor.PassBlanks();
            if (cursor.AtLineEnd || cursor.Now is '[' or ']')
            {
                errors.Add(cursor.Here, cursor.Now == '[' ? "expected [name] or [[name]], with nothing between the brackets" : "a table needs a name: [name]");
                Abandon();
            }
            else if (keys.Read() is not { } name)
            {
                Abandon();
            }
            else
            {
                ReadHeaderEnd(name, brackets);
            }

            void Abandon()
            {
                current = tables.Nowhere();
                cursor.PassLine();
            }
        }

        private void ReadHeaderEnd(List<Positioned<string>> name, int brackets)
        {
            string end = brackets == 2 ? "]]" : "]";
            bool isClosed = cursor.Rest.StartsWith(end);

            // Without its last bracket it is clear enough which table is meant.
            current = isClosed || cursor.AtLineEnd || cursor.Now is ']' or '#' ? brackets == 2 ? tables.Append(name) : tables.Open(name) : tables.Nowhere();
            if (isClosed)
            {
                cursor.Advance(brackets);
                ReadLineEnd("after [table] only a comment may stand on its line, beginning with #");
                return;
            }

            errors.Add(cursor.Here, cursor.AtLineEnd || cursor.Now is ']' or '#' or '=' ? $"expected '{end}' after the table's name" : $"expected '{end}'; {keys.NoKeyHere}");
            cursor.PassLine();
        }

        private void ReadKeyAndValue()
        {
            int from = cursor.Index;
            var begin = cursor.Here;
            if (keys.Read() is not { } key)
            {
                PassWrongKey();
                return;
            }

            var written = from..cursor.Index;
            if (!keys.ReadEquals(written) || !tables.Fits(current.Depth + key.Count - 1, begin))
            {
                recovery.PassStatement(0, 0);
                return;
            }

            var value = values.ReadStatement(written, current.Depth + key.Count);
            if (value is not null)
            {
                tables.Define(current, key, value);
            }

            if (!values.WasAbandoned)
            {
                ReadLineEnd(cursor.Before == '"'
                    ? "expected the end of the line after the string; a \" in \"…\" is written \\\""
                    : "expected the end of the line after the value: one key = value a line; text needs quotes");
            }
        }

        /// <summary>Passes a line with a wrong key; with its value, when it has one.</summary>
        private void PassWrongKey()
        {
            var line = cursor.Rest;
            int end = line.IndexOf('\n');
            int equals = (end < 0 ? line : line[..end]).IndexOf('=');
            if (equals < 0)
            {
                cursor.PassLine();
                return;
            }

            cursor.Advance(equals);
            recovery.PassStatement(0, 0);
        }

        /// <summary>Passes the end of a line and a comment before it.</summary>
        /// <param name="expected">What to say when something else stands there.</param>
        private void ReadLineEnd(string expected)
        {
            cursor.PassBlanks();
            values.PassComment();
            if (cursor.AtLineEnd)
            {
                cursor.PassLineEnd();
                return;
            }

            errors.Add(cursor.Here, cursor.Forbidden ?? cursor.Now switch
            {
                ';' => SemicolonComment,
                '/' when cursor.Ahead(1) == '/' => TomlKeys.SlashComment,
                ',' => "several values are a list, in brackets: [a, b]",
                _ => expected,
            });
            recovery.PassStatement(0, 0);
        }
    }
}
