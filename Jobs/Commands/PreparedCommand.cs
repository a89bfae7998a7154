using Deploy.Model.Text;

namespace Deploy.Jobs.Commands;

/// <summary>What a command's name and an order's arguments come to, before anything is started.</summary>
internal abstract record PreparedCommand
{
    private const int MaxReasonUnits = 1000; // a reason may quote an argument, and lists what was expected

    private PreparedCommand()
    {
    }

    /// <summary>Looks it up and checks its arguments.</summary>
    /// <param name="rules">Those in force.</param>
    /// <param name="name">The command's.</param>
    /// <param name="arguments">As they came.</param>
    /// <param name="dropsEmpty">As <see cref="CommandForm.With"/> has it.</param>
    public static PreparedCommand Of(AgentRules rules, string name, IReadOnlyList<string> arguments, bool dropsEmpty = false)
    {
        if (!rules.Commands.TryGetValue(name, out var command))
        {
            return new Unknown(name);
        }

        if (command.Form is not { } form)
        {
            string disabled = command.DisabledReason ?? "it is disabled";
            return new Refused(disabled, disabled, command.Line);
        }

        string line = form.LegacyCommandLine(arguments, dropsEmpty);
        var taken = form.With(arguments, dropsEmpty);
        if (taken is not CommandWords.Ready { Argv: var words })
        {
            string reason = SafeText.Of(((CommandWords.Refused)taken).Reason, MaxReasonUnits);
            return new Refused(reason, $"{name}: {reason}", line);
        }

        return new Ready(words, line, command.Timeout ?? rules.MaxCommandTime);
    }

    /// <summary>No command of that name.</summary>
    internal sealed record Unknown(string Name) : PreparedCommand
    {
        public const string Reason = "no such command";
    }

    /// <param name="Reason">Why it does not run, one line, safe to print.</param>
    /// <param name="Shown">The same, with the command's name where the arguments were wrong.</param>
    /// <param name="Line">As <see cref="CommandForm.LegacyCommandLine"/>.</param>
    internal sealed record Refused(string Reason, string Shown, string Line) : PreparedCommand;

    /// <param name="Argv">Program first.</param>
    /// <param name="Line">As <see cref="CommandForm.LegacyCommandLine"/>.</param>
    /// <param name="Most">Longest time it may run.</param>
    internal sealed record Ready(IReadOnlyList<string> Argv, string Line, TimeSpan Most) : PreparedCommand;
}
