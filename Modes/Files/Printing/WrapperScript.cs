using System.Text;
using Deploy.Model.Text;

namespace Deploy.Modes.Files.Printing;

/// <summary>The script that a line of the original's jobs file becomes when only a shell can run it.</summary>
internal static class WrapperScript
{
    /// <summary>The script, <c>#!/bin/sh</c> first; null where the line needs no shell, or where no script could make it safe.</summary>
    /// <remarks>The arguments reach the script as words; what stood for them, <c>%s</c>, becomes <c>"$@"</c>, between quotes <c>$*</c>: the shell never reads them as code.</remarks>
    public static string? Of(string line)
    {
        if (ShellWords.Split(line) is not ShellLine.Split { NeedsShell: not null } split || line.Contains('\0'))
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
}
