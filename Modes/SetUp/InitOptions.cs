using System.CommandLine;
using System.Net;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Modes.Daemon;
using Deploy.Modes.Files.Printing;
using Deploy.Modes.Pins;

namespace Deploy.Modes.SetUp;

/// <summary>The options that both set-ups have.</summary>
internal sealed class InitOptions
{
    /// <param name="usual">The configuration where none is named.</param>
    /// <param name="port">The daemon's usual.</param>
    public InitOptions(string usual, int port)
    {
        Config = OptionKinds.Text("--config", "FILE", $"the configuration to write, TOML, with the keys beside it; the one that is there, else {usual}");
        Listen = Several("--listen", "ADDRESS:PORT", $"where it listens; 0.0.0.0:{port}");
    }

    public Option<string?> Config { get; }

    public Option<string[]> Allow { get; } = Several("--allow", "LINE", "who may order: a line of a .pub file, options before it as in authorized_operators");

    public Option<string[]> AllowFile { get; } = Several("--allow-file", "FILE", "the same out of a file, each line of it");

    public Option<string[]> Listen { get; }

    public Option<string[]> From { get; } = Several("--from", "CIDR,...", "from where it may be spoken to at all: addresses, blocks, names; everywhere, since nothing is taken without a key");

    /// <summary>An option that may be given several times.</summary>
    public static Option<string[]> Several(string name, string helpName, string description) => new(name) { HelpName = helpName, Description = description, Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false };

    /// <summary>The words of a list option, parted by commas.</summary>
    public static IReadOnlyList<string> Words(ParseResult parsed, Option<string[]> option) =>
        [.. (parsed.GetValue(option) ?? []).SelectMany(given => given.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];

    /// <summary>The lines for authorized_operators.</summary>
    /// <exception cref="UserError">One is none.</exception>
    public IReadOnlyList<OperatorLine> Lines(ParseResult parsed, IEnumerable<string> proxies) =>
        OperatorLines.Of(parsed.GetValue(Allow) ?? [], parsed.GetValue(AllowFile) ?? [], proxies, RegularFile.Read);

    /// <summary>The configuration that is meant; and whether the daemon reads it unless told otherwise.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="usual">The TOML file.</param>
    /// <param name="legacy">The original's, which counts where it alone is there: then it gets keys beside it, and stays.</param>
    /// <exception cref="UserError">A new one would not be TOML.</exception>
    public (string Path, bool IsUsual) Place(ParseResult parsed, string usual, string legacy)
    {
        string found = File.Exists(usual) || !File.Exists(legacy) ? usual : legacy;
        string path = Path.GetFullPath(parsed.GetValue(Config) ?? found);
        return Binding.Toml.TomlFile.IsNamed(path) || File.Exists(path)
            ? (path, path == found)
            : throw new UserError($"{Model.Text.SafeText.Of(path)} is not there, and its name does not end in .toml, which is what is written", ExitCodes.Usage, "name it so: --config FILE.toml");
    }

    /// <summary>The daemon's own options stand before <c>init</c> by mistake: they would do nothing.</summary>
    /// <exception cref="UserError">One is given.</exception>
    public static void RefuseOthers(ParseResult parsed, string name)
    {
        if (parsed.CommandResult.Parent is System.CommandLine.Parsing.CommandResult parent && parent.Command.Options.FirstOrDefault(option => parent.GetResult(option) is { Implicit: false }) is { } given)
        {
            throw new UserError($"{given.Name} before init is the daemon's, and would do nothing", ExitCodes.Usage, $"write it behind: deploy {name} init …; see deploy {name} init --help");
        }
    }

    /// <summary>Those of these options that were given, for a message; empty for none.</summary>
    public static string Unwritten(ParseResult parsed, IEnumerable<Option> shaping) => string.Join(", ", shaping.Where(option => OptionKinds.IsGiven(parsed, option)).Select(option => option.Name));

    /// <summary>Where a daemon is asked: by its name, but where it listens on one address alone and answers to that.</summary>
    /// <param name="settings">Its own.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="names">What it answers to; null for everything.</param>
    public static (string Host, int Port) At(DaemonSettings settings, string name, IReadOnlyList<string>? names = null) =>
        settings.Listen[0] is var at && !IsAny(at.Address) && (names is null || names.Contains(at.Address.ToString(), HostName.Comparer)) ? (at.Address.ToString(), at.Port) : (name, at.Port);

    /// <summary>The same as <c>deploy client trust</c> takes it: with a port that is not an agent's usual one.</summary>
    public static string Known(DaemonSettings settings, string name, IReadOnlyList<string>? names = null) =>
        KnownAgentsPlaces.Shown(At(settings, name, names).Host, At(settings, name, names).Port);

    /// <summary>True for every address of a host.</summary>
    public static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    /// <summary>A new file of this daemon.</summary>
    public static TomlWriter Begin(string daemon)
    {
        var writer = new TomlWriter();
        writer.Comment($"Written by deploy {daemon} init. Every key: man {daemon}.toml; `deploy check` tells what is wrong with the file.");
        return writer;
    }

    /// <summary>A list, or where it is empty an example as a comment.</summary>
    public static void WriteOrExample(TomlWriter writer, string key, IReadOnlyList<string> values, IReadOnlyList<string> example, string what)
    {
        if (values.Count > 0)
        {
            writer.Value(key, TomlWriter.List(values).Toml);
        }
        else
        {
            writer.Comment($"{key} = {TomlWriter.List(example)}  # {what}");
        }
    }

    /// <summary>The table <c>[allow]</c> with its hosts.</summary>
    public void WriteAllow(TomlWriter writer, ParseResult parsed)
    {
        writer.Table("allow");
        writer.Comment("From where it may be spoken to at all; who may order what stands in authorized_operators.");
        writer.Value("hosts", TomlWriter.List(Words(parsed, From) is { Count: > 0 } given ? given : AgentPrinter.Everybody).Toml);
    }

    /// <summary>The table <c>[legacy]</c>, off.</summary>
    public static void WriteLegacy(TomlWriter writer)
    {
        writer.Table("legacy");
        writer.Comment("The original's wire. Off: every order comes by TLS, and signed.");
        writer.Value("mode", TomlWriter.Text("off").Toml);
    }
}
