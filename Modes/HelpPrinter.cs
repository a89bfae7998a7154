using System.CommandLine;
using System.CommandLine.Invocation;
using System.Text;
using Deploy.Output;

namespace Deploy.Modes;

/// <summary>Options that belong together.</summary>
internal sealed record HelpGroup(string Title, IReadOnlyList<Option> Options);

/// <summary>What one command's help says beside its description.</summary>
internal sealed record HelpPage(string Usage)
{
    public IReadOnlyList<HelpGroup> Groups { get; init; } = [];

    /// <summary>Command lines, each with what it does.</summary>
    public IReadOnlyList<(string Line, string What)> Examples { get; init; } = [];
}

/// <summary>Prints help: options in groups, then examples. A command without a page of its own gets one made of its options.</summary>
internal sealed class HelpPrinter(Terminal terminal, IReadOnlyDictionary<Command, HelpPage> pages) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        terminal.Out.Write(Render(parseResult.CommandResult.Command));
        return 0;
    }

    /// <summary>The help of one command.</summary>
    public string Render(Command command)
    {
        var page = pages.TryGetValue(command, out var own) ? own : new HelpPage($"deploy {command.Name} [OPTION...]")
        {
            Groups = [new HelpGroup("Options", [.. command.Options])],
        };
        var text = new StringBuilder();
        text.Append("usage: ").Append(page.Usage).Append("\n\n").Append(command.Description).Append('\n');
        Table(text, "Commands", [.. command.Subcommands.Where(sub => !sub.Hidden).Select(sub => (sub.Name, sub.Description ?? string.Empty))]);
        Table(text, "Arguments", [.. command.Arguments.Select(argument => (argument.HelpName ?? argument.Name, argument.Description ?? string.Empty))]);
        foreach (var group in page.Groups)
        {
            Table(text, group.Title, [.. group.Options.Where(option => !option.Hidden).Select(option => (Left(option), option.Description ?? string.Empty))]);
        }

        Table(text, "Examples", [.. page.Examples]);
        return text.ToString();
    }

    private static string Left(Option option) =>
        string.Join(", ", option.Aliases.Prepend(option.Name).Distinct()) + (option.HelpName is { } value ? " " + value : string.Empty);

    private static void Table(StringBuilder text, string title, IReadOnlyList<(string Left, string Right)> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        int width = rows.Max(row => row.Left.Length);
        text.Append('\n').Append(title).Append(":\n");
        foreach (var (left, right) in rows)
        {
            text.Append("  ").Append(left.PadRight(width)).Append("  ").Append(right).Append('\n');
        }
    }
}
