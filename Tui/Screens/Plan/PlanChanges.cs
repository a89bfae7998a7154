using Deploy.Model.Jobs;

namespace Deploy.Tui.Screens.Plan;

/// <summary>The changes of a shape: where each begins in its content, so that of 100,000 only those are read that are seen. New ones first, then changed, deleted, attributes alone.</summary>
internal sealed class PlanChanges
{
    private static readonly ChangeKind[] Kinds = [ChangeKind.New, ChangeKind.Changed, ChangeKind.Deleted, ChangeKind.Attributes];

    private readonly (int Start, int Length)[][] lines;

    private PlanChanges(ShapeContent content, (int, int)[][] lines, bool isWhole) => (Content, this.lines, IsWhole) = (content, lines, isWhole);

    /// <summary>Of which these are.</summary>
    public ShapeContent Content { get; }

    /// <summary>False where it is not as its agent should have written it: what could be read is shown.</summary>
    public bool IsWhole { get; }

    /// <summary>How many there are.</summary>
    /// <param name="isDeletions">Of deletions alone.</param>
    public int Count(bool isDeletions) => isDeletions ? lines[Array.IndexOf(Kinds, ChangeKind.Deleted)].Length : lines.Sum(kind => kind.Length);

    /// <summary>Finds the lines; one pass over the bytes.</summary>
    public static PlanChanges Of(ShapeContent content)
    {
        var found = Kinds.Select(_ => new List<(int, int)>()).ToArray();
        var bytes = content.Bytes.Span;
        bool isWhole = content.Kind == ShapeKind.Changes;
        for (int start = 0, end; isWhole && start < bytes.Length; start = end + 1)
        {
            int length = bytes[start..].IndexOf((byte)'\n');
            end = start + length;
            int tab = length < 0 ? -1 : bytes.Slice(start, length).IndexOf((byte)'\t');
            int kind = tab < 0 || ChangeKinds.Parse(bytes.Slice(start, tab)) is not { } known ? -1 : Array.IndexOf(Kinds, known);
            if (kind < 0)
            {
                isWhole = false;
                break;
            }

            found[kind].Add((start, length));
        }

        return new PlanChanges(content, [.. found.Select(kind => kind.OrderBy(line => line, new ByName(content.Bytes)).ToArray())], isWhole);
    }

    /// <summary>By name, as people look for one; in the content they stand by what is in front of it: the size, the time.</summary>
    private sealed class ByName(ReadOnlyMemory<byte> bytes) : IComparer<(int Start, int Length)>
    {
        public int Compare((int Start, int Length) x, (int Start, int Length) y) => Name(x).SequenceCompareTo(Name(y));

        /// <summary>Behind four tabs; nothing where there are fewer.</summary>
        private ReadOnlySpan<byte> Name((int Start, int Length) line)
        {
            var rest = bytes.Span.Slice(line.Start, line.Length);
            for (int field = 0; field < 4; field++)
            {
                rest = rest[(rest.IndexOf((byte)'\t') + 1)..];
            }

            return rest;
        }
    }

    /// <summary>One of them; null where its line cannot be read.</summary>
    /// <param name="place">From 0.</param>
    /// <param name="isDeletions">Among deletions alone.</param>
    public Change? At(int place, bool isDeletions)
    {
        foreach (var (kind, of) in lines.Zip(Kinds))
        {
            if (isDeletions && of != ChangeKind.Deleted)
            {
                continue;
            }

            if (place < kind.Length)
            {
                var (start, length) = kind[place];
                return Change.TryParse(Content.Bytes.Span.Slice(start, length), out var change) ? change : null;
            }

            place -= kind.Length;
        }

        return null;
    }
}
