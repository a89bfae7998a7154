using System.Text;

namespace Deploy.Jobs.Commands;

/// <summary>A command as <c>argv</c> with typed parameters: <c>["/usr/bin/systemctl", "{verb}", "nginx.service"]</c>.</summary>
/// <remarks>
/// <c>{name}</c>, letters, digits, '_' and '-', stands for a parameter; <c>{{</c> is <c>{</c>, any other brace is itself. A request's arguments are taken in the order
/// in which parameters first stand in argv; all must be there and no more, but for a parameter of words, which takes the rest. Each is checked before anything is started.
/// </remarks>
internal sealed class TypedCommand : CommandForm
{
    private readonly List<IReadOnlyList<Piece>> argv;
    private readonly IReadOnlyList<CommandParameter> parameters;

    private TypedCommand(List<IReadOnlyList<Piece>> argv, IReadOnlyList<CommandParameter> parameters) => (this.argv, this.parameters) = (argv, parameters);

    /// <summary>In the order in which a request gives them.</summary>
    public IReadOnlyList<CommandParameter> Parameters => parameters;

    /// <summary>argv as a file has it, program first, parameters in braces.</summary>
    public IReadOnlyList<string> Written => [.. argv.Select(word => string.Concat(word.Select(piece => piece.IsName ? $"{{{piece.Text}}}" : Escape(piece.Text))))];

    /// <summary>Text as a word of argv that names no parameter by it.</summary>
    public static string Escape(string text) => text.Replace("{", "{{", StringComparison.Ordinal);

    /// <summary>The names in braces of one word of argv, in order.</summary>
    public static IEnumerable<string> NamesIn(string word) => Pieces(word).Where(piece => piece.IsName).Select(piece => piece.Text);

    /// <summary>The command of these words; every name in them is the name of a parameter, and a parameter of words is a word alone, the last to be named.</summary>
    /// <param name="words">argv as written, program first.</param>
    /// <param name="declared">The parameters by name.</param>
    public static TypedCommand Of(IReadOnlyList<string> words, IReadOnlyDictionary<string, CommandParameter> declared) =>
        new([.. words.Select(word => (IReadOnlyList<Piece>)Pieces(word).ToList())], [.. words.SelectMany(NamesIn).Distinct(StringComparer.Ordinal).Select(name => declared[name])]);

    public override CommandWords With(IReadOnlyList<string> arguments, bool dropsEmpty = false)
    {
        if (Unusable(arguments) is { } unusable)
        {
            return unusable;
        }

        bool takesRest = parameters is [.., CommandParameter.Words];
        int single = parameters.Count - (takesRest ? 1 : 0);

        // An empty argument is an argument: what follows it must not move into its place. On the original's wire a comma with nothing behind it, and words, drop it.
        string[] given = !dropsEmpty ? [.. arguments] : arguments is [""] ? [] : [.. arguments.Where((argument, at) => argument.Length > 0 || at < single || !takesRest)];
        if (given.Length < single || (given.Length > single && !takesRest))
        {
            return new CommandWords.Refused($"it takes {single} argument{(single == 1 ? string.Empty : "s")}{(takesRest ? " and more" : string.Empty)}{Listed()}, and {given.Length} came");
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int at = 0; at < given.Length; at++)
        {
            var parameter = parameters[Math.Min(at, parameters.Count - 1)];
            if (!parameter.Takes(given[at]))
            {
                return new CommandWords.Refused($"argument '{given[at]}' is not taken: {parameter.Name} is {parameter.Expected}");
            }

            values.TryAdd(parameter.Name, given[at]);
        }

        return new CommandWords.Ready([.. argv.SelectMany(word => takesRest && word is [{ IsName: true } only] && only.Text == parameters[^1].Name
            ? given[single..]
            : [string.Concat(word.Select(piece => piece.IsName ? values[piece.Text] : piece.Text))])]);
    }

    /// <summary>What is started, or where that is refused what stands in the configuration.</summary>
    public override string LegacyCommandLine(IReadOnlyList<string> arguments, bool dropsEmpty = false) => With(arguments, dropsEmpty) is CommandWords.Ready ready
        ? string.Join(' ', ready.Argv)
        : string.Join(' ', argv.Select(word => string.Concat(word.Select(piece => piece.IsName ? "{" + piece.Text + "}" : piece.Text))));

    private string Listed() => parameters.Count == 0 ? string.Empty : $" ({string.Join(", ", parameters.Select(parameter => $"{parameter.Name}: {parameter.Expected}"))})";

    private static IEnumerable<Piece> Pieces(string word)
    {
        var text = new StringBuilder();
        for (int at = 0; at < word.Length; at++)
        {
            int end = word[at] == '{' ? NameEnd(word, at + 1) : at;
            if (end > at + 1 && word[at] == '{')
            {
                if (text.Length > 0)
                {
                    yield return new Piece(text.ToString(), false);
                    text.Clear();
                }

                yield return new Piece(word[(at + 1)..end], true);
                at = end;
            }
            else
            {
                text.Append(word[at]);
                at += word[at] == '{' && at + 1 < word.Length && word[at + 1] == '{' ? 1 : 0;
            }
        }

        if (text.Length > 0)
        {
            yield return new Piece(text.ToString(), false);
        }
    }

    /// <summary>Where the closing brace of a name stands that begins here; 0 when there is no name.</summary>
    private static int NameEnd(string word, int begin)
    {
        int end = begin;
        while (end < word.Length && (char.IsAsciiLetterOrDigit(word[end]) || word[end] is '_' or '-'))
        {
            end++;
        }

        return end > begin && end < word.Length && word[end] == '}' ? end : 0;
    }

    /// <summary>Text as it stands, or the name of a parameter.</summary>
    private readonly record struct Piece(string Text, bool IsName);
}
