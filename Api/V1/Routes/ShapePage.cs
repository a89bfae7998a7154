using System.Globalization;
using System.Text;
using Deploy.Model.Jobs;
using Deploy.Model.Text;

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

        return content.Kind == ShapeKind.Changes ? OfChanges(digest, content.Bytes.Span, at) : OfOutput(digest, content.Bytes.Span);
    }

    private static ShapePage OfChanges(string digest, ReadOnlySpan<byte> bytes, int at)
    {
        var lines = new List<string>();
        var changes = new List<ShapeChange>();
        while (at < bytes.Length && lines.Count < LinesPerPage)
        {
            int length = bytes[at..].IndexOf((byte)'\n') is >= 0 and var end ? end : bytes.Length - at;
            var line = bytes.Slice(at, length);
            lines.Add(Shown(line));
            if (Change.TryParse(line, out var change))
            {
                changes.Add(new ShapeChange(change.Kind.Word(), $"{change.Type}", Shown(change.Name.Span))
                {
                    Size = change.Size,
                    Time = change.Time.Length > 0 ? change.Time : null,
                    Link = change.Link is { } link ? Shown(link.Span) : null,
                });
            }

            at += length + 1;
        }

        bool parsed = changes.Count == lines.Count;
        return new ShapePage { Digest = digest, Kind = "changes", Changes = parsed ? changes : null, Lines = parsed ? null : lines, Cursor = at < bytes.Length ? at.ToString(CultureInfo.InvariantCulture) : null };
    }

    /// <summary>What is no UTF-8, or would not print, made visible.</summary>
    private static string Shown(ReadOnlySpan<byte> bytes) => SafeText.Of(ByteText.FromBytes(bytes));

    /// <summary><c>exit N</c>, <c>stdout N</c> and so many bytes, <c>stderr N</c> and so many bytes.</summary>
    private static ShapePage OfOutput(string digest, ReadOnlySpan<byte> rest)
    {
        int? exit = Number(ref rest, "exit ");
        string? stdout = Text(ref rest, "stdout ");
        string? stderr = Text(ref rest, "stderr ");
        return new ShapePage { Digest = digest, Kind = "output", ExitCode = exit, Stdout = stdout, Stderr = stderr };
    }

    private static int? Number(ref ReadOnlySpan<byte> rest, string word)
    {
        int end = rest.IndexOf((byte)'\n');
        if (end < 0 || Encoding.Latin1.GetString(rest[..end]) is var line && !line.StartsWith(word, StringComparison.Ordinal))
        {
            return null;
        }

        rest = rest[(end + 1)..];
        return int.TryParse(line.AsSpan(word.Length), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : null;
    }

    private static string? Text(ref ReadOnlySpan<byte> rest, string word)
    {
        if (Number(ref rest, word) is not { } length || length < 0 || length > rest.Length)
        {
            return null;
        }

        string text = Encoding.UTF8.GetString(rest[..length]);
        rest = rest[length..];
        return text;
    }
}

/// <summary>One change, to be read; see <see cref="Change"/>.</summary>
/// <param name="Kind">Its word: new, changed, attributes, deleted.</param>
/// <param name="Type">One letter: f, d, L, h, D, S, or - where rsync does not say.</param>
/// <param name="Name">Below the target; what would not print made visible.</param>
internal sealed record ShapeChange(string Kind, string Type, string Name)
{
    /// <summary>Bytes of a file.</summary>
    public long? Size { get; init; }

    /// <summary>When it was changed at the origin.</summary>
    public string? Time { get; init; }

    /// <summary>What a link points to.</summary>
    public string? Link { get; init; }
}
