namespace Deploy.Tui.Screen;

/// <summary>What a terminal is to show: pure, made by the views, made into bytes by the screen.</summary>
/// <param name="Columns">The terminal's.</param>
/// <param name="Rows">The terminal's; the lines behind the last one are empty.</param>
/// <param name="Lines">From the top; none wider than the terminal.</param>
internal sealed record Picture(int Columns, int Rows, IReadOnlyList<Line> Lines)
{
    /// <summary>Where the terminal's cursor stands, column and row from 0; null hides it.</summary>
    public (int Column, int Row)? Cursor { get; init; }
}

/// <summary>One line of a picture: pieces of text, from the left. What is behind the last one is empty.</summary>
internal sealed class Line
{
    public static readonly Line Empty = new([]);

    private readonly IReadOnlyList<Span> spans;

    public Line(IReadOnlyList<Span> spans) => this.spans = spans;

    public IReadOnlyList<Span> Spans => spans;

    /// <summary>Without roles, for exports and golden files; no blanks at the end.</summary>
    public string Text => string.Concat(spans.Select(span => span.Text)).TrimEnd(' ');
}

/// <summary>A piece of text of one role.</summary>
/// <param name="Text">One line. Whatever would move a terminal is neutralised when it is made into a line (<see cref="LineMaker"/>).</param>
/// <param name="Role">What it is.</param>
internal readonly record struct Span(string Text, Role Role);
