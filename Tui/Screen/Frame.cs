using System.Text;
using Deploy.Model.Text;

namespace Deploy.Tui.Screen;

/// <summary>
/// A picture as a terminal shows it: a cell for each column of each row. What a picture says is not trusted: text is neutralised once more, what is wider than the
/// terminal is cut, and a wide character that would hang over the edge becomes a blank.
/// </summary>
internal sealed class Frame
{
    /// <summary>Combining marks on one character; the rest is left out, so that a line of marks cannot grow a cell without end.</summary>
    private const int MarksOnOne = 4;

    private readonly Cell[] cells;

    private Frame(int columns, int rows)
    {
        Columns = columns;
        Rows = rows;
        cells = new Cell[columns * rows];
        Array.Fill(cells, Cell.Blank);
    }

    public int Columns { get; }

    public int Rows { get; }

    /// <summary>Where the cursor is seen, column and row from 0; null for nowhere. Always within.</summary>
    public (int Column, int Row)? Cursor { get; private init; }

    /// <summary>The columns of a row, from 0.</summary>
    public ReadOnlySpan<Cell> Row(int row) => cells.AsSpan(row * Columns, Columns);

    /// <summary>With nothing in it.</summary>
    public static Frame Blank(int columns, int rows) => new(Math.Max(0, columns), Math.Max(0, rows));

    /// <summary>A picture in the colours of a theme.</summary>
    /// <param name="picture">What.</param>
    /// <param name="theme">In which colours.</param>
    /// <param name="isAscii">Whether the terminal shows ASCII alone.</param>
    public static Frame Of(Picture picture, Theme theme, bool isAscii = false)
    {
        int columns = Math.Max(0, picture.Columns), rows = Math.Max(0, picture.Rows);
        bool isSeen = picture.Cursor is var (column, row) && column >= 0 && column < columns && row >= 0 && row < rows;
        var frame = new Frame(columns, rows) { Cursor = isSeen ? picture.Cursor : null };
        for (int at = 0; at < rows && at < picture.Lines.Count; at++)
        {
            Fill(frame.cells.AsSpan(at * columns, columns), picture.Lines[at], theme, isAscii);
        }

        return frame;
    }

    private static void Fill(Span<Cell> cells, Line line, Theme theme, bool isAscii)
    {
        int at = 0;
        foreach (var span in line.Spans)
        {
            var style = theme.Of(span.Role);
            string text = span.Text.Length > cells.Length * 8 ? span.Text[..(cells.Length * 8)] : span.Text;
            foreach (var rune in SafeText.Of(text).EnumerateRunes())
            {
                int columns = TextColumns.Of(rune);
                if (columns == 0)
                {
                    PutOn(cells, at, rune, isAscii);
                    continue;
                }

                if (at + columns > cells.Length)
                {
                    return; // what is behind a wide one that does not fit is no more in its place
                }

                var look = rune.Value == ' ' && !style.ShowsOnBlanks ? default : style;
                cells[at] = new Cell(isAscii ? AsciiGlyphs.Of(rune) : rune, null, look, isAscii ? (byte)1 : (byte)columns);
                if (columns == 2)
                {
                    cells[at + 1] = isAscii ? new Cell(new Rune(' '), null, style.ShowsOnBlanks ? style : default, 1) : new Cell(default, null, style, 0);
                }

                at += columns;
            }
        }
    }

    /// <summary>Puts a mark on the character before; of variation selectors nothing is kept, since they make some characters wider on some terminals.</summary>
    private static void PutOn(Span<Cell> cells, int at, Rune mark, bool isAscii)
    {
        int on = at - 1 > 0 && cells[at - 1].Columns == 0 ? at - 2 : at - 1;
        if (on < 0 || mark.Value is (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF))
        {
            return;
        }

        if (isAscii)
        {
            cells[on] = cells[on] with { Rune = new Rune('?') };
        }
        else if (cells[on].Marks is not { } marks || marks.Length < MarksOnOne * 2)
        {
            cells[on] = cells[on] with { Marks = cells[on].Marks + mark.ToString() };
        }
    }
}
