using Deploy.Modes.Client;

namespace Deploy.Modes.Files.Printing;

/// <summary>Prints what is in force for the client as the <c>client.toml</c> that gives it. Secrets are never in it: files are named.</summary>
/// <param name="defaults">What the file says.</param>
/// <param name="choose">Whether a setting is written, and what stands behind it, by its name.</param>
internal sealed class ClientPrinter(ClientDefaults defaults, Func<string, SettingLine> choose)
{
    /// <summary>The whole file.</summary>
    public string Print()
    {
        var writer = new SettingWriter(choose);
        writer.Value("via", defaults.Via);
        writer.Value("identity", defaults.Identity);
        writer.Value("known_agents", defaults.KnownAgents);
        writer.Value("output", defaults.Output == Client.Printing.Json ? "json" : "text");
        writer.Value("timeout", defaults.Timeout ?? TimeSpan.FromSeconds(ClientInput.OrderSeconds));
        writer.Value("key_cipher_file", defaults.KeyCipherFile?.Value);
        writer.Value("api_key_file", defaults.ApiKeyFile?.Value);
        writer.Value("port", TomlWriter.Number(defaults.Port ?? Agent.AgentSettings.DefaultPort));
        writer.Value("parallel", TomlWriter.Number(defaults.Parallel ?? ClientInput.DefaultParallel));
        return writer.ToString();
    }
}
