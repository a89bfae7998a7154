using Deploy.Config.Ini;
using Deploy.Config.Toml;
using Deploy.Modes.Binding.Toml;
using Deploy.Model.Text;

namespace Deploy.Modes.Files;

/// <summary>Which of our files, or of the original's, a file is.</summary>
internal enum FileKind
{
    Agent,
    Proxy,
    Client,

    /// <summary>The original's list of commands.</summary>
    Jobs,

    /// <summary>The original's list of API keys and groups of hosts.</summary>
    Api,
}

/// <summary>Words for the kinds, and telling them apart.</summary>
internal static class FileKinds
{
    /// <summary>Every kind's word, for messages.</summary>
    public const string Known = "agent, proxy, client, jobs or api";

    private static readonly string[] AgentTables = ["agent", "sync", "command"];
    private static readonly string[] ProxyTables = ["proxy", "hosts", "groups", "api_keys"];
    private static readonly string[] AgentSections = ["allow::paths", "jobs"];
    private static readonly string[] ProxySections = ["client", "api"];
    private static readonly string[] ApiSections = ["keys", "servers"];

    public static string Word(this FileKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>True for exactly one of the words.</summary>
    public static bool TryParse(string word, out FileKind kind) => Enum.TryParse(word, ignoreCase: true, out kind) && kind.Word() == word;

    /// <summary>What a file is by its tables or sections, else by its name; null where neither tells.</summary>
    public static FileKind? Tell(string path, ReadOnlySpan<byte> bytes) => ByContent(path, bytes) ?? ByName(path);

    /// <summary>What a file is by its tables or sections; null where they do not tell.</summary>
    public static FileKind? ByContent(string path, ReadOnlySpan<byte> bytes) => TomlFile.IsNamed(path)
        ? OfToml([.. TomlReader.Parse(path, bytes).Root.Entries.Select(entry => entry.Key.Value)])
        : IniReader.Parse(path, bytes) is IniResult.Read { Document: var document } ? OfIni([.. document.Sections.Select(section => section.Name)])
        : OfIni(Headers(bytes)) is { } kind and not FileKind.Jobs ? kind // any header is one of a jobs file, also a misspelt [keys]
        : null;

    private static FileKind? OfToml(IReadOnlyList<string> tables) =>
        tables.Any(AgentTables.Contains) ? FileKind.Agent
        : tables.Any(ProxyTables.Contains) ? FileKind.Proxy
        : tables.Contains("via") || tables.Contains("identity") || tables.Contains("known_agents") ? FileKind.Client
        : null;

    private static FileKind? OfIni(List<string> sections) =>
        sections.Any(name => AgentSections.Contains(name) || name.StartsWith("rsync::", StringComparison.Ordinal)) ? FileKind.Agent
        : sections.Any(ProxySections.Contains) ? FileKind.Proxy
        : sections.Any(ApiSections.Contains) ? FileKind.Api
        : sections.Contains("server") || sections.Contains("allow::hosts") ? null
        : sections.Count > 0 ? FileKind.Jobs
        : null;

    /// <summary>The names between brackets of a file that has mistakes.</summary>
    private static List<string> Headers(ReadOnlySpan<byte> bytes) =>
        [.. ByteText.FromBytes(bytes).Split('\n').Select(line => line.Trim()).Where(line => line is ['[', _, .., ']']).Select(line => line[1..^1].Trim())];

    /// <summary>What a file is by its name alone; null where that does not tell. The kind whose words are secrets comes first.</summary>
    public static FileKind? ByName(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        foreach (var kind in Enum.GetValues<FileKind>().OrderBy(kind => kind != FileKind.Api))
        {
            if (name.Contains(kind.Word(), StringComparison.OrdinalIgnoreCase))
            {
                return kind;
            }
        }

        return null;
    }
}
