using System.Globalization;
using System.Text;
using Deploy.Tui.Screen;

namespace Deploy.Tests.Tui.Screen;

/// <summary>A terminal as small as the dashboard needs one: it throws at whatever it does not know, at a set background, and when something would scroll or wrap.</summary>
internal sealed class TerminalEmulator
{
    private readonly Func<Rune, int> widthOf;
    private readonly (string Text, Style Style)[,] cells;
    private Style style;

    public TerminalEmulator(int columns, int rows, Func<Rune, int>? widthOf = null)
    {
        (Columns, Rows, this.widthOf) = (columns, rows, widthOf ?? TextColumns.Of);
        cells = new (string, Style)[rows, columns];

        // What was there before is not ours to know.
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                cells[row, column] = ("#", new Style(Style.Red));
            }
        }

        (Column, Row) = (columns / 2, rows / 2);
    }

    /// <summary>Stands for the right half of a wide character.</summary>
    public const string RightHalf = "";

    public int Columns { get; }

    public int Rows { get; }

    public int Column { get; private set; }

    public int Row { get; private set; }

    public bool? ShowsCursor { get; private set; }

    /// <summary>Whether text would be written in the terminal's own look now.</summary>
    public bool IsPlain => style == default;

    public (string Text, Style Style) At(int column, int row) => cells[row, column];

    /// <summary>A row without styles and without blanks at its end.</summary>
    public string Line(int row) => string.Concat(Enumerable.Range(0, Columns).Select(column => cells[row, column].Text)).TrimEnd(' ');

    public void Write(ReadOnlySpan<byte> bytes)
    {
        string text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        for (int at = 0; at < text.Length;)
        {
            if (text[at] == '\e')
            {
                at = Sequence(text, at + 1);
            }
            else if (text[at] == '\r')
            {
                (Column, at) = (0, at + 1);
            }
            else if (text[at] == '\n')
            {
                Row = Row + 1 < Rows ? Row + 1 : throw new InvalidOperationException("it scrolls");
                at++;
            }
            else
            {
                var rune = Rune.GetRuneAt(text, at);
                Put(rune);
                at += rune.Utf16SequenceLength;
            }
        }
    }

    private int Sequence(string text, int at)
    {
        if (text[at] != '[')
        {
            throw new InvalidOperationException("an unknown sequence");
        }

        int end = at + 1;
        while (text[end] is (>= '0' and <= '9') or ';' or '?')
        {
            end++;
        }

        string parameters = text[(at + 1)..end];
        switch (text[end])
        {
            case 'H':
                var place = Numbers(parameters, 1);
                (Row, Column) = (Within(place[0], Rows), Within(place.ElementAtOrDefault(1, 1), Columns));
                break;
            case 'C':
                Column = Math.Min(Columns - 1, Column + Numbers(parameters, 1)[0]);
                break;
            case 'J' when parameters == "2":
                Fill(0, Columns, 0, Rows);
                break;
            case 'K' when parameters.Length == 0:
                Fill(Column, Columns, Row, Row + 1);
                break;
            case 'm':
                Array.ForEach(Numbers(parameters, 0), Select);
                break;
            case 'h' or 'l' when parameters == "?25":
                ShowsCursor = text[end] == 'h';
                break;
            default:
                throw new InvalidOperationException($"an unknown sequence: CSI {parameters} {text[end]}");
        }

        return end + 1;
    }

    private static int Within(int number, int most) => number >= 1 && number <= most ? number - 1 : throw new InvalidOperationException($"{number} is outside");

    private static int[] Numbers(string parameters, int missing) => [.. parameters.Split(';').Select(one => one.Length == 0 ? missing : int.Parse(one, CultureInfo.InvariantCulture))];

    private void Select(int code) => style = code switch
    {
        0 => default,
        1 => style with { Weight = style.Weight | Weight.Bold },
        2 => style with { Weight = style.Weight | Weight.Dim },
        4 => style with { Weight = style.Weight | Weight.Underline },
        7 => style with { Weight = style.Weight | Weight.Reverse },
        39 => style with { Colour = 0 },
        >= 30 and <= 37 => style with { Colour = (byte)(code - 29) },
        >= 90 and <= 97 => style with { Colour = (byte)(code - 81) },
        _ => throw new InvalidOperationException($"SGR {code}"),
    };

    private void Fill(int fromColumn, int toColumn, int fromRow, int toRow)
    {
        for (int row = fromRow; row < toRow; row++)
        {
            for (int column = fromColumn; column < toColumn; column++)
            {
                Break(column, row);
                cells[row, column] = (" ", style);
            }
        }
    }

    private void Put(Rune rune)
    {
        if (Rune.IsControl(rune))
        {
            throw new InvalidOperationException($"a control character: {rune.Value:x}");
        }

        int width = widthOf(rune);
        if (width == 0)
        {
            int on = Column - 1;
            on -= cells[Row, on].Text == RightHalf ? 1 : 0;
            cells[Row, on].Text += rune.ToString();
            return;
        }

        if (Column + width > Columns)
        {
            throw new InvalidOperationException("it writes over the edge");
        }

        for (int column = Column; column < Column + width; column++)
        {
            Break(column, Row);
        }

        cells[Row, Column] = (rune.ToString(), style);
        if (width == 2)
        {
            cells[Row, Column + 1] = (RightHalf, style);
        }

        Column += width; // behind the edge: the next thing must be a move
    }

    /// <summary>Half of a wide character is written over: the other half is a blank.</summary>
    private void Break(int column, int row)
    {
        if (cells[row, column].Text == RightHalf && column > 0)
        {
            cells[row, column - 1].Text = " ";
        }

        if (column + 1 < Columns && cells[row, column + 1].Text == RightHalf)
        {
            cells[row, column + 1].Text = " ";
        }

        cells[row, column].Text = " ";
    }
}

/// <summary>An element, or what stands for a missing one.</summary>
internal static class MissingElement
{
    public static int ElementAtOrDefault(this int[] numbers, int index, int missing) => index < numbers.Length ? numbers[index] : missing;
}
