using System.Globalization;
using Deploy.Model.Jobs;

namespace Deploy.Api.V1.Routes;

/// <summary>Some of a shape's content, to be read; whoever checks its digest takes the bytes.</summary>
internal sealed record ShapePage
{
    private const int LinesPerPage = 1000;

    public required string Digest { get; init; }

    /// <summary><c>changes</c> or <c>output</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Of changes: each of them.</summary>
    public IReadOnlyList<ShapeChange>? Changes { get; init; }

    /// <summary>In place of <see cref="Changes"/> where a line of the page is none that is known here: the lines as they stand.</summary>
    public IReadOnlyList<string>? Lines { get; init; }

    /// <summary>For the next page; null where this is the last.</summary>
    public string? Cursor { get; init; }

    /// <summary>Of an output: the command's exit code.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Of an output: UTF-8 as it came, what is none replaced.</summary>
    public string? Stdout { get; init; }

    /// <summary>The same.</summary>
    public string? Stderr { get; init; }

    /// <summary>The page at a cursor, which is the place of its first byte; null for a place that there is not.</summary>
    public static ShapePage? Of(string digest, ShapeContent content, string? cursor)
    {
        int at = 0;
        if (cursor is not null && (!int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out at) || at >= content.Bytes.Length || at == 0 || content.Bytes.Span[at - 1] != '\n' || content.Kind != ShapeKind.Changes))
        {
            return null;
        }

        return content.Kind == ShapeKind.Changes ? OfChanges(digest, content.Bytes.Span, at) : OfOutput(digest, content);
    }

    private static ShapePage OfChanges(string digest, ReadOnlySpan<byte> bytes, int at)
    {
        var lines = new List<string>();
        var changes = new List<ShapeChange>();
        while (at < bytes.Length && lines.Count < LinesPerPage)
        {
            int length = bytes[at..].IndexOf((byte)'\n') is >= 0 and var end ? end : bytes.Length - at;
            var line = bytes.Slice(at, length);
            lines.Add(ShapeChange.Shown(line));
            if (ShapeChange.Of(line) is { } change)
            {
                changes.Add(change);
            }

            at += length + 1;
        }

        bool parsed = changes.Count == lines.Count;
        return new ShapePage { Digest = digest, Kind = "changes", Changes = parsed ? changes : null, Lines = parsed ? null : lines, Cursor = at < bytes.Length ? at.ToString(CultureInfo.InvariantCulture) : null };
    }

    private static ShapePage OfOutput(string digest, ShapeContent content)
    {
        var output = CommandOutput.Read(content);
        return new ShapePage
        {
            Digest = digest,
            Kind = "output",
            ExitCode = output?.ExitCode,
            Stdout = output is null ? null : CommandOutput.Text(output.Out),
            Stderr = output is null ? null : CommandOutput.Text(output.Error),
        };
    }
}
