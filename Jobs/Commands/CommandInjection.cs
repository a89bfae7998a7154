namespace Deploy.Jobs.Commands;

/// <summary>
/// Finds templates that would let a request write code: no shell stands between, but the program may be one. Such entries are never run
/// (the original ran them; shell injection is what we do not reproduce).
/// </summary>
/// <remarks>
/// What counts is where the arguments go. As the program, or as the program of a wrapper (<c>sudo %s</c>): never. To an interpreter: only behind an operand
/// of the operator's own, its script or its code, because before that the request could pass <c>-c</c> itself. To a program that takes commands anywhere
/// (<c>ssh</c>, <c>su</c>, <c>xargs</c>): never. This is a list of known programs: what others make of their options is the operator's to know.
/// </remarks>
internal static class CommandInjection
{
    /// <summary>What is wrong with handing the arguments to word <paramref name="slot"/>, one phrase; null when nothing is known to be.</summary>
    public static string? Find(IReadOnlyList<string> words, int slot)
    {
        int program = 0;
        while (program < slot && Interpreters.WrapperOf(Name(words[program])) is { } wrapper)
        {
            program = InnerProgram(words, program, wrapper, slot);
        }

        if (program >= slot)
        {
            return slot == 0 ? "a request would name the program" : $"a request would name the program that '{words[0]}' runs";
        }

        // `/etc/init.d/ssh %s` and `service ssh %s` name a service.
        if (Interpreters.TakesServiceNames(words[program]))
        {
            return null;
        }

        for (int at = program; at < slot; at++)
        {
            string name = Name(words[at]);
            if (Interpreters.TakesCommandsAnywhere(name))
            {
                return $"'{words[at]}' could take a request's arguments for a command";
            }

            // As an argument of something else, `node` and `php` are as likely the name of a thing: there only code itself counts.
            if (Interpreters.FamilyOf(name) is { } family
                && Reaches(words, at, slot, family) is { } reach
                && (reach == Reach.Code || at == program || !Interpreters.IsAmbiguous(name)))
            {
                return reach == Reach.Code
                    ? $"'{words[at]}' would take a request's arguments for code"
                    : $"a request could name the script of '{words[at]}' or give it options";
            }
        }

        return null;
    }

    /// <summary>What the arguments can be to an interpreter.</summary>
    private enum Reach
    {
        Code,
        ScriptOrOption,
    }

    /// <summary>What the word at <paramref name="slot"/> can be to the interpreter at <paramref name="at"/>; null when an operand before it has settled what runs.</summary>
    private static Reach? Reaches(IReadOnlyList<string> words, int at, int slot, InterpreterFamily family)
    {
        bool code = false;
        for (int i = at + 1; i < slot; i++)
        {
            string word = words[i];
            if (word == "--")
            {
                if (code && !family.CodeIsOperand)
                {
                    return null;
                }

                return i + 1 < slot ? null : code ? Reach.Code : Reach.ScriptOrOption;
            }

            if (!family.IsOption(word))
            {
                return null;
            }

            switch (family.Meaning(word))
            {
                case OptionMeaning.Code when family.CodeIsOperand:
                    code = true;
                    break;
                case OptionMeaning.Code:
                    code = true;
                    i++;
                    break;
                case OptionMeaning.TakesNext:
                    i++;
                    if (i == slot)
                    {
                        return Reach.ScriptOrOption;
                    }

                    break;
                default:
                    break;
            }

            if (i == slot)
            {
                return Reach.Code;
            }

            if (code && family.CodeEndsOptions && !family.CodeIsOperand)
            {
                return null;
            }
        }

        return code && family.CodeIsOperand ? Reach.Code : Reach.ScriptOrOption;
    }

    /// <summary>Index of the program that a wrapper starts; <paramref name="slot"/> or more when a request could name it.</summary>
    private static int InnerProgram(IReadOnlyList<string> words, int at, Wrapper wrapper, int slot)
    {
        int operands = wrapper.OperandsBefore;
        for (int i = at + 1; i < slot; i++)
        {
            string word = words[i];
            if (word.StartsWith('-'))
            {
                // A long option may take the next word; which ones do is not worth a table: `--user=x` says it.
                bool takesNext = word.StartsWith("--", StringComparison.Ordinal)
                    ? word.Length > 2 && !word.Contains('=', StringComparison.Ordinal)
                    : InterpreterFamily.TakesNext(word, wrapper.ValueLetters);
                i += takesNext ? 1 : 0;
            }
            else if (wrapper.TakesAssignments && word.Contains('=', StringComparison.Ordinal))
            {
                continue;
            }
            else if (operands-- == 0)
            {
                return i;
            }
        }

        return slot;
    }

    /// <summary>The last part of a path.</summary>
    private static string Name(string word) => word[(word.LastIndexOf('/') + 1)..];
}
