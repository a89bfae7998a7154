using System.Runtime.InteropServices;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Processes.Native;

namespace Deploy.Modes.Daemon;

/// <summary>Makes a daemon of settings.</summary>
/// <param name="settings">Checked settings.</param>
/// <param name="stateDirectory">Where it keeps its state, held by it alone; null keeps it in memory.</param>
/// <param name="ended">Called when a connection or a job has ended, from any thread.</param>
internal delegate IDaemon<TSettings> MakeDaemon<TSettings>(TSettings settings, string? stateDirectory, Action ended)
    where TSettings : DaemonSettings;

/// <summary>A daemon as a program: reads its configuration, runs it, and follows the signals until it has stopped.</summary>
/// <param name="name"><c>agent</c> or <c>proxy</c>: its state directory is called by it.</param>
/// <param name="read">Reads the configuration, again at SIGHUP; throws <see cref="UserError"/> with every mistake in it.</param>
/// <param name="make">Makes the daemon.</param>
/// <param name="log">The daemon's log.</param>
/// <param name="manager">Told of readiness, reloads and the stop.</param>
internal sealed class DaemonMode<TSettings>(string name, Func<TSettings> read, MakeDaemon<TSettings> make, DaemonLog log, ServiceManager manager)
    where TSettings : DaemonSettings
{
    private readonly TimeProvider time = TimeProvider.System;

    /// <summary>Runs until SIGTERM or SIGINT; 0 when it stopped on request.</summary>
    /// <param name="stateDirectory">From the command line, or null.</param>
    /// <param name="systemdStateDirectory">$STATE_DIRECTORY, or null.</param>
    public async Task<int> RunAsync(string? stateDirectory, string? systemdStateDirectory)
    {
        try
        {
            return await RunToEndAsync(stateDirectory, systemdStateDirectory).ConfigureAwait(false);
        }
        catch (UserError error) when (log.IsElsewhere)
        {
            log.Error($"it ends: {error.Message}"); // stderr gets it too
            throw;
        }
    }

    private async Task<int> RunToEndAsync(string? stateDirectory, string? systemdStateDirectory)
    {
        // A script that starts us in the background, or nohup, hands these down ignored; a daemon is steered by them.
        foreach (int number in new[] { 1, 2, 15 }) // SIGHUP, SIGINT, SIGTERM on Linux
        {
            ChildSignal.StopIgnoring(number);
        }

        // Signals first: one that comes while we start must not kill us half-way.
        using var stop = new CancellationTokenSource();
        using var hurry = new CancellationTokenSource();
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, stop, hurry));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, stop, hurry));
        var reloads = System.Threading.Channels.Channel.CreateBounded<bool>(1);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            reloads.Writer.TryWrite(true);
        });

        var settings = read();
        var first = settings.Listen[0];
        using var state = StateDirectory.Open(stateDirectory, systemdStateDirectory, $"{name}-{first.Address}-{first.Port}", mayLack: true, log);
        using var memory = new IdleMemory(time);
        var daemon = make(settings, state?.Path, memory.Touch);
        await using (daemon.ConfigureAwait(false))
        {
            string[] owned = state is null ? [] : [state.Path, Path.Combine(state.Path, "lock"), Path.Combine(state.Path, "children")];
            try
            {
                await daemon.StartAsync(() => Privileges.Drop(settings.User, settings.Group, owned, log.GiveTo), stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                log.Notice("stopped before it was ready");
                return ExitCodes.Ok;
            }

            manager.Ready("accepts orders");
            await FollowReloadsAsync(daemon, reloads.Reader, stop.Token).ConfigureAwait(false);
            manager.Stopping("waits for what runs");
            hurry.CancelAfter(daemon.Settings.ShutdownGrace);
            await daemon.StopAsync(hurry.Token).ConfigureAwait(false);
        }

        return ExitCodes.Ok;
    }

    /// <summary>The first asks for a stop, the second cuts the grace short.</summary>
    private static void Stop(PosixSignalContext signal, CancellationTokenSource stop, CancellationTokenSource hurry)
    {
        signal.Cancel = true;
        if (stop.IsCancellationRequested)
        {
            hurry.Cancel();
        }
        else
        {
            stop.Cancel();
        }
    }

    private async Task FollowReloadsAsync(IDaemon<TSettings> daemon, System.Threading.Channels.ChannelReader<bool> reloads, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await reloads.ReadAsync(stop).ConfigureAwait(false);
                manager.Reloading();
                try
                {
                    daemon.Reload(read());
                    log.Use(daemon.Settings.Log);
                    log.Notice("the configuration was read again");
                }
                catch (UserError error)
                {
                    log.Reopen(); // whatever the file says: logs may have been moved away
                    log.Error($"the configuration has mistakes, the old one stays in force: {error.Message}");
                }

                manager.Ready("accepts orders");
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The stop was asked for.
        }
    }
}
