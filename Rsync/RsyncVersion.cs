using Deploy.Model.Text;

namespace Deploy.Rsync;

/// <summary>A version of rsync, and what that version can do (rsync.1 and NEWS.md of rsync).</summary>
/// <param name="Major">e.g. 3.</param>
/// <param name="Minor">e.g. 4.</param>
/// <param name="Patch">e.g. 1; 0 where rsync named none.</param>
internal readonly record struct RsyncVersion(int Major, int Minor, int Patch) : IComparable<RsyncVersion>
{
    /// <summary>The oldest that deploy works with: 3.0.0.</summary>
    public static readonly RsyncVersion Oldest = new(3, 0, 0);

    private const int LongestNumber = 4; // digits of one part; a longer one is no version of rsync

    /// <summary>Has <c>--info</c> and <c>--outbuf</c> (3.1.0).</summary>
    public bool HasInfo => CompareTo(new RsyncVersion(3, 1, 0)) >= 0;

    /// <summary>Reads the first line of <c>rsync --version</c>, e.g. <c>rsync  version 3.4.1  protocol version 32</c>; a <c>v</c> before the number is allowed.</summary>
    public static bool TryParse(string firstLine, out RsyncVersion version)
    {
        version = default;
        string[] words = firstLine.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 3 || words[0] != "rsync" || words[1] != "version")
        {
            return false;
        }

        ReadOnlySpan<char> rest = words[2].AsSpan().TrimStart('v');
        Span<int> parts = stackalloc int[3];
        int count = 0;
        while (count < parts.Length)
        {
            int digits = rest.IndexOfAnyExceptInRange('0', '9');
            digits = digits < 0 ? rest.Length : digits;
            if (digits is 0 or > LongestNumber)
            {
                break;
            }

            parts[count++] = int.Parse(rest[..digits], System.Globalization.CultureInfo.InvariantCulture);
            rest = rest[digits..];
            if (rest.IsEmpty || rest[0] != '.')
            {
                break;
            }

            rest = rest[1..];
        }

        version = new RsyncVersion(parts[0], parts[1], parts[2]);
        return count >= 2;
    }

    /// <summary>What stands in <c>rsync --version</c> below <c>Capabilities:</c>, parted by commas, up to the next line that is not set in; empty where there is none.</summary>
    public static IReadOnlyList<string> Capabilities(string text) =>
    [
        .. text.Split('\n').SkipWhile(line => line.TrimEnd() != "Capabilities:").Skip(1).TakeWhile(line => line.StartsWith(' '))
            .SelectMany(line => line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Select(word => SafeText.Of(word)),
    ];

    public int CompareTo(RsyncVersion other) => (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));

    public static bool operator <(RsyncVersion left, RsyncVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(RsyncVersion left, RsyncVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(RsyncVersion left, RsyncVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(RsyncVersion left, RsyncVersion right) => left.CompareTo(right) >= 0;

    public override string ToString() => $"{Major}.{Minor}.{Patch}";
}
