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
        foreach (char one in LegacyText.WithoutRawBytes(value))
        {
            switch (one)
            {
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

    /// <summary>C0, DEL, C1, line separators and the marks that turn the writing direction.</summary>
    private static bool MovesTerminal(char one) =>
        char.IsControl(one) || one is '\u061C' or '\u200E' or '\u200F' or (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\uFEFF';
}
