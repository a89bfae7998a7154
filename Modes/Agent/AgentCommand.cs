using System.CommandLine;
using Deploy.Model;
using Deploy.Modes.Daemon;
using Deploy.Modes.Daemon.Starting;
using Deploy.Processes.Confined;

namespace Deploy.Modes.Agent;

/// <summary><c>deploy agent</c>, and <c>deploy-agent</c>: its options, and what they come to.</summary>
internal sealed class AgentCommand : IDaemonCommand
{
    private readonly Option<TimeSpan?> commandTime = OptionKinds.Seconds("--max-command-time", "longest time that a command may run; 300", 1, 7 * 24 * 3600);
    private readonly Option<string?> keyCipherFile = OptionKinds.Text("--key-cipher-file", "FILE", "a file whose first line is the shared key; or $DEPLOY_KEY_CIPHER where the configuration has none");
    private readonly Option<string?> keyCipher = new("--key-cipher") { HelpName = "KEY", Description = "the key itself: others see it in the process list until it is written over" };
    private readonly DaemonOptions shared;

    public AgentCommand() => shared = new DaemonOptions("agent", AgentSettings.DefaultPort, AgentFile.TomlPath, AgentFile.LegacyPath)
    {
        Own = [new HelpGroup("The agent's own", [keyCipherFile, keyCipher, commandTime])],
        Secrets = [keyCipher],
        Files = [keyCipherFile],
    };

    /// <summary>The secret of an option that whoever started this process again handed down; <see cref="HandedSecrets"/>.</summary>
    public Func<string, string?> Handed { get; init; } = HandedSecrets.Of;

    public string LegacyName => "deploy-agent";

    public string Description => "Take orders on this host, from the peers and for the targets that its configuration allows.";

    public IReadOnlyList<HelpGroup> Groups => shared.Groups;

    public IReadOnlyList<(string Line, string What)> Examples =>
    [
        ("deploy agent", $"with {AgentFile.TomlPath} or {AgentFile.LegacyPath}, in the foreground; the log goes to stderr"),
        ("deploy agent --config site.toml --addr 127.0.0.2 --state-dir /run/deploy-2", "another one beside it, for trying out"),
    ];

    /// <summary>What the environment says.</summary>
    public static AgentOverrides FromEnvironment() => new() { KeyCipherIfAbsent = Secrets.Find(null, null, "DEPLOY_KEY_CIPHER") };

    /// <summary>What the command line and the environment say of the settings.</summary>
    /// <exception cref="UserError">A key's file cannot be read.</exception>
    public AgentOverrides Overrides(ParseResult parsed) => shared.Over(parsed, FromEnvironment()) with
    {
        MaxCommandTime = parsed.GetValue(commandTime),
        KeyCipher = Secrets.OfCommandLine(parsed.GetValue(keyCipher) ?? Handed(keyCipher.Name), parsed.GetValue(keyCipherFile)),
    };

    public DaemonLaunch Launch(ParseResult parsed, string? legacyName) => shared.Launch(parsed, legacyName);

    public Task<int> RunAsync(ParseResult parsed, string? legacyName)
    {
        var launch = Launch(parsed, legacyName);
        var overrides = Overrides(parsed);
        if (shared.PrintsPin(parsed))
        {
            return PinPrinting.RunAsync(parsed, (AgentFile.Read(launch.Config, overrides, Surroundings.HostName, RegularFile.Read) as AgentConfig.Valid)?.Settings, launch.Config, launch.Daemon);
        }

        return DaemonProgram.RunAsync<AgentSettings>(
            launch,
            read => AgentFile.Read(launch.Config, overrides, Surroundings.HostName, read) switch
            {
                AgentConfig.Valid valid => new(SslKeyFile.Load(valid.Settings, valid.Places), [], [.. valid.Warnings, .. SslKeyFile.Warnings(valid.Settings, valid.Places, overrides, launch.Config)]),
                AgentConfig.Invalid invalid => new(null, invalid.Errors, invalid.Warnings),
                _ => throw new InvalidOperationException(),
            },
            (settings, parts) => new AgentDaemon(settings, parts.StateDirectory, TimeProvider.System, parts.Log, parts.Ended, Trampoline.OfThisProgram()) { Inherited = parts.Inherited });
    }
}
