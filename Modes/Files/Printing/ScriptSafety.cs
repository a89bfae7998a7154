using System.Text;
using Deploy.Jobs.Commands;
using Deploy.Model.Text;

namespace Deploy.Modes.Files.Printing;

/// <summary>Says whether a line that only a shell can run stays safe as a script whose arguments are a request's.</summary>
/// <remarks>
/// The line is parted at <c>; &amp; |</c> into simple commands, redirections taken out. The command that gets the arguments is judged by <see cref="CommandInjection"/>;
/// the others must not run what they are given or read. What this cannot judge (expansions, groups, words of the shell's own) is refused.
/// </remarks>
internal sealed class ScriptSafety
{
    private readonly List<SimpleCommand> commands = [new()];
    private bool isTarget; // the next word is what a redirection opens
    private bool taken; // the first %s was met: later ones stand for nothing
    private string? why;

    private ScriptSafety()
    {
    }

    /// <summary>Why arguments at this line's <c>%s</c> could become code or name files, one phrase; null when nothing known could, or when it has no <c>%s</c>.</summary>
    /// <param name="line">The line.</param>
    /// <param name="split">Its words.</param>
    public static string? Refusal(string line, ShellLine.Split split) => CommandTemplate.Of(line, split.Words).SlotIndex < 0 ? null
        : split.Needs.FirstOrDefault(need => need.Kind is not (ShellNeedKind.Operator or ShellNeedKind.Builtin)) is { } need ? $"beside '{need.What}' at column {need.Column} a request's arguments are not known to be safe"
        : line.Contains('\n') ? "it has a line break"
        : new ScriptSafety().Judge(split.Words);

    private string? Judge(IReadOnlyList<ShellWord> words)
    {
        foreach (var word in words)
        {
            Part(word);
        }

        return why ?? commands.Select(Judge).FirstOrDefault(found => found is not null);
    }

    private static string? Judge(SimpleCommand command)
    {
        if (command.Words is not [var first, ..])
        {
            return null;
        }

        if (first.Contains('=') || (ShellBuiltins.Contains(first) && first is not ("cd" or ":")))
        {
            return $"behind '{first}', which is the shell's own, a request's arguments are not known to be safe";
        }

        if (command.Words.FirstOrDefault(word => TakesScripts(Name(word))) is { } taker)
        {
            return $"'{taker}' could take a request's arguments for code";
        }

        if (command.Slot >= 0)
        {
            // A shell's own test and printf may evaluate `-v 'a[$(…)]'`, and the directory of cd may hold the programs that follow.
            return CommandInjection.Find(command.Words, command.Slot)
                ?? (first is "test" or "[" or "cd" || (first == "printf" && (command.Slot == 1 || command.Words[1].StartsWith('-'))) ? $"'{first}' could take a request's arguments for more than text" : null);
        }

        return command.Words.FirstOrDefault(word => Runs(Name(word))) is { } runner ? $"'{runner}' could run what a request's arguments lead to" : null;
    }

    /// <summary>Puts the parts of this word into commands: unquoted operators end words.</summary>
    private void Part(ShellWord word)
    {
        var text = new StringBuilder();
        bool isThere = word.Characters.Count == 0, holds = false;
        for (int at = 0; at < word.Characters.Count; at++)
        {
            var (value, column, quoting) = word.Characters[at];
            if (quoting == ShellQuoting.None && value is ';' or '&' or '|' or '<' or '>')
            {
                bool redirects = value is '<' or '>';
                End(text, isThere && !(redirects && IsNumber(text)), holds);
                (isThere, holds) = (false, false);
                bool continues = at > 0 && word.Characters[at - 1] is { Quoting: ShellQuoting.None, Value: '<' or '>' } before && before.Column == column - 1; // >& >| >>
                if (redirects || continues)
                {
                    isTarget = true;
                }
                else
                {
                    commands.Add(new SimpleCommand());
                    isTarget = false;
                }

                continue;
            }

            if (quoting == ShellQuoting.None && (value is '(' or ')' or '{' or '}' || (value == '#' && !isThere)))
            {
                why ??= $"beside '{value}' at column {column} a request's arguments are not known to be safe";
            }

            isThere = true;
            char next = value == '%' && at + 1 < word.Characters.Count && word.Characters[at + 1].Column == column + 1 ? word.Characters[at + 1].Value : '\0';
            if (next == 's')
            {
                holds |= !taken;
                taken = true;
                why ??= quoting == ShellQuoting.Backslash || (at > 0 && word.Characters[at - 1].Value == '\\') ? $"a backslash stands before %s at column {column}" : null;
                at++;
            }
            else
            {
                text.Append(value);
                at += next == '%' ? 1 : 0;
            }
        }

        End(text, isThere, holds);
    }

    private void End(StringBuilder text, bool isThere, bool holds)
    {
        if (isThere && isTarget)
        {
            isTarget = false;
            why ??= holds ? "a request would name a file that the shell opens" : null;
        }
        else if (isThere)
        {
            var command = commands[^1];
            command.Slot = holds ? command.Words.Count : command.Slot;
            command.Words.Add(text.ToString());
        }

        text.Clear();
    }

    private static bool IsNumber(StringBuilder text) => text.Length > 0 && text.ToString().All(char.IsAsciiDigit);

    /// <summary>The last part of a path.</summary>
    private static string Name(string word) => word[(word.LastIndexOf('/') + 1)..];

    /// <summary>Programs and words of a shell that take code from arguments, files or their input, beside those of <see cref="Interpreters"/>.</summary>
    private static bool TakesScripts(string name) => name is "eval" or "exec" or "." or "source" or "trap" or "command" or "builtin" or "at" or "batch" or "crontab"
        or "ed" or "ex" or "vi" or "vim" or "m4" or "make" or "tclsh" or "sqlite3" or "mysql" or "psql";

    private static bool Runs(string name) => Interpreters.FamilyOf(name) is not null || Interpreters.TakesCommandsAnywhere(name) || Interpreters.WrapperOf(name) is not null;

    /// <summary>The words of one command, the program first, and which of them takes the arguments; -1 for none.</summary>
    private sealed class SimpleCommand
    {
        public List<string> Words { get; } = [];

        public int Slot { get; set; } = -1;
    }
}
