using System.CommandLine;
using System.Net;
using Deploy.Config;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Modes.Daemon;

namespace Deploy.Modes.Agent;

/// <summary><c>deploy agent</c>: its options, and what they come to.</summary>
internal static class AgentCommand
{
    /// <summary>The command, to be put under the root; its help goes to <paramref name="pages"/>.</summary>
    public static Command Create(Dictionary<Command, HelpPage> pages)
    {
        var path = new Option<string?>("--config", "--path") { Description = $"TOML where its name ends in .toml, else the original's INI; default {AgentFile.TomlPath}, else {AgentFile.LegacyPath}", HelpName = "FILE" };
        var address = new Option<IPAddress?>("--addr")
        {
            Description = "address to listen on, over the file's",
            HelpName = "ADDRESS",
            CustomParser = argument =>
            {
                if (IPAddress.TryParse(argument.Tokens[0].Value, out var parsed))
                {
                    return parsed;
                }

                argument.AddError($"--addr takes an IP address, not '{SafeText.Of(argument.Tokens[0].Value)}'");
                return null;
            },
        };
        var port = Number("--port", "port to listen on, over the file's", "PORT", 0, IPEndPoint.MaxPort);
        var backlog = Number("--backlog", "connections that may wait to be accepted", "N", 1, 65535);
        var socketTimeout = Number("--socket-timeout", "longest wait for a request's next byte, seconds", "SECONDS", 1, 3600);
        var processTimeout = Number("--max-process-timeout", "longest time for one request, seconds; 0 is none", "SECONDS", 0, 7 * 24 * 3600);
        var shutdownGrace = Number("--shutdown-grace", "how long a stop waits for running syncs, seconds; 30", "SECONDS", 0, 24 * 3600);
        var commandTime = Number("--max-command-time", "longest time that a command of the jobs file may run, seconds; 300", "SECONDS", 1, 7 * 24 * 3600);
        var stateDirectory = new Option<string?>("--state-dir") { Description = "where state is kept; default $STATE_DIRECTORY, else /var/lib/deploy/agent-ADDRESS-PORT", HelpName = "DIR" };
        var debug = new Option<bool>("--debug") { Description = "log everything" };
        var command = new Command("agent", "Take orders on this host, from the peers and for the targets that its configuration allows.")
        {
            path, address, port, backlog, socketTimeout, processTimeout, commandTime, shutdownGrace, stateDirectory, debug,
        };
        command.SetAction((parsed, _) =>
        {
            var overrides = FromEnvironment() with
            {
                Addr = parsed.GetValue(address),
                Port = parsed.GetValue(port),
                Backlog = parsed.GetValue(backlog),
                SocketTimeout = Seconds(parsed.GetValue(socketTimeout)),
                MaxRequestTime = Seconds(parsed.GetValue(processTimeout)),
                MaxCommandTime = Seconds(parsed.GetValue(commandTime)),
                ShutdownGrace = Seconds(parsed.GetValue(shutdownGrace)),
                LogErrorLevel = parsed.GetValue(debug) ? LogLevel.Debug : null,
            };
            if (parsed.GetValue(stateDirectory) is "")
            {
                throw new UserError("--state-dir is empty", ExitCodes.Usage, "name a directory, or leave it out");
            }

            return RunAsync(AgentFile.Find(parsed.GetValue(path)), overrides, parsed.GetValue(stateDirectory));
        });
        pages[command] = new HelpPage("deploy agent [OPTION...]")
        {
            Groups =
            [
                new HelpGroup("Configuration", [path, stateDirectory]),
                new HelpGroup("Over the file's", [address, port, backlog, socketTimeout, processTimeout]),
                new HelpGroup("Time", [commandTime, shutdownGrace]),
                new HelpGroup("Log", [debug]),
            ],
            Examples =
            [
                ("deploy agent", $"with {AgentFile.TomlPath} or {AgentFile.LegacyPath}, in the foreground; the log goes to stderr"),
                ("deploy agent --config site.toml --addr 127.0.0.2 --state-dir /run/deploy-2", "another one beside it, for trying out"),
            ],
        };
        return command;
    }

    /// <summary>What the environment says.</summary>
    public static AgentOverrides FromEnvironment() => new() { KeyCipherIfAbsent = Secrets.Find(null, null, "DEPLOY_KEY_CIPHER") };

    private static async Task<int> RunAsync(string path, AgentOverrides overrides, string? stateDirectory)
    {
        using var log = new DaemonLog(Output.Terminal.OpenLog(), Surroundings.Sender("deploy-agent"), TimeProvider.System);
        var manager = new ServiceManager(Surroundings.Variable("NOTIFY_SOCKET"), TimeProvider.System);
        var file = new WholeFile(path);
        return await new DaemonMode<AgentSettings>(
            "agent", () => Read(path, file, overrides, log), (settings, state, ended) => new AgentDaemon(settings, state, TimeProvider.System, log, ended), log, manager)
            .RunAsync(stateDirectory, Surroundings.Variable("STATE_DIRECTORY")).ConfigureAwait(false);
    }

    /// <summary>Reads the configuration; its warnings go to the log.</summary>
    /// <exception cref="UserError">It has mistakes: all of them, one a line.</exception>
    private static AgentSettings Read(string path, WholeFile file, AgentOverrides overrides, DaemonLog log)
    {
        switch (AgentFile.Read(path, overrides, Surroundings.HostName, file.Read))
        {
            case AgentConfig.Valid valid:
                file.Accept();
                log.Begin(valid.Settings.Log);
                Warn(valid.Warnings, log);
                return SslKeyFile.Load(valid.Settings, valid.Places);
            case AgentConfig.Invalid invalid:
                Warn(invalid.Warnings, log);
                throw new UserError(
                    string.Join("\ndeploy: error: ", invalid.Errors),
                    ExitCodes.Configuration,
                    invalid.Errors.Count == 1 && !File.Exists(path) ? "write that file, or name another: deploy agent --config FILE" : null);
            default:
                throw new InvalidOperationException();
        }
    }

    private static void Warn(IReadOnlyList<ConfigWarning> warnings, ILog log)
    {
        foreach (var warning in warnings)
        {
            log.Warning(warning.ToString());
        }
    }

    private static TimeSpan? Seconds(int? seconds) => seconds is { } number ? TimeSpan.FromSeconds(number) : null;

    private static Option<int?> Number(string name, string description, string helpName, int least, int most)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = helpName };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, out int number) || number < least || number > most))
            {
                result.AddError($"{name} takes a whole number from {least} to {most}, not '{SafeText.Of(token.Value)}'");
            }
        });
        return option;
    }
}
