namespace Deploy.Jobs.Commands;

/// <summary>What an exec entry makes of a request's arguments: the words that are started. Two forms: a line with <c>%s</c>, and <c>argv</c> with typed parameters.</summary>
internal abstract class CommandForm
{
    /// <summary>The words to start, or why these arguments are not taken. Each is one word, an empty one too.</summary>
    /// <param name="arguments">As they came.</param>
    /// <param name="dropsEmpty">For the original's wire, where they are parts of a text: empty ones vanish, as in its shell.</param>
    public abstract CommandWords With(IReadOnlyList<string> arguments, bool dropsEmpty = false);

    /// <summary>The command line for showing: what the answer calls <c>command</c>. It is never run.</summary>
    /// <param name="arguments">As they came.</param>
    /// <param name="dropsEmpty">As above.</param>
    public abstract string LegacyCommandLine(IReadOnlyList<string> arguments, bool dropsEmpty = false);

    /// <summary>What is wrong with arguments that no program can be given, whatever the form; null when nothing is.</summary>
    protected static CommandWords.Refused? Unusable(IReadOnlyList<string> arguments) =>
        arguments.Any(argument => argument.Contains('\0')) ? new CommandWords.Refused("an argument holds a NUL, which no program can take") : null;
}

/// <summary>What arguments came to.</summary>
internal abstract record CommandWords
{
    private CommandWords()
    {
    }

    /// <summary>Program first.</summary>
    internal sealed record Ready(IReadOnlyList<string> Argv) : CommandWords;

    /// <param name="Reason">What was expected, one line; it may quote an argument, so it is made safe when printed.</param>
    internal sealed record Refused(string Reason) : CommandWords;
}
