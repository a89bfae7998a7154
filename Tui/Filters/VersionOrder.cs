namespace Deploy.Tui.Filters;

/// <summary>The order of versions: numbers by size, a version with letters behind (<c>3.4.0pre1</c>) before the one without.</summary>
internal static class VersionOrder
{
    /// <summary>Below 0 where the left one is older. Never throws, whatever the texts are.</summary>
    public static int Compare(string left, string right)
    {
        ReadOnlySpan<char> mine = left, others = right;
        while (!mine.IsEmpty && !others.IsEmpty)
        {
            var my = Take(ref mine);
            var other = Take(ref others);
            bool bothNumbers = char.IsAsciiDigit(my[0]) && char.IsAsciiDigit(other[0]);
            int order = !bothNumbers ? my.SequenceCompareTo(other) : my.Length != other.Length ? my.Length - other.Length : my.SequenceCompareTo(other);
            if (order != 0)
            {
                return order;
            }
        }

        return Rest(mine) - Rest(others);
    }

    /// <summary>A run of digits without zeros in front, or of other characters.</summary>
    private static ReadOnlySpan<char> Take(ref ReadOnlySpan<char> text)
    {
        bool digits = char.IsAsciiDigit(text[0]);
        int end = digits ? text.IndexOfAnyExceptInRange('0', '9') : text.IndexOfAnyInRange('0', '9');
        var run = end < 0 ? text : text[..end];
        text = text[run.Length..];
        var bare = digits ? run.TrimStart('0') : run;
        return digits && bare.IsEmpty ? run[^1..] : bare;
    }

    /// <summary>What is left over on one side: another number is newer, a letter is not yet the version.</summary>
    private static int Rest(ReadOnlySpan<char> text) => text.IsEmpty ? 0 : char.IsAsciiLetter(text[0]) || text[0] is '-' or '~' ? -1 : 1;
}
