using System.Diagnostics.CodeAnalysis;

namespace Deploy.Model.Hosts;

/// <summary>One host, or the hosts of a name with bracket parts; the grammar stands at <see cref="HostReader"/>.</summary>
/// <param name="literals">What stands before, between and behind the bracket parts, a port included; one more than those, each may be empty.</param>
/// <param name="brackets">The bracket parts, <see cref="Limits.HostBrackets"/> at most.</param>
internal sealed class HostPattern(IReadOnlyList<string> literals, IReadOnlyList<HostBracket> brackets)
{
    /// <summary>How many hosts, counted without naming them; what stands twice counts twice. What is over <see cref="Limits.Hosts"/> counts as one more than that.</summary>
    public int Count { get; } = brackets.Aggregate(1, (count, bracket) => (int)Math.Min(Limits.Hosts + 1, count * Math.Min(Limits.Hosts + 1, bracket.Count)));

    /// <summary>Reads exactly one pattern without a port: a key of <c>[hosts]</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out HostPattern? pattern, [NotNullWhen(false)] out HostMistake? mistake)
    {
        pattern = null;
        if (!HostExpression.TryParse(text, ports: false, out var expression, out mistake))
        {
            return false;
        }

        if (expression.Terms is [{ Pattern: { } only }])
        {
            pattern = only;
            return true;
        }

        string what = expression.Terms switch { [] => "no host", [{ Pattern: null }, ..] => "a group or a job", _ => "more than one host or pattern" };
        mistake = new HostMistake(expression.Terms is [{ Pattern: not null }, var second, ..] ? second.Offset : 0, what, "one host or pattern stands here, e.g. web-[01-20]");
        return false;
    }

    /// <summary>The hosts, one at a time; the rightmost bracket part moves first.</summary>
    public IEnumerable<string> Expand()
    {
        IEnumerable<string> hosts = [literals[0]];
        foreach (var (bracket, literal) in brackets.Zip(literals.Skip(1)))
        {
            hosts = hosts.SelectMany(_ => bracket.Numbers(), (start, number) => start + number + literal);
        }

        return hosts;
    }

    /// <summary>True for a host that <see cref="Expand"/> would name; nothing is expanded.</summary>
    public bool Contains(string host) => Find(host) is not null;

    /// <summary>A host as <see cref="Expand"/> would write it; null where it would not name it. Nothing is expanded.</summary>
    /// <param name="host">In whatever case.</param>
    public string? Find(string host) => brackets.Count > 0 ? FindFrom(0, host) : HostName.Comparer.Equals(literals[0], host) ? literals[0] : null;

    /// <summary>What is left of a host against the pattern from a literal on. Digits may follow a bracket part, so every length of its number is tried.</summary>
    private string? FindFrom(int part, ReadOnlySpan<char> rest)
    {
        string literal = literals[part];
        if (!rest.StartsWith(literal, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        rest = rest[literal.Length..];
        if (part == brackets.Count)
        {
            return rest.IsEmpty ? literal : null;
        }

        for (int digits = 1; digits <= Math.Min(rest.Length, Limits.HostDigits) && char.IsAsciiDigit(rest[digits - 1]); digits++)
        {
            if (brackets[part].Contains(rest[..digits]) && FindFrom(part + 1, rest[digits..]) is { } tail)
            {
                return $"{literal}{rest[..digits]}{tail}";
            }
        }

        return null;
    }
}
