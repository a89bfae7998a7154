using Deploy.Model;
using Deploy.Model.Hosts;

namespace Deploy.Tui.Wishes;

/// <summary>The command line that does what a wish does.</summary>
internal static class WishCommand
{
    /// <summary><c>deploy rsync site --via proxy01 --hosts web-[001-040]</c>, quoted for a shell.</summary>
    /// <param name="wish">What.</param>
    /// <param name="option">How the daemons are reached; <see cref="State.TuiSetup.Option"/>.</param>
    public static string Of(JobWish wish, string option)
    {
        IEnumerable<string> words = ["deploy", wish.IsPlan ? "plan" : wish.Order.Word(), .. (string?[])[wish.Group, wish.Origin, wish.Target, wish.Command] is var subject ? subject.OfType<string>() : []];
        string hosts = option.StartsWith(" --hosts", StringComparison.Ordinal) ? string.Empty : " --hosts " + Quoted(HostFold.Fold(wish.Hosts));
        string allow = wish.AllowDelete is { } deletions ? $" --allow-delete {deletions}" : string.Empty;
        string arguments = wish.Arguments is { Count: > 0 } given ? " -- " + string.Join(' ', given.Select(Quoted)) : string.Empty;
        return string.Join(' ', words.Select(Quoted)) + option + hosts + allow + arguments;
    }

    private static string Quoted(string word) => word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_./:,@%+=".Contains(letter, StringComparison.Ordinal))
        ? word
        : "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
