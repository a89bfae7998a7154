using System.Text;
using Deploy.Jobs.Commands;
using Deploy.Model.Text;

namespace Deploy.Modes.Files.Printing;

/// <summary>The script that a line of the original's jobs file becomes when only a shell can run it.</summary>
internal static class WrapperScript
{
    /// <summary>The script, <c>#!/bin/sh</c> first; null where the line needs no shell, or where <see cref="Refusal"/> says why there is none.</summary>
    /// <remarks>
    /// The arguments reach the script as words; what stood for them, <c>%s</c>, becomes <c>"$@"</c>, between quotes <c>$*</c>. This shell reads them as no code;
    /// that no program behind it does is for <see cref="ScriptSafety"/> to say.
    /// </remarks>
    public static string? Of(string line)
    {
        if (ShellWords.Split(line) is not ShellLine.Split { NeedsShell: not null } split || Refusal(line) is not null)
        {
            return null;
        }

        var quoting = split.Words.SelectMany(word => word.Characters).ToDictionary(character => character.Column, character => character.Quoting);
        var script = new StringBuilder("#!/bin/sh\n");
        bool taken = false;
        for (int at = 0; at < line.Length; at++)
        {
            char next = line[at] == '%' && at + 1 < line.Length ? line[at + 1] : '\0';
            if (next is not ('%' or 's'))
            {
                script.Append(line[at]);
                continue;
            }

            if (next == '%')
            {
                script.Append('%');
            }
            else if (!taken)
            {
                taken = true;
                script.Append(quoting.GetValueOrDefault(at + 1) switch
                {
                    ShellQuoting.Double => "$*",
                    ShellQuoting.Single => "'\"$*\"'",
                    _ => "\"$@\"",
                });
            }

            at++;
        }

        return script.Append('\n').ToString();
    }

    /// <summary>Why a line that needs a shell becomes no script, one phrase that is safe to print; null for any other line.</summary>
    public static string? Refusal(string line) => ShellWords.Split(line) is not ShellLine.Split { NeedsShell: not null } split ? null
        : SafeText.Of(line, SafeTextKeep.Tab) != line ? "it holds characters that cannot be printed as they are"
        : ScriptSafety.Refusal(line, split) is { } why ? SafeText.Of(why)
        : null;

    /// <summary>Whether arguments have a place on this line.</summary>
    public static bool TakesArguments(string line) => ShellWords.Split(line) is ShellLine.Split split && CommandTemplate.Of(line, split.Words).SlotIndex >= 0;
}
