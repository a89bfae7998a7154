using System.Globalization;

namespace Deploy.Protocol;

/// <summary>
/// Writes legacy JSON as the original client printed it (JSON::PP, pretty): three blanks a level, <c>"key" : value</c>, a newline at the end.
/// Keys stand in the order given. Non-ASCII stays as it is, but what could move a terminal is escaped.
/// </summary>
internal sealed class LegacyWriter(TextWriter output)
{
    private const string Indent = "   "; // JSON::PP indent_length 3

    /// <summary>Writes the whole document.</summary>
    public void WriteDocument(LegacyValue value)
    {
        Write(value, 0);
        output.Write('\n');
    }

    /// <summary>Writes one member of the document's object, <c>"name" : value</c>, without a comma or a line break around it.</summary>
    public void WriteMember(string name, LegacyValue value)
    {
        WriteIndent(1);
        WriteMember(name, value, 1);
    }

    private void Write(LegacyValue value, int level)
    {
        switch (value)
        {
            case LegacyString text:
                WriteString(text.Text);
                break;
            case LegacyNumber number:
                output.Write(number.Written);
                break;
            case LegacyList list:
                WriteAll('[', ']', list.Items, level, item => Write(item, level + 1));
                break;
            case LegacyObject members:
                WriteAll('{', '}', members.Members, level, member => WriteMember(member.Key, member.Value, level + 1));
                break;
            default:
                output.Write("null");
                break;
        }
    }

    private void WriteMember(string name, LegacyValue value, int level)
    {
        WriteString(name);
        output.Write(" : ");
        Write(value, level);
    }

    private void WriteAll<T>(char open, char close, IReadOnlyList<T> items, int level, Action<T> write)
    {
        output.Write(open);
        for (int i = 0; i < items.Count; i++)
        {
            output.Write(i == 0 ? "\n" : ",\n");
            WriteIndent(level + 1);
            write(items[i]);
        }

        if (items.Count > 0)
        {
            output.Write('\n');
            WriteIndent(level);
        }

        output.Write(close);
    }

    private void WriteIndent(int level)
    {
        for (int i = 0; i < level; i++)
        {
            output.Write(Indent);
        }
    }

    private void WriteString(string value)
    {
        output.Write('"');
        for (int i = 0; i < value.Length; i++)
        {
            char one = value[i];
            switch (one)
            {
                case >= '\uDC80' and <= '\uDCFF' when !IsPaired(value, i):
                    WriteRawByte(one - '\uDC00');
                    break;
                case >= '\uD800' and <= '\uDFFF' when !IsPaired(value, i):
                    output.Write('\uFFFD');
                    break;
                case '"':
                    output.Write("\\\"");
                    break;
                case '\\':
                    output.Write("\\\\");
                    break;
                case '\n':
                    output.Write("\\n");
                    break;
                case '\r':
                    output.Write("\\r");
                    break;
                case '\t':
                    output.Write("\\t");
                    break;
                default:
                    if (MovesTerminal(one))
                    {
                        output.Write("\\u");
                        output.Write(((int)one).ToString("x4", CultureInfo.InvariantCulture));
                    }
                    else
                    {
                        output.Write(one);
                    }

                    break;
            }
        }

        output.Write('"');
    }

    /// <summary>A byte that is not UTF-8, as rsync writes it, <c>\#ooo</c> in octal, so that it is valid Unicode (docs: legacy.md).</summary>
    private void WriteRawByte(int raw)
    {
        output.Write("\\\\#");
        output.Write((char)('0' + (raw >> 6)));
        output.Write((char)('0' + ((raw >> 3) & 7)));
        output.Write((char)('0' + (raw & 7)));
    }

    private static bool IsPaired(string value, int at) => char.IsHighSurrogate(value[at])
        ? at + 1 < value.Length && char.IsLowSurrogate(value[at + 1])
        : at > 0 && char.IsHighSurrogate(value[at - 1]);

    /// <summary>C0, DEL, C1, line separators and the marks that turn the writing direction.</summary>
    private static bool MovesTerminal(char one) =>
        char.IsControl(one) || one is '\u061C' or '\u200E' or '\u200F' or (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\uFEFF';
}
