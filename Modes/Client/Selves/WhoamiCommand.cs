using System.CommandLine;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Text;
using Deploy.Modes.Client.Following;
using Deploy.Output;

namespace Deploy.Modes.Client.Selves;

/// <summary><c>deploy client whoami</c>: whom daemons take the asker for, and what that one may.</summary>
/// <param name="context">What it works with.</param>
internal sealed class WhoamiCommand(ClientContext context)
{
    private readonly ClientOptions options = context.Options;

    /// <summary>The command, for the client's.</summary>
    public Command Create()
    {
        var command = new Command("whoami", "Ask hosts, or a proxy, whom they take you for, and what you may order there.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            options.RefuseLegacyForm(parsed);
            options.RefuseOthers(command, context.Pages, parsed);
            var file = ClientFile.Load(parsed.GetValue(options.Config));
            var answers = await new SelfAsking(options, context.Terminal, context.Time).RunAsync(parsed, file, cancellationToken);
            if (options.Showing(parsed, context.Terminal, file.Output ?? Printing.Text).As == ShowAs.Json)
            {
                context.Terminal.Out.WriteLine(SelfAnswer.Written(writer =>
                {
                    writer.WriteStartArray("hosts");
                    foreach (var answer in answers)
                    {
                        answer.WriteTo(writer);
                    }

                    writer.WriteEndArray();
                }));
            }
            else
            {
                Print(context.Terminal, answers);
            }

            return SelfAnswer.ExitOf(answers);
        });
        context.Pages[command] = new HelpPage("deploy client whoami --hosts LIST|--via PROXY [OPTION...]")
        {
            Groups =
            [
                new HelpGroup("Hosts", [options.Hosts, options.Via, options.Port, options.Parallel]),
                new HelpGroup("Output", [options.Json, options.NoColor, options.Debug]),
                new HelpGroup("Configuration", [options.Identity, options.KnownAgents, options.Config]),
            ],
            Examples =
            [
                ("deploy client whoami --hosts 'web-[001-040]'", "with which key, and what it may; equal answers are one block"),
                ("deploy client whoami --via proxy-01", "the same at a proxy"),
            ],
        };
        return command;
    }

    private static void Print(Terminal terminal, IReadOnlyList<SelfAnswer> answers)
    {
        foreach (var same in answers.Where(one => one.Self is not null).GroupBy(one => string.Join('\n', Lines(one))))
        {
            terminal.Out.WriteLine($"{SafeText.Of(HostFold.Fold(same.Select(one => one.Host)))}: {same.Key}");
        }

        foreach (var same in answers.Where(one => one.Self is null).GroupBy(one => (one.Error, one.Hint)))
        {
            terminal.WriteError($"{SafeText.Of(HostFold.Fold(same.Select(one => one.Host)))}: {same.Key.Error}", same.Key.Hint);
        }
    }

    private static IEnumerable<string> Lines(SelfAnswer answer)
    {
        var self = answer.Self!;
        yield return self.Who is { } who ? SafeText.Of(who, 80) : "nobody that it has a name for";
        yield return $"  key       {(self.Key is { } key ? SafeText.Of(key, 80) : "none: neither TLS nor signature is asked of programs of that host")}";
        yield return $"  may       {SafeText.Of(string.Join(", ", self.May), 200)}";
        if (self.MayGroups is { } groups)
        {
            yield return $"  groups    {SafeText.Of(groups, 400)}";
        }

        if (self.MayCommands is { } commands)
        {
            yield return $"  commands  {SafeText.Of(commands, 400)}";
        }

        yield return $"  {SafeText.Of(self.Daemon, 20),-8}  deploy {SafeText.Of(self.Version, 40)}";
    }
}
