namespace Deploy.Model.Hosts;

/// <summary>The order of hosts in lists: by letters, case aside, and where both have digits by number: <c>web-2</c> before <c>web-10</c>.</summary>
/// <remarks>
/// Of two runs of digits the shorter comes first, then the lesser: with equal padding that is the order of numbers, of any length, and names of
/// another padding stay together: 1, 2, 10, 01, 02 is 1, 2, 01, 02, 10. Hosts that are equal but for case are equal here.
/// </remarks>
internal sealed class HostOrder : IComparer<string>
{
    private HostOrder()
    {
    }

    /// <summary>The one order.</summary>
    public static HostOrder Natural { get; } = new();

    public int Compare(string? x, string? y)
    {
        ReadOnlySpan<char> left = x, right = y;
        while (!left.IsEmpty && !right.IsEmpty)
        {
            int mine = Run(left), others = Run(right);
            int order = mine > 0 && others > 0
                ? mine != others ? mine - others : left[..mine].SequenceCompareTo(right[..others])
                : char.ToLowerInvariant(left[0]) - char.ToLowerInvariant(right[0]);
            if (order != 0)
            {
                return order;
            }

            left = left[Math.Max(1, mine)..];
            right = right[Math.Max(1, others)..];
        }

        return left.Length - right.Length;
    }

    /// <summary>How many digits the text starts with.</summary>
    private static int Run(ReadOnlySpan<char> text)
    {
        int end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text.Length : end;
    }
}
