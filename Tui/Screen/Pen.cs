using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Deploy.Tui.Screen;

/// <summary>Makes the bytes that a terminal takes (ECMA-48, as xterm and its heirs have it), and knows where the cursor stands and which style is set, so that neither is said twice.</summary>
internal sealed class Pen
{
    private readonly ArrayBufferWriter<byte> bytes = new(256);
    private Style style;
    private int column = Unknown;
    private int row = Unknown;

    private const int Unknown = -1;

    /// <summary>All of it, so far.</summary>
    public ReadOnlyMemory<byte> Bytes => bytes.WrittenMemory;

    /// <summary>The column at which the next character lands; -1 where that is not sure.</summary>
    public int Column => column;

    /// <summary>As <see cref="Column"/>.</summary>
    public int Row => row;

    /// <summary>Nothing is known of the terminal any more: all of it is cleared, the cursor in its corner.</summary>
    public void Clear()
    {
        Put("\e[m\e[H\e[2J"u8);
        (style, column, row) = (default, 0, 0);
    }

    /// <summary>Puts the cursor on a place, by the shortest of a few ways.</summary>
    public void MoveTo(int toColumn, int toRow)
    {
        if (row == toRow && column == toColumn)
        {
            return;
        }

        if (row == toRow && column != Unknown && toColumn > column)
        {
            Sequence(toColumn - column, 'C');
        }
        else if (row == toRow && toColumn == 0)
        {
            Put("\r"u8);
        }
        else if (row != Unknown && toRow == row + 1 && toColumn == 0)
        {
            Put("\r\n"u8); // never on the last row, so it scrolls nothing
        }
        else if (toColumn == 0)
        {
            Sequence(toRow + 1, 'H');
        }
        else
        {
            Put("\e["u8);
            Number(toRow + 1);
            Put(";"u8);
            Number(toColumn + 1);
            Put("H"u8);
        }

        (column, row) = (toColumn, toRow);
    }

    /// <summary>Writes a cell where the cursor is; right halves of wide characters are not written.</summary>
    /// <param name="cell">Which.</param>
    /// <param name="columns">The terminal's: at its edge the cursor's place is not sure.</param>
    public void Write(Cell cell, int columns)
    {
        Set(cell.Style);
        Span<byte> utf8 = bytes.GetSpan(4);
        bytes.Advance(cell.Rune.EncodeToUtf8(utf8));
        if (cell.Marks is { } marks)
        {
            Encoding.UTF8.GetBytes(marks, bytes);
        }

        column += cell.Columns;
        if (!cell.IsSure)
        {
            (column, row) = (Unknown, Unknown);
        }
        else if (column >= columns)
        {
            column = Unknown; // the last column: it stands on it or behind it, but in this row
        }
    }

    /// <summary>Clears the row from the cursor on.</summary>
    public void ClearRest()
    {
        Set(default);
        Put("\e[K"u8);
    }

    /// <summary>Shows the cursor or hides it.</summary>
    public void Show(bool isSeen) => Put(isSeen ? "\e[?25h"u8 : "\e[?25l"u8);

    /// <summary>Changes the style, saying only what changes where that is shorter.</summary>
    public void Set(Style to)
    {
        if (to == style)
        {
            return;
        }

        Put("\e["u8);
        bool isAnew = (style.Weight & ~to.Weight) != 0 || to == default;
        var before = isAnew ? default : style;
        var parameters = new SgrParameters(this, isAnew && to != default);
        for (int bit = 0; bit < Codes.Length; bit++)
        {
            var weight = (Weight)(1 << bit);
            if ((to.Weight & weight) != 0 && (before.Weight & weight) == 0)
            {
                parameters.Add(Codes[bit]);
            }
        }

        if (to.Colour != before.Colour)
        {
            parameters.Add(to.ColourCode);
        }

        Put("m"u8);
        style = to;
    }

    /// <summary>SGR of <see cref="Weight.Bold"/>, <see cref="Weight.Dim"/>, <see cref="Weight.Underline"/>, <see cref="Weight.Reverse"/>.</summary>
    private static ReadOnlySpan<byte> Codes => [1, 2, 4, 7];

    private void Sequence(int number, char final)
    {
        Put("\e["u8);
        if (number != 1)
        {
            Number(number);
        }

        bytes.GetSpan(1)[0] = (byte)final;
        bytes.Advance(1);
    }

    private void Number(int number)
    {
        _ = Utf8Formatter.TryFormat(number, bytes.GetSpan(11), out int written);
        bytes.Advance(written);
    }

    private void Put(ReadOnlySpan<byte> some) => bytes.Write(some);

    /// <summary>The numbers of one SGR sequence, with semicolons between them; the first is 0 where all before is undone.</summary>
    private ref struct SgrParameters(Pen pen, bool isAnew)
    {
        private bool needsSemicolon = isAnew; // "0" may be left out in front of ";"

        public void Add(int code)
        {
            if (needsSemicolon)
            {
                pen.Put(";"u8);
            }

            pen.Number(code);
            needsSemicolon = true;
        }
    }
}
