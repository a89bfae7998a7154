using Deploy.Model.Jobs;
using Deploy.Model.Text;

namespace Deploy.Output.Folded;

/// <summary>One change as it is shown.</summary>
/// <param name="Sign"><c>+</c> new, <c>~</c> changed, <c>=</c> attributes alone, <c>-</c> deleted.</param>
/// <param name="Name">Safe to print.</param>
internal sealed record ShownChange(char Sign, string Name)
{
    /// <summary>The changes of a shape, one at a time; null where it is none of changes, or not as its agent should have written it.</summary>
    public static IEnumerable<ShownChange>? Of(ShapeContent content)
    {
        var changes = new List<ShownChange>();
        var rest = content.Bytes.Span;
        while (content.Kind == ShapeKind.Changes && !rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)'\n');
            if (end < 0 || !Change.TryParse(rest[..end], out var change))
            {
                return null;
            }

            string name = SafeText.Of(ByteText.FromBytes(change.Name.Span));
            string link = change.Link is { } points ? " -> " + SafeText.Of(ByteText.FromBytes(points.Span)) : string.Empty;
            changes.Add(new ShownChange(SignOf(change.Kind), name + (change.Type == 'd' && name != "." ? "/" : string.Empty) + link));
            rest = rest[(end + 1)..];
        }

        return content.Kind == ShapeKind.Changes ? changes : null;
    }

    private static char SignOf(ChangeKind kind) => kind switch
    {
        ChangeKind.New => '+',
        ChangeKind.Changed => '~',
        ChangeKind.Deleted => '-',
        _ => '=',
    };
}
