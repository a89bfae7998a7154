using System.CommandLine;
using System.Net;
using Deploy.Config;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Modes.Daemon;

namespace Deploy.Modes.Proxy;

/// <summary><c>deploy proxy</c>: its options, and what they come to.</summary>
internal static class ProxyCommand
{
    /// <summary>The command, to be put under the root; its help goes to <paramref name="pages"/>.</summary>
    public static Command Create(Dictionary<Command, HelpPage> pages)
    {
        var path = new Option<string?>("--config", "--path") { Description = $"TOML where its name ends in .toml, else the original's INI; default {ProxyFile.TomlPath}, else {ProxyFile.LegacyPath}", HelpName = "FILE" };
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
        var port = new Option<int?>("--port") { Description = "port to listen on, over the file's", HelpName = "PORT" };
        port.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, out int number) || number is < 0 or > IPEndPoint.MaxPort))
            {
                result.AddError($"--port takes a whole number from 0 to {IPEndPoint.MaxPort}, not '{SafeText.Of(token.Value)}'");
            }
        });
        var stateDirectory = new Option<string?>("--state-dir") { Description = "where state is kept; default $STATE_DIRECTORY, else /var/lib/deploy/proxy-ADDRESS-PORT", HelpName = "DIR" };
        var debug = new Option<bool>("--debug") { Description = "log everything" };
        var command = new Command("proxy", "Take orders for many agents, from the clients and by the API keys that its configuration allows, and pass them on.") { path, address, port, stateDirectory, debug };
        command.SetAction((parsed, _) =>
        {
            if (parsed.GetValue(stateDirectory) is "")
            {
                throw new UserError("--state-dir is empty", ExitCodes.Usage, "name a directory, or leave it out");
            }

            return RunAsync(
                ProxyFile.Find(parsed.GetValue(path)),
                new ProxyOverrides { Addr = parsed.GetValue(address), Port = parsed.GetValue(port), LogErrorLevel = parsed.GetValue(debug) ? LogLevel.Debug : null },
                parsed.GetValue(stateDirectory));
        });
        pages[command] = new HelpPage("deploy proxy [OPTION...]")
        {
            Groups =
            [
                new HelpGroup("Configuration", [path, stateDirectory]),
                new HelpGroup("Over the file's", [address, port]),
                new HelpGroup("Log", [debug]),
            ],
            Examples = [("deploy proxy", $"with {ProxyFile.TomlPath} or {ProxyFile.LegacyPath}, in the foreground; the log goes to stderr")],
        };
        return command;
    }

    private static async Task<int> RunAsync(string path, ProxyOverrides overrides, string? stateDirectory)
    {
        using var log = new DaemonLog(Output.Terminal.OpenLog(), Surroundings.Sender("deploy-proxy"), TimeProvider.System);
        var manager = new ServiceManager(Surroundings.Variable("NOTIFY_SOCKET"), TimeProvider.System);
        var file = new WholeFile(path);
        return await new DaemonMode<ProxySettings>(
            "proxy", () => Read(path, file, overrides, log), (settings, _, ended) => new ProxyDaemon(settings, TimeProvider.System, log, ended), log, manager)
            .RunAsync(stateDirectory, Surroundings.Variable("STATE_DIRECTORY")).ConfigureAwait(false);
    }

    /// <summary>Reads the configuration; its warnings go to the log.</summary>
    /// <exception cref="UserError">It has mistakes: all of them, one a line.</exception>
    private static ProxySettings Read(string path, WholeFile file, ProxyOverrides overrides, DaemonLog log)
    {
        switch (ProxyFile.Read(path, overrides, file.Read))
        {
            case ProxyConfig.Valid valid:
                file.Accept();
                log.Begin(valid.Settings.Log);
                Warn(valid.Warnings, log);
                return SslKeyFile.Load(SslKeyFile.LoadHosts(valid.Settings, valid.Places), valid.Places);
            case ProxyConfig.Invalid invalid:
                Warn(invalid.Warnings, log);
                throw new UserError(
                    string.Join("\ndeploy: error: ", invalid.Errors),
                    ExitCodes.Configuration,
                    invalid.Errors.Count == 1 && !File.Exists(path) ? "write that file, or name another: deploy proxy --config FILE" : null);
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
}
