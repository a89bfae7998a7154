using Deploy.Model.Text;

namespace Deploy.Jobs.Commands;

/// <summary>An entry of the exec list, as a jobs file has it, <c>name = command %s</c>, or as TOML has it. Either it can run, or it says why not.</summary>
internal sealed record CommandEntry
{
    private const string NextStep = "write a small script with this line in it and name that script here";

    public required string Name { get; init; }

    /// <summary>The command line as written; of argv, its words with blanks between.</summary>
    public required string Line { get; init; }

    /// <summary>What runs; null exactly when <see cref="DisabledReason"/> is set.</summary>
    public CommandForm? Form { get; init; }

    /// <summary>Longest time it may run; null is the agent's own. // ours</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Why it does not run and what to do about it, safe to print; null when it runs.</summary>
    public string? DisabledReason { get; init; }

    /// <summary>Where on <see cref="Line"/> the reason stands, 1-based; 1 when it runs.</summary>
    public int DisabledColumn { get; init; } = 1;

    /// <summary>The entry for this line. A line that needs a shell, or that would let a request write code, gives a disabled one. Never throws.</summary>
    public static CommandEntry Parse(string name, string line)
    {
        if (line.Contains('\0'))
        {
            return Disabled(name, line, line.IndexOf('\0', StringComparison.Ordinal) + 1, "a NUL byte cannot stand in a command");
        }

        var words = ShellWords.Split(line);
        if (words is ShellLine.Unterminated open)
        {
            return Disabled(name, line, open.Column, $"the quote {open.Quote} at column {open.Column} never closes: close it");
        }

        var split = (ShellLine.Split)words;
        if (split.NeedsShell is { } need)
        {
            return Disabled(name, line, need.Column, $"{Describe(need)}, and none is ever started: {NextStep}");
        }

        if (split.Words is [] or [{ Text: "" }, ..])
        {
            return Disabled(name, line, 1, "it names no program");
        }

        var template = CommandTemplate.Of(line, split.Words);
        int slot = template.SlotIndex;
        return slot >= 0 && CommandInjection.Find(split.Words.Select(word => word.Text).ToList(), slot) is { } injection
            ? Disabled(name, line, split.Words[slot].Column, $"{injection}: write a small script that checks its arguments and name that script here")
            : new CommandEntry { Name = name, Line = line, Form = template };
    }

    private static CommandEntry Disabled(string name, string line, int column, string reason) =>
        new() { Name = name, Line = line, DisabledReason = SafeText.Of(reason), DisabledColumn = column };

    private static string Describe(ShellNeed need) => need.Kind switch
    {
        ShellNeedKind.Builtin => $"'{need.What}' at column {need.Column} is a word of the shell's own, no program: it needs a shell",
        ShellNeedKind.Assignment => $"the assignment '{need.What}' at column {need.Column} needs a shell",
        _ when need.What == "\n" => $"the line break at column {need.Column} needs a shell",
        _ => $"'{need.What}' at column {need.Column} needs a shell",
    };
}
