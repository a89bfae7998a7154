using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Deploy.Modes.Files.Checking;
using Deploy.Config;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Modes.Agent;
using Deploy.Output;

namespace Deploy.Modes.Files;

/// <summary><c>deploy check</c>: says everything that is wrong with configuration files, before they are in force.</summary>
internal static class CheckCommand
{
    /// <summary>The command, to be put under the root; its help goes to <paramref name="pages"/>.</summary>
    public static Command Create(Terminal terminal, Dictionary<Command, HelpPage> pages)
    {
        var files = new Argument<string[]>("FILE") { Description = "files to check; none means those that the modes would read on this host", Arity = ArgumentArity.ZeroOrMore };
        var kind = KindOption();
        var strict = new Option<bool>("--strict") { Description = "warnings count as errors" };
        var json = new Option<bool>("--json") { Description = "print one JSON document" };
        var command = new Command("check", "Check configuration files: every mistake, and what will hurt on this host. Nothing is changed.") { files, kind, strict, json };
        command.SetAction(parsed =>
        {
            var checker = new FileChecker(RegularFile.Read, Surroundings.HostName, AgentCommand.FromEnvironment());
            var given = parsed.GetValue(files) is { Length: > 0 } named ? named : ConfiguredFiles.OnThisHost();
            var reports = given.Select(path => checker.Check(path, ParseKind(parsed.GetValue(kind)))).ToList();
            if (parsed.GetValue(json))
            {
                PrintJson(terminal, reports, parsed.GetValue(strict));
            }
            else
            {
                reports.ForEach(report => Print(terminal, report));
            }

            return reports.Exists(report => report.Errors.Count > 0 || (parsed.GetValue(strict) && report.Warnings.Count > 0)) ? ExitCodes.Configuration : ExitCodes.Ok;
        });
        pages[command] = new HelpPage("deploy check [OPTION...] [FILE...]")
        {
            Groups = [new HelpGroup("Options", [kind, strict, json])],
            Examples =
            [
                ("deploy check", "what the modes would read on this host"),
                ("deploy check agent.toml", "before it is copied to /etc/deploy"),
                ("deploy check --strict --json deploy_agent.ini", "for programs: exit code 78 where anything is wrong"),
            ],
        };
        return command;
    }

    /// <summary>The option <c>--as</c>.</summary>
    public static Option<string?> KindOption() => new("--as") { Description = $"what a file configures, where that cannot be told: {FileKinds.Known}", HelpName = "KIND" };

    /// <summary>What <c>--as</c> says; null for nothing.</summary>
    /// <exception cref="UserError">No kind.</exception>
    public static FileKind? ParseKind(string? word) => word is null ? null
        : FileKinds.TryParse(word, out var kind) ? kind
        : throw new UserError($"--as takes {FileKinds.Known}, not '{SafeText.Of(word)}'", ExitCodes.Usage);

    private static void Print(Terminal terminal, FileReport report)
    {
        foreach (var error in report.Errors)
        {
            terminal.WriteError(error.ToString());
        }

        foreach (var warning in report.Warnings)
        {
            terminal.WriteWarning(warning.ToString());
        }

        string what = report.Kind is { } kind ? $" ({kind.Word()}{(report.Holds.Length > 0 ? ": " + report.Holds : string.Empty)})" : string.Empty;
        terminal.Out.WriteLine(SafeText.Of(report.Path) + what + ": " + (report.Errors.Count + report.Warnings.Count == 0 ? "ok" : $"{Counted.Of(report.Errors.Count, "error")}, {Counted.Of(report.Warnings.Count, "warning")}"));
    }

    private static void PrintJson(Terminal terminal, IReadOnlyList<FileReport> reports, bool strict)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteStartArray("files");
            foreach (var report in reports)
            {
                json.WriteStartObject();
                json.WriteString("file", SafeText.Of(report.Path));
                json.WriteString("kind", report.Kind?.Word());
                json.WriteBoolean("ok", report.Errors.Count == 0 && !(strict && report.Warnings.Count > 0));
                Findings(json, "errors", report.Errors.Select(error => (error.Position, error.What)));
                Findings(json, "warnings", report.Warnings.Select(warning => (warning.Position, warning.What)));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        terminal.Out.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.ToArray()));
    }

    private static void Findings(Utf8JsonWriter json, string name, IEnumerable<(Position Position, string What)> found)
    {
        json.WriteStartArray(name);
        foreach (var (position, what) in found)
        {
            json.WriteStartObject();
            json.WriteString("file", SafeText.Of(position.File));
            json.WriteNumber("line", position.Line);
            json.WriteNumber("column", position.Column);
            json.WriteString("what", SafeText.Of(what));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
