namespace Deploy.Tui.Screen;

/// <summary>
/// From one frame to the next: only runs of cells that changed are written, and in one piece. Nothing is ever written behind the last column, and no row below the last
/// is touched, so nothing scrolls. Pure: the terminal is taken to show the frame before, in its own colours at the end, the cursor anywhere.
/// </summary>
internal static class FrameDiff
{
    /// <summary>So many unchanged columns between two runs are written over rather than jumped: a jump is 4 bytes.</summary>
    private const int JumpColumns = 4;

    /// <summary>So many blanks at the end of a row are written; more are cleared in one go.</summary>
    private const int BlanksWritten = 3;

    /// <summary>What makes <paramref name="after"/> of <paramref name="before"/>; empty where they are alike.</summary>
    /// <param name="before">What the terminal shows; null where that is not known, e.g. after a resize: then all of it is drawn.</param>
    /// <param name="after">What it is to show.</param>
    public static ReadOnlyMemory<byte> Between(Frame? before, Frame after)
    {
        var pen = new Pen();
        bool isAnew = before is null || before.Columns != after.Columns || before.Rows != after.Rows;
        if (isAnew)
        {
            pen.Clear();
        }

        var known = isAnew ? Frame.Blank(after.Columns, after.Rows) : before!;
        Span<bool> changed = after.Columns <= 1024 ? stackalloc bool[after.Columns] : new bool[after.Columns];
        for (int row = 0; row < after.Rows; row++)
        {
            if (Compare(known.Row(row), after.Row(row), changed))
            {
                WriteRow(pen, row, after.Row(row), changed);
            }
        }

        bool wrote = pen.Bytes.Length > 0;
        pen.Set(default);
        var was = isAnew ? null : known.Cursor;
        if (after.Cursor is var (column, line) && (wrote || was != after.Cursor))
        {
            pen.MoveTo(column, line);
        }

        if (isAnew || was is null != after.Cursor is null)
        {
            pen.Show(after.Cursor is not null);
        }

        return pen.Bytes;
    }

    /// <summary>Which columns have to be written: those that differ, and with half of a wide character, before or after, always the other half.</summary>
    private static bool Compare(ReadOnlySpan<Cell> before, ReadOnlySpan<Cell> after, Span<bool> changed)
    {
        bool any = false;
        for (int at = 0; at < after.Length; at++)
        {
            changed[at] = before[at] != after[at];
            any |= changed[at];
        }

        if (any)
        {
            // Wide characters of before and after may overlap in a chain: once from either side reaches all of it.
            for (int at = 0; at + 1 < after.Length; at++)
            {
                Join(before, after, changed, at);
            }

            for (int at = after.Length - 2; at >= 0; at--)
            {
                Join(before, after, changed, at);
            }
        }

        return any;
    }

    private static void Join(ReadOnlySpan<Cell> before, ReadOnlySpan<Cell> after, Span<bool> changed, int at)
    {
        if (before[at].IsWide || after[at].IsWide)
        {
            changed[at] = changed[at + 1] = changed[at] || changed[at + 1];
        }
    }

    private static void WriteRow(Pen pen, int row, ReadOnlySpan<Cell> cells, ReadOnlySpan<bool> changed)
    {
        int tail = cells.Length;
        while (tail > 0 && cells[tail - 1] == Cell.Blank)
        {
            tail--;
        }

        bool clears = changed[tail..].Count(true) > BlanksWritten;
        for (int at = 0; at < cells.Length; at++)
        {
            if (!changed[at] || cells[at].Columns == 0)
            {
                continue;
            }

            if (clears && at >= tail)
            {
                pen.MoveTo(at, row);
                pen.ClearRest();
                return;
            }

            if (pen.Row == row && pen.Column > 0 && pen.Column < at && at - pen.Column <= JumpColumns && IsPlainGap(cells[(pen.Column - 1)..at]))
            {
                for (int gap = pen.Column; gap < at; gap++)
                {
                    pen.Write(cells[gap], cells.Length);
                }
            }

            pen.MoveTo(at, row);
            pen.Write(cells[at], cells.Length);
        }
    }

    /// <summary>Whether writing these, behind the first that was just written, costs a byte each.</summary>
    private static bool IsPlainGap(ReadOnlySpan<Cell> cells)
    {
        foreach (var cell in cells[1..])
        {
            if (!cell.IsSure || cell.Rune.Value > '~' || cell.Style != cells[0].Style)
            {
                return false;
            }
        }

        return true;
    }
}
