using System.CommandLine;
using System.Globalization;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Model.Text;
using Deploy.Modes;
using Deploy.Modes.Client;
using Deploy.Output;
using Xunit;

namespace Deploy.Tests.Tui.Wishes;

/// <summary>A line of the dashboard, read as a shell and then the client would: nothing is run.</summary>
internal sealed class ParsedCommand
{
    private readonly ParseResult parsed;

    public ParsedCommand(string line)
    {
        var split = Assert.IsType<ShellLine.Split>(ShellWords.Split(line));
        Assert.Null(split.NeedsShell);
        string[] words = [.. split.Words.Select(word => word.Text)];
        Assert.Equal(["deploy", "client"], words[..2]);
        var pages = new Dictionary<Command, HelpPage>();
        var root = new RootCommand { ClientCommand.Create(new Terminal(new StringWriter(), new StringWriter()), TimeProvider.System, pages) };
        parsed = root.Parse(words[1..], new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
        Assert.Empty(parsed.Errors);
        Assert.Empty(parsed.UnmatchedTokens);
    }

    /// <summary>The command's name.</summary>
    public string Name => parsed.CommandResult.Command.Name;

    /// <summary>What stands without an option, in order.</summary>
    public IReadOnlyList<string> Words => [.. parsed.CommandResult.Command.Arguments.SelectMany(argument => parsed.GetResult(argument)?.Tokens.Select(token => token.Value) ?? [])];

    /// <summary>The hosts, expanded.</summary>
    public IReadOnlyList<string> Hosts => HostExpression.TryParse(Value<string>("--hosts") ?? string.Empty, ports: true, out var read, out _) && read.TryResolve(_ => null, out var hosts, out _) ? [.. hosts] : throw new FormatException(Value<string>("--hosts"));

    /// <summary>The rollout; null where none of its options is given.</summary>
    public RolloutSpec? Rollout => new RolloutSpec
    {
        MaxParallel = Value<int?>("--max-parallel"),
        Batches = Value<string>("--batches"),
        Canary = Value<string>("--canary"),
        MaxFailures = Value<string>("--max-failures"),
        PauseAfter = Value<int?>("--pause-after"),
        OnFailure = Value<OnFailure?>("--on-failure"),
        HealthCheck = Value<bool>("--no-health-check") ? false : null,
        DeadlineSeconds = (int?)Value<TimeSpan?>("--deadline")?.TotalSeconds,
    } is var rollout && rollout == new RolloutSpec() ? null : rollout;

    /// <summary>The options that are given.</summary>
    public IReadOnlyList<string> Given => [.. parsed.CommandResult.Command.Options.Concat(parsed.CommandResult.Command.Parents.OfType<Command>().SelectMany(parent => parent.Options)).Where(option => OptionKinds.IsGiven(parsed, option)).Select(option => option.Name).Order(StringComparer.Ordinal)];

    /// <summary>An option's value; its type's own where it is not given, or the command has none such.</summary>
    public T? Value<T>(string option) => parsed.GetResult(option) is null ? default : parsed.GetValue<T>(option);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} {string.Join(' ', Words)}");
}
