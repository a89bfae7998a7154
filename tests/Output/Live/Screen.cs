using System.Globalization;
using System.Text;

namespace Deploy.Tests.Output.Live;

/// <summary>A terminal as small as the block needs: text, wrapping, CR, LF, cursor up, erase to the end of the line and of the screen. Anything else fails.</summary>
internal sealed class Screen(int columns)
{
    private readonly List<StringBuilder> rows = [new()];
    private int row;
    private int column;

    /// <summary>What is to be seen, without blanks at the ends of lines and empty lines at the end.</summary>
    public string Text => string.Join('\n', rows.Select(line => line.ToString().TrimEnd())).TrimEnd('\n');

    /// <summary>Where the cursor stands.</summary>
    public (int Row, int Column) Cursor => (row, column);

    public void Write(string text)
    {
        for (int at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '\r':
                    column = 0;
                    break;
                case '\n': // a terminal adds the CR (ONLCR)
                    column = 0;
                    Down();
                    break;
                case '\e':
                    int end = text.IndexOfAny(['A', 'K', 'J'], at);
                    Control(text[end], text[(at + 2)..end]);
                    at = end;
                    break;
                default:
                    Put(text[at]);
                    break;
            }
        }
    }

    private void Control(char what, string number)
    {
        switch (what)
        {
            case 'A':
                row = Math.Max(0, row - int.Parse(number, CultureInfo.InvariantCulture));
                break;
            case 'K':
                rows[row].Length = Math.Min(rows[row].Length, column);
                break;
            default:
                rows[row].Length = Math.Min(rows[row].Length, column);
                rows.RemoveRange(row + 1, rows.Count - row - 1);
                break;
        }
    }

    private void Put(char letter)
    {
        if (column == columns)
        {
            column = 0;
            Down();
        }

        rows[row].Append(' ', Math.Max(0, column + 1 - rows[row].Length));
        rows[row][column++] = letter;
    }

    private void Down()
    {
        row++;
        if (row == rows.Count)
        {
            rows.Add(new StringBuilder());
        }
    }
}
