using Deploy.Config;
using Deploy.Model.Hosts;
using Deploy.Modes.Binding;
using Deploy.Modes.Binding.Toml;

namespace Deploy.Modes.Client.Toml;

/// <summary>Reads <c>client.toml</c>; the keys' files that it names are read by the order that needs them.</summary>
internal static class ClientTomlFile
{
    private const string NoTables = "the keys of this file stand in no table";
    private const string NoSecrets = "a secret does not stand here: write it into a file, and name that with ";

    private static readonly Dictionary<string, string> Elsewhere = new(StringComparer.Ordinal)
    {
        ["client"] = NoTables,
        ["deploy"] = NoTables,
        ["key_cipher"] = NoSecrets + "key_cipher_file",
        ["api_key"] = NoSecrets + "api_key_file",
        ["hosts"] = "hosts stand on the command line, --hosts LIST",
        ["thread_timeout"] = "here it is timeout, with a unit",
        ["socket_timeout"] = "here it is timeout, with a unit",
        ["host_timeout"] = "here it is timeout",
        ["fan_out"] = "here it is parallel",
        ["json"] = "here it is output = \"json\"",
        ["proxy"] = "here it is via",
    };

    /// <summary>What this file says, or every error in it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Reads a file: <see cref="ConfigFile.Read"/>, or what a test has.</param>
    public static ClientConfig Read(string path, Func<string, FileContent> read)
    {
        var report = new ConfigReport();
        if (TomlFile.Load(path, read, report) is not { } document)
        {
            return new ClientConfig.Invalid(report.Errors, report.Warnings);
        }

        var file = TableBinder.Of(document, report);
        var defaults = new ClientDefaults
        {
            Via = ViaOf(file),
            Identity = file.AbsolutePath("identity", "/home/alice/.ssh/id_ed25519")?.Value,
            KnownAgents = file.AbsolutePath("known_agents", "/home/alice/.config/deploy/known_agents")?.Value,
            Output = file.OneOf("output", "text", "json")?.Value switch { "text" => Printing.Text, "json" => Printing.Json, _ => null },
            Timeout = file.Duration("timeout", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(ClientInput.MaxSeconds)),
            KeyCipherFile = file.AbsolutePath(KeyFile.Name, KeyFile.Example),
            ApiKeyFile = file.AbsolutePath("api_key_file", "/home/alice/.config/deploy/api.key"),
            Port = file.Number("port", 1, 65535, Agent.AgentSettings.DefaultPort)?.Value,
            Parallel = file.Number("parallel", 1, ClientInput.MaxParallel, ClientInput.DefaultParallel)?.Value,
        };
        file.Close(Elsewhere);
        return report.Errors.Count > 0 ? new ClientConfig.Invalid(report.Errors, report.Warnings) : new ClientConfig.Valid(defaults, report.Warnings, report.Places);
    }

    private static string? ViaOf(TableBinder file)
    {
        if (file.Filled("via", "proxy-01:3441") is not { } given)
        {
            return null;
        }

        if (!HostExpression.TryParse(given.Value, ports: true, out var expression, out _)
            || expression.Terms is not [{ Pattern: { Count: 1 } host }] || !host.Contains(given.Value))
        {
            file.Error(given.Position, $"via is '{given.Value}': expected one host, e.g. via = \"proxy-01\" or \"proxy-01:3441\"");
        }

        return given.Value;
    }
}
