using System.Text;
using Deploy.Model.Text;

namespace Deploy.Jobs.Commands;

/// <summary>The command line of an exec entry, split into words once; a request's arguments are put in as words and never read as anything else.</summary>
/// <remarks>
/// The first <c>%s</c> stands for the arguments as <c>"$@"</c> does in a shell: <c>[%s]</c> with a and b gives <c>[a</c> and <c>b]</c>; a word that is only
/// <c>%s</c> vanishes without arguments. Inside quotes the arguments are joined by blanks into that one word. A second <c>%s</c> gets nothing, <c>%%</c> is
/// <c>%</c>, <c>%</c> before anything else is itself. Without <c>%s</c> arguments are dropped. On the original's wire empty arguments vanish: its shell dropped them.
/// <para>Unlike the original, on purpose: <c>%d</c> and <c>% d</c> are text (there, sprintf of Perl took an argument for them: <c>100% done</c> became <c>100 0one</c>,
/// <c>date +%%Y-%d %s</c> swallowed its argument), and <c>~</c>, <c>?</c>, line breaks and backslashes in an argument mean nothing.</para>
/// </remarks>
internal sealed class CommandTemplate : CommandForm
{
    /// <summary>The characters before which the original put a backslash in arguments. // original: Agent.pm exec</summary>
    private const string Escaped = ";<>*|`&$!#()[]{}'\"";

    private readonly string line;
    private readonly IReadOnlyList<Word> words;

    private CommandTemplate(string line, IReadOnlyList<Word> words)
    {
        this.line = line;
        this.words = words;
    }

    private enum Slot
    {
        None,

        /// <summary>Each argument is a word.</summary>
        Words,

        /// <summary>The arguments are one piece of a quoted word.</summary>
        Joined,
    }

    /// <summary>Index of the word that takes the arguments, -1 for none.</summary>
    internal int SlotIndex => words.ToList().FindIndex(word => word.Slot != Slot.None);

    /// <summary>
    /// The words as <see cref="TypedCommand"/> takes them, null standing for the arguments as words of their own. Null as a whole where the arguments are a part
    /// of a word, or joined in quotes: typed parameters cannot say that.
    /// </summary>
    public IReadOnlyList<string?>? WholeWords() => words.Any(word => word.Slot == Slot.Joined || (word.Slot == Slot.Words && (word.Before.Length > 0 || word.After.Length > 0)))
        ? null
        : [.. words.Where(word => word.Slot == Slot.Words || word.Before.Length > 0 || word.HasQuotes).Select(word => word.Slot == Slot.Words ? null : word.Before)];

    /// <summary>The template of this line; <paramref name="split"/> are its words.</summary>
    internal static CommandTemplate Of(string line, IReadOnlyList<ShellWord> split)
    {
        bool taken = false;
        return new CommandTemplate(line, split.Select(word => Word.Of(word, ref taken)).ToList());
    }

    public override CommandWords With(IReadOnlyList<string> arguments, bool dropsEmpty = false)
    {
        string[] given = [.. arguments.Where(argument => argument.Length > 0 || !dropsEmpty)];
        return Unusable(arguments) ?? (CommandWords)new CommandWords.Ready([.. words.SelectMany(word => word.With(given))]);
    }

    /// <summary>The command line as the original would have written it.</summary>
    public override string LegacyCommandLine(IReadOnlyList<string> arguments, bool dropsEmpty = false)
    {
        var text = new StringBuilder(line.Length);
        bool taken = false;
        for (int at = 0; at < line.Length; at++)
        {
            char next = line[at] == '%' && at + 1 < line.Length ? line[at + 1] : '\0';
            if (next is not ('%' or 's'))
            {
                text.Append(line[at]);
                continue;
            }

            at++;
            if (next == '%')
            {
                text.Append('%');
            }
            else if (!taken)
            {
                taken = true;
                AppendEscaped(text, arguments);
            }
        }

        return text.ToString();
    }

    private static void AppendEscaped(StringBuilder text, IReadOnlyList<string> arguments)
    {
        foreach (char c in string.Join(' ', arguments))
        {
            if (Escaped.Contains(c, StringComparison.Ordinal))
            {
                text.Append('\\');
            }

            text.Append(c);
        }
    }

    /// <summary>One word: text, perhaps the arguments, text. It vanishes when nothing is left of it, unless it had quotes.</summary>
    private sealed record Word(string Before, Slot Slot, string After, bool HasQuotes)
    {
        public static Word Of(ShellWord word, ref bool taken)
        {
            var before = new StringBuilder();
            StringBuilder text = before;
            StringBuilder? after = null;
            var slot = Slot.None;
            var characters = word.Characters;
            for (int at = 0; at < characters.Count; at++)
            {
                // A pair counts only where the two stand side by side on the line, as sprintf of the original saw it.
                char next = characters[at].Value == '%' && at + 1 < characters.Count && characters[at + 1].Column == characters[at].Column + 1
                    ? characters[at + 1].Value
                    : '\0';
                if (next is not ('%' or 's'))
                {
                    text.Append(characters[at].Value);
                    continue;
                }

                if (next == '%')
                {
                    text.Append('%');
                }
                else if (!taken)
                {
                    taken = true;
                    slot = characters[at].Quoting is ShellQuoting.Single or ShellQuoting.Double ? Slot.Joined : Slot.Words;
                    text = after = new StringBuilder();
                }

                at++;
            }

            return new Word(before.ToString(), slot, after?.ToString() ?? string.Empty, word.HasQuotes);
        }

        public IEnumerable<string> With(string[] arguments)
        {
            if (Slot == Slot.Words && arguments.Length > 1)
            {
                return [Before + arguments[0], .. arguments[1..^1], arguments[^1] + After];
            }

            string text = Slot == Slot.None ? Before : Before + string.Join(' ', arguments) + After;
            return text.Length > 0 || HasQuotes || (Slot == Slot.Words && arguments.Length > 0) ? [text] : [];
        }
    }
}
