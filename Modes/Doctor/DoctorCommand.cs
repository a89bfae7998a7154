using System.CommandLine;
using System.Text.Json;
using Deploy.Config;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Text;
using Deploy.Modes.Agent;
using Deploy.Modes.Client;
using Deploy.Modes.Client.Selves;
using Deploy.Modes.Files;
using Deploy.Modes.Proxy;
using Deploy.Output;

namespace Deploy.Modes.Doctor;

/// <summary><c>deploy doctor</c>: what is in force, and what is wrong, on this host or on others. Nothing is changed.</summary>
internal static class DoctorCommand
{
    /// <summary>The command, to be put under the root; its help goes to <paramref name="pages"/>.</summary>
    public static Command Create(Terminal terminal, TimeProvider time, Dictionary<Command, HelpPage> pages)
    {
        var options = new ClientOptions();
        var daemonFile = OptionKinds.Text("--daemon-config", "FILE", $"of this host's daemon; otherwise those of {AgentFile.TomlPath} and {ProxyFile.TomlPath}, or of the original, that are there");
        HelpGroup[] groups =
        [
            new("This host", [daemonFile]),
            new("Other hosts", [options.Hosts, options.Via, options.Port, options.Parallel, options.Identity, options.KnownAgents, options.Config]),
            new("Output", [options.Json, options.All]),
        ];
        var command = new Command("doctor", "Look at what is in force: configuration, keys, who may order, rsync and what confines it, clock, space. Of this host; with --hosts or --via what others tell of themselves. Nothing is changed. Exit code 1 where there is a problem.");
        foreach (var option in groups.SelectMany(group => group.Options))
        {
            command.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            bool elsewhere = OptionKinds.IsGiven(parsed, options.Hosts) || OptionKinds.IsGiven(parsed, options.Via);
            if (elsewhere && OptionKinds.IsGiven(parsed, daemonFile))
            {
                throw new UserError("--daemon-config is of this host, and others are named", ExitCodes.Usage, "ask them one after the other");
            }

            IReadOnlyList<(string Subject, IReadOnlyList<Finding> Found)> all = elsewhere
                ? [.. (await new SelfAsking(options, terminal, time).RunAsync(parsed, ClientFile.Load(parsed.GetValue(options.Config)), cancellationToken)).Select(answer => (answer.Host, RemoteFindings.Of(answer)))]
                : await HereAsync(parsed.GetValue(daemonFile));
            if (parsed.GetValue(options.Json))
            {
                terminal.Out.WriteLine(Json(all, elsewhere));
            }
            else
            {
                Print(terminal, all, elsewhere);
            }

            return all.Any(one => one.Found.Any(finding => finding.Grade == Grade.Problem)) ? ExitCodes.Failed : ExitCodes.Ok;
        });
        pages[command] = new HelpPage("deploy doctor [--hosts LIST|--via PROXY] [OPTION...]")
        {
            Groups = groups,
            Examples =
            [
                ("deploy doctor", "this host, as root: its agent, its proxy"),
                ("deploy doctor --hosts 'web-[001-040]'", "what forty agents tell; equal hosts are one block"),
                ("deploy doctor --via proxy-01 --json", "a proxy, for a program"),
            ],
        };
        return command;
    }

    /// <summary>This host's daemons.</summary>
    /// <exception cref="UserError">None is configured.</exception>
    private static async Task<IReadOnlyList<(string Subject, IReadOnlyList<Finding> Found)>> HereAsync(string? named)
    {
        var look = new DaemonFindings(Surroundings.HostName);
        var all = new List<(string, IReadOnlyList<Finding>)>();
        (string Path, bool IsProxy)[] places = named is null ? [(AgentFile.Find(null), false), (ProxyFile.Find(null), true)] : [(Path.GetFullPath(named), RegularFile.Read(named) is FileContent.Read content && FileKinds.Tell(named, content.Bytes.Span) == FileKind.Proxy)];
        foreach (var (path, isProxy) in places.Where(place => named is not null || File.Exists(place.Path)))
        {
            string daemon = isProxy ? "proxy" : "agent";
            var found = new List<Finding>();
            if (look.Read(path, isProxy, found) is { } settings)
            {
                found.AddRange(DaemonFindings.Of(settings, daemon));
                found.AddRange(await HostFindings.OfAsync(settings, daemon));
            }

            found.Add(HostFindings.Clock());
            all.Add((daemon, found));
        }

        return all.Count > 0 ? all : throw new UserError(
            $"no daemon is configured on this host: there is neither {AgentFile.TomlPath}, {AgentFile.LegacyPath}, {ProxyFile.TomlPath} nor {ProxyFile.LegacyPath}",
            ExitCodes.Failed,
            "set one up: deploy agent init, deploy proxy init; or ask others: deploy doctor --hosts web-001");
    }

    private static void Print(Terminal terminal, IReadOnlyList<(string Subject, IReadOnlyList<Finding> Found)> all, bool areHosts)
    {
        foreach (var same in all.GroupBy(one => string.Join('\n', one.Found)))
        {
            string[] subjects = [.. same.Select(one => one.Subject)];
            terminal.Out.WriteLine($"{(areHosts ? SafeText.Of(HostFold.Fold(subjects)) : string.Join(", ", subjects))}:");
            int width = same.First().Found.Max(finding => finding.About.Length);
            foreach (var finding in same.First().Found)
            {
                terminal.Out.WriteLine($"  {finding.Word,-7}  {finding.About.PadRight(width)}  {finding.What}");
            }
        }
    }

    private static string Json(IReadOnlyList<(string Subject, IReadOnlyList<Finding> Found)> all, bool areHosts) => SelfAnswer.Written(writer =>
    {
        writer.WriteStartArray(areHosts ? "hosts" : "daemons");
        foreach (var (subject, found) in all)
        {
            writer.WriteStartObject();
            writer.WriteString(areHosts ? "host" : "daemon", subject);
            writer.WriteStartArray("findings");
            foreach (var finding in found)
            {
                writer.WriteStartObject();
                writer.WriteString("grade", finding.Word);
                writer.WriteString("about", finding.About);
                writer.WriteString("what", finding.What);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });
}
