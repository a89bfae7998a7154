namespace Deploy.Jobs.Commands;

/// <summary>What an option of an interpreter does with the words behind it.</summary>
internal enum OptionMeaning
{
    Plain,

    /// <summary>The next word is its value.</summary>
    TakesNext,

    /// <summary>Code follows.</summary>
    Code,
}

/// <summary>How a family of interpreters reads its command line, as far as it decides what code runs.</summary>
internal sealed record InterpreterFamily
{
    /// <summary>Short options that say that code follows.</summary>
    public required string CodeLetters { get; init; }

    /// <summary>Short options with a value, in the same word or the next.</summary>
    public string ValueLetters { get; init; } = string.Empty;

    /// <summary>The code is the first operand, wherever that stands (<c>sh -c -x CODE</c>), not the option's value.</summary>
    public bool CodeIsOperand { get; init; }

    /// <summary>Behind the code nothing is an option any more (<c>python -c CODE -x</c>); elsewhere it is (<c>perl -e CODE -e MORE</c>).</summary>
    public bool CodeEndsOptions { get; init; }

    /// <summary>True for a word that begins as an option does; <c>+x</c> is one to a shell, a single dash settles nothing.</summary>
    public bool IsOption(string word) => word.StartsWith('-') || (CodeIsOperand && word.StartsWith('+'));

    /// <summary>What this option does, clusters of letters included.</summary>
    public OptionMeaning Meaning(string option)
    {
        if (option.StartsWith("--", StringComparison.Ordinal))
        {
            return option is "--eval" or "--print" or "--execute" or "--source" or "--run" or "--command" or "--init-command" or "--process-code" ? OptionMeaning.Code
                : option is "--rcfile" or "--init-file" or "--require" or "--import" or "--loader" or "--experimental-loader" or "--file" or "--include" or "--load"
                    or "--assign" or "--define" or "--field-separator" or "--conditions" or "--env-file" ? OptionMeaning.TakesNext
                : OptionMeaning.Plain;
        }

        for (int at = 1; at < option.Length; at++)
        {
            if (CodeLetters.Contains(option[at], StringComparison.Ordinal))
            {
                // Code in the same word (perl -eCODE) is the operator's own; a flag (sh -c) stands anywhere in its cluster.
                return CodeIsOperand || at == option.Length - 1 ? OptionMeaning.Code : OptionMeaning.Plain;
            }

            if (ValueLetters.Contains(option[at], StringComparison.Ordinal))
            {
                return at == option.Length - 1 ? OptionMeaning.TakesNext : OptionMeaning.Plain;
            }
        }

        return OptionMeaning.Plain;
    }

    /// <summary>True when the first of these letters in a cluster of short options stands at its end, so that its value is the next word.</summary>
    public static bool TakesNext(string option, string valueLetters)
    {
        int at = option.AsSpan(1).IndexOfAny(valueLetters);
        return at >= 0 && at == option.Length - 2;
    }
}

/// <summary>A program that starts the program named behind it.</summary>
/// <param name="ValueLetters">Its short options with a value.</param>
/// <param name="OperandsBefore">Operands that stand before the program.</param>
/// <param name="TakesAssignments">Whether <c>NAME=value</c> may stand before the program.</param>
internal sealed record Wrapper(string ValueLetters, int OperandsBefore = 0, bool TakesAssignments = false);
