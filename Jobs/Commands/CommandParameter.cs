using System.Globalization;
using System.Text.RegularExpressions;

namespace Deploy.Jobs.Commands;

/// <summary>One typed parameter of a command: which arguments it takes.</summary>
/// <param name="Name">Its name, as in <c>{name}</c>.</param>
internal abstract record CommandParameter(string Name)
{
    /// <summary>Longest argument, UTF-16 units; PATH_MAX, linux/limits.h.</summary>
    private const int MaxUnits = 4096;

    /// <summary>What it takes, in a sentence: <c>one of reload, restart</c>.</summary>
    public abstract string Expected { get; }

    /// <summary>True for a value that it takes: not empty (words may be), without control characters, of its kind. Names and paths never begin with '-'; words may, and the program may then take them for options.</summary>
    public bool Takes(string value) => value.Length >= Fewest && value.Length <= MaxUnits && !value.Any(char.IsControl) && IsOne(value);

    /// <summary>UTF-16 units at least.</summary>
    protected virtual int Fewest => 1;

    /// <summary><see cref="Takes"/>, length and control characters being checked.</summary>
    protected abstract bool IsOne(string value);

    /// <summary>One of these words. <c>{ enum = ["reload", "restart"] }</c></summary>
    internal sealed record Choice(string Name, IReadOnlyList<string> Values) : CommandParameter(Name)
    {
        public override string Expected => "one of " + string.Join(", ", Values);

        protected override bool IsOne(string value) => Values.Contains(value, StringComparer.Ordinal);
    }

    /// <summary>A whole number in a range, without a plus and leading zeros. <c>{ int = [1, 100] }</c></summary>
    internal sealed record Whole(string Name, long Least, long Most) : CommandParameter(Name)
    {
        public override string Expected => $"a whole number from {Least} to {Most}";

        protected override bool IsOne(string value) =>
            long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            && number >= Least && number <= Most && number.ToString(CultureInfo.InvariantCulture) == value;
    }

    /// <summary>Letters, digits, '.', '_', '-', '@', not first a '-' or '.': the name of a service, a user, a package. <c>{ name = true }</c></summary>
    internal sealed record Word(string Name) : CommandParameter(Name)
    {
        public override string Expected => "a name of letters, digits, '.', '_', '@' and '-', that begins with a letter or digit";

        protected override bool IsOne(string value) =>
            char.IsAsciiLetterOrDigit(value[0]) && value.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-' or '@');
    }

    /// <summary>A path without '/' in front and without '..'. <c>{ relpath = true }</c></summary>
    internal sealed record RelativePath(string Name) : CommandParameter(Name)
    {
        public override string Expected => "a relative path without empty parts, '.' and '..', that does not begin with '-' or '~'";

        protected override bool IsOne(string value) => value[0] is not ('/' or '-' or '~') && !value.Split('/').Any(part => part is "" or "." or "..");
    }

    /// <summary>The whole value matches; linear in its length. <c>{ regex = "v[0-9.]+" }</c></summary>
    internal sealed record Matching(string Name, string Pattern) : CommandParameter(Name)
    {
        private readonly Regex regex = new($@"\A(?:{Pattern})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

        public override string Expected => $"what matches {Pattern}";

        /// <summary>What is wrong with a pattern, one phrase; null when nothing is.</summary>
        public static string? Problem(string pattern)
        {
            try
            {
                _ = new Regex(pattern, RegexOptions.CultureInvariant); // alone, so that a stray ')' does not close our group
                _ = new Matching(string.Empty, pattern);
                return null;
            }
            catch (ArgumentException error)
            {
                return error.Message;
            }
            catch (NotSupportedException)
            {
                return "it is too large, or has look-around, back references or atomic groups, which are not taken";
            }
        }

        protected override bool IsOne(string value) => regex.IsMatch(value);
    }

    /// <summary>All arguments from here on, each a word of its own, none at all too: what <c>%s</c> alone was in a jobs file. <c>{ words = true }</c></summary>
    internal sealed record Words(string Name) : CommandParameter(Name)
    {
        public override string Expected => "any words";

        protected override int Fewest => 0;

        protected override bool IsOne(string value) => true;
    }
}
