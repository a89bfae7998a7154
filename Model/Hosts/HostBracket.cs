using System.Globalization;

namespace Deploy.Model.Hosts;

/// <summary>The numbers of one bracket part, as they are written: <c>[1-3,7,09-12]</c>.</summary>
/// <param name="Ranges">At least one; they may overlap.</param>
internal sealed record HostBracket(IReadOnlyList<HostRange> Ranges)
{
    /// <summary>How many numbers; those that stand twice count twice.</summary>
    public long Count => Ranges.Sum(range => (long)range.High - range.Low + 1);

    /// <summary>Digits of the longest number.</summary>
    public int Digits => Ranges.Max(range => range.Text(range.High).Length);

    /// <summary>Every number, from left to right, one at a time.</summary>
    public IEnumerable<string> Numbers() => Ranges.SelectMany(range => Enumerable.Range(range.Low, range.High - range.Low + 1).Select(range.Text));

    /// <summary>True where these digits are one of the numbers, zeros in front included.</summary>
    public bool Contains(ReadOnlySpan<char> digits)
    {
        for (int i = 0; i < Ranges.Count; i++)
        {
            if (Ranges[i].Contains(digits))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>One number, or the numbers from one to another.</summary>
/// <param name="Low">The first, 0 or more.</param>
/// <param name="High">The last, not less than <paramref name="Low"/>.</param>
/// <param name="Width">Digits that each number has at least, by zeros in front: 2 for 08-12, 1 for what has no such zeros.</param>
internal readonly record struct HostRange(int Low, int High, int Width)
{
    /// <summary>A number of the range as it stands in a name.</summary>
    public string Text(int number) => number.ToString(CultureInfo.InvariantCulture).PadLeft(Width, '0');

    /// <summary>True for the text of a number of the range.</summary>
    public bool Contains(ReadOnlySpan<char> digits) =>
        digits.Length >= Width && (digits.Length == Width || digits[0] != '0')
        && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= Low && number <= High;
}
