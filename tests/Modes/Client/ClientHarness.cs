using Deploy.Model;
using Deploy.Modes;
using Deploy.Modes.Client;
using Deploy.Output;
using Deploy.Tests.Fixtures;

namespace Deploy.Tests.Modes.Client;

/// <summary>Runs command lines in this process and keeps what they print.</summary>
internal sealed class ClientHarness
{
    public Terminal Terminal { get; init; } = new(new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });

    /// <summary>The file of known keys; null for those of whoever runs the tests, which know nothing of its hosts.</summary>
    public string? KnownAgents { get; init; }

    public string Output => Terminal.Out.ToString()!;

    public string Error => Terminal.Error.ToString()!;

    /// <summary><c>deploy …</c>, as Program runs it; without the client.toml of whoever runs the tests.</summary>
    public async Task<int> DeployAsync(params string[] arguments)
    {
        string[] alone = arguments is ["client", .. var rest] && !rest.Contains("--config") ? ["client", "--config", "/dev/null", .. rest] : arguments;
        alone = alone is ["client", .. var others] && KnownAgents is not null ? ["client", "--known-agents", KnownAgents, .. others] : alone;
        try
        {
            return await DeployCommand.RunAsync(alone, Terminal, TimeProvider.System);
        }
        catch (UserError mistake)
        {
            Terminal.WriteError(mistake.Message, mistake.Hint);
            return mistake.ExitCode;
        }
    }

    /// <summary><c>deploy-client …</c>.</summary>
    public Task<int> LegacyAsync(params string[] arguments) => LegacyClientCommand.RunAsync(arguments, Terminal, TimeProvider.System);

    /// <summary>Everything that was printed, with ports made equal on every machine.</summary>
    public string Everything(int exitCode, params ScriptedServer[] servers)
    {
        string all = $"--- stdout\n{Output}--- stderr\n{Error}--- exit {exitCode}\n";
        for (int i = 0; i < servers.Length; i++)
        {
            all = all.Replace($":{servers[i].Port}", $":PORT{i + 1}", StringComparison.Ordinal);
        }

        return all;
    }
}
