namespace Deploy.Output.Live;

/// <summary>Lines at the end of a terminal that are written over until they are erased. What stood above them stays as it is; behind every call the cursor stands below them, in the first column.</summary>
/// <param name="output">The terminal.</param>
internal sealed class LiveBlock(TextWriter output)
{
    private IReadOnlyList<string> shown = [];

    /// <summary>Puts these lines in the place of those before.</summary>
    /// <param name="lines">None wider than the terminal; plain text.</param>
    /// <param name="width">The terminal's columns now: where it has become narrower, what stands there has been broken into more lines.</param>
    public void Draw(IReadOnlyList<string> lines, int width)
    {
        if (lines.Count > 0 || shown.Count > 0)
        {
            output.Write(Up(width) + string.Concat(lines.Select(line => line + "\e[K\n")) + "\e[J"); // as one, so that nothing of another writer comes between
            output.Flush();
        }

        shown = lines;
    }

    /// <summary>Writes lines that stay, above the block.</summary>
    public void Say(IEnumerable<string> lines, int width)
    {
        output.Write(Up(width) + "\e[J" + string.Concat(lines.Select(line => line + "\n")) + string.Concat(shown.Select(line => line + "\e[K\n")));
        output.Flush();
    }

    private string Up(int width)
    {
        int rows = shown.Sum(line => Math.Max(1, (line.EnumerateRunes().Count() + width - 1) / Math.Max(1, width)));
        return rows > 0 ? $"\r\e[{rows}A" : "\r";
    }
}
