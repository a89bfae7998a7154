using System.CommandLine;
using System.CommandLine.Parsing;
using Deploy.Model;
using Deploy.Model.Text;

namespace Deploy.Modes.Client.Ordering;

/// <summary>The arguments of an order, checked.</summary>
internal static class Words
{
    /// <summary>A group, or an origin and a target.</summary>
    /// <exception cref="UserError">They are neither.</exception>
    public static IReadOnlyList<string> Sync(ParseResult parsed, string[] what)
    {
        RefuseMistypedOptions(parsed, what);
        if (what.Length == 2 && !(what[1].StartsWith('/') && what[0].Contains(':', StringComparison.Ordinal)))
        {
            throw new UserError(
                $"'{SafeText.Of(what[0])}' and '{SafeText.Of(what[1])}' are no origin and target",
                ExitCodes.Usage,
                "say one GROUP, or an origin host::module/path and a target from / on; hosts are parted by commas: --hosts A,B");
        }

        return what;
    }

    /// <summary>A command and its arguments.</summary>
    /// <exception cref="UserError">One is a mistyped option.</exception>
    public static IReadOnlyList<string> Exec(ParseResult parsed, string[] words)
    {
        RefuseMistypedOptions(parsed, words);
        return words;
    }

    /// <summary>As the original's protocol has a sync. A group stands as it is: it may be the legacy <c>ORIGIN,TARGET</c> itself.</summary>
    public static string SyncText(IReadOnlyList<string> what) => what.Count == 1 ? what[0] : Joined(what);

    /// <summary>As the original's protocol has words.</summary>
    /// <exception cref="UserError">It cannot have them.</exception>
    public static string Joined(IReadOnlyList<string> words) =>
        words.Skip(1).Any(word => word.Length == 0)
            ? throw new UserError("an argument is empty, and this wire drops such", ExitCodes.Usage, "nothing was sent: the agent would not have seen it; v1 carries it")
            : words.FirstOrDefault(word => word.AsSpan().IndexOfAny(',', '|') >= 0) is { } odd
            ? throw new UserError($"'{SafeText.Of(odd)}' holds ',' or '|', which part arguments on this wire", ExitCodes.Usage, "nothing was sent: the agent would have taken it for two")
            : string.Join(',', words);

    /// <summary>Refuses words that v1 cannot carry as they are. // RFC 8259 8.1: JSON is UTF-8</summary>
    /// <param name="words">Null is none.</param>
    /// <exception cref="UserError">One is not UTF-8.</exception>
    public static void RefuseBytes(IEnumerable<string?> words)
    {
        if (words.FirstOrDefault(word => word is not null && !ByteText.IsWhole(word)) is { } odd)
        {
            throw new UserError($"'{SafeText.Of(odd, 200)}' is not UTF-8, which v1 does not carry", ExitCodes.Usage, "nothing was sent: it would have become another name; an order about such a name goes by the original's protocol: a key, or --legacy");
        }
    }

    /// <summary>The parser takes an option that it does not know for an argument: a mistyped one must not become a target directory.</summary>
    private static void RefuseMistypedOptions(ParseResult parsed, string[] words)
    {
        var tokens = parsed.Tokens;
        int dashes = tokens.TakeWhile(token => token.Type != TokenType.DoubleDash).Count();
        int meant = Math.Max(0, tokens.Count - dashes - 1); // what stands behind `--` is meant
        if (words.SkipLast(meant).FirstOrDefault(word => word.StartsWith('-')) is { } mistyped)
        {
            throw new UserError($"'{SafeText.Of(mistyped)}' is no option here", ExitCodes.Usage, "see --help; an argument that starts with a dash stands behind --");
        }
    }
}
