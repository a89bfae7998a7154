using Deploy.Config;
using Deploy.Logs;
using Deploy.Model;

namespace Deploy.Modes.Daemon.Starting;

/// <summary>What reading a daemon's configuration came to.</summary>
/// <param name="Settings">Checked; null where there are errors.</param>
/// <param name="Errors">All of them.</param>
/// <param name="Warnings">They belong into the log.</param>
internal sealed record DaemonConfig<TSettings>(TSettings? Settings, IReadOnlyList<ConfigError> Errors, IReadOnlyList<ConfigWarning> Warnings)
    where TSettings : DaemonSettings;

/// <summary>From a daemon's command line to its exit code: its place (background, title), its log, then <see cref="DaemonMode{TSettings}"/>.</summary>
internal static class DaemonProgram
{
    /// <summary>Runs it.</summary>
    /// <param name="launch">What the command line says of the process.</param>
    /// <param name="read">Reads the configuration, files by the function that it is given.</param>
    /// <param name="make">Makes the daemon.</param>
    public static async Task<int> RunAsync<TSettings>(DaemonLaunch launch, Func<Func<string, FileContent>, DaemonConfig<TSettings>> read, Func<TSettings, DaemonParts, IDaemon<TSettings>> make)
        where TSettings : DaemonSettings
    {
        if (ReadySignal.IsAsked)
        {
            ReadySignal.Begin();
        }
        else
        {
            string title = ProcessTitle.Of(read(RegularFile.Read).Settings?.ProcessName, launch.Program);
            if (launch.InBackground)
            {
                return BackgroundStart.Run(title, launch);
            }

            ProcessTitle.Take(title, launch);
        }

        ProcessTitle.Name(launch.Program);
        using var log = new DaemonLog(Output.Terminal.OpenLog(), Surroundings.Sender("deploy-" + launch.Daemon), TimeProvider.System);
        var manager = new ServiceManager(Surroundings.Variable("NOTIFY_SOCKET"), TimeProvider.System);
        var files = new WholeFiles();
        return await new DaemonMode<TSettings>(launch, () => Read(launch, files, read, log), files.Accept, make, log, manager)
            .RunAsync(Surroundings.Variable("STATE_DIRECTORY"), InheritedSockets.Take()).ConfigureAwait(false);
    }

    /// <summary>Reads the configuration; its warnings go to the log.</summary>
    /// <exception cref="UserError">It has mistakes: all of them, one a line.</exception>
    private static TSettings Read<TSettings>(DaemonLaunch launch, WholeFiles files, Func<Func<string, FileContent>, DaemonConfig<TSettings>> read, DaemonLog log)
        where TSettings : DaemonSettings
    {
        var config = files.Read(read);
        if (config.Settings is { } settings)
        {
            log.Begin(settings.Log);
        }

        foreach (var warning in config.Warnings)
        {
            log.Warning(warning.ToString());
        }

        return config.Settings ?? throw new UserError(
            string.Join("\ndeploy: error: ", config.Errors),
            ExitCodes.Configuration,
            config.Errors.Count == 1 && !File.Exists(launch.Config) ? $"write that file, or name another: deploy {launch.Daemon} --config FILE" : null);
    }
}
