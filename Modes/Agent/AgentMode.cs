using System.Runtime.InteropServices;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Modes.Daemon;
using Deploy.Processes.Native;

namespace Deploy.Modes.Agent;

/// <summary>The agent as a program: reads its configuration, runs one <see cref="AgentDaemon"/>, and follows the signals until it has stopped.</summary>
/// <param name="read">Reads the configuration, again at SIGHUP; throws <see cref="UserError"/> with every mistake in it.</param>
/// <param name="log">The agent's log.</param>
/// <param name="manager">Told of readiness, reloads and the stop.</param>
internal sealed class AgentMode(Func<AgentSettings> read, ILog log, ServiceManager manager)
{
    private readonly TimeProvider time = TimeProvider.System;

    /// <summary>Runs until SIGTERM or SIGINT; 0 when it stopped on request.</summary>
    /// <param name="stateDirectory">From the command line, or null.</param>
    /// <param name="systemdStateDirectory">$STATE_DIRECTORY, or null.</param>
    public async Task<int> RunAsync(string? stateDirectory, string? systemdStateDirectory)
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

        var settings = Read();
        var first = settings.Listen[0];
        using var state = StateDirectory.Open(stateDirectory, systemdStateDirectory, $"agent-{first.Address}-{first.Port}", mayLack: true, log);
        using var memory = new IdleMemory(time);
        var daemon = new AgentDaemon(settings, state?.Path, time, log, memory.Touch);
        await using (daemon.ConfigureAwait(false))
        {
            string[] owned = state is null ? [] : [state.Path, Path.Combine(state.Path, "lock"), Path.Combine(state.Path, "children")];
            try
            {
                await daemon.StartAsync(() => Privileges.Drop(settings.User, settings.Group, owned), stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                log.Notice("stopped before it was ready");
                return ExitCodes.Ok;
            }

            manager.Ready("accepts orders");
            await FollowReloadsAsync(daemon, reloads.Reader, stop.Token).ConfigureAwait(false);
            manager.Stopping("waits for running syncs");
            hurry.CancelAfter(daemon.Settings.ShutdownGrace);
            await daemon.StopAsync(hurry.Token).ConfigureAwait(false);
        }

        return ExitCodes.Ok;
    }

    /// <summary>Settings that this version can serve, at the start and at each reload.</summary>
    private AgentSettings Read()
    {
        var settings = read();
        return !settings.Ssl ? settings : throw new UserError("ssl is on, and this version speaks the plain form alone: it would take plain orders where encrypted ones were asked for", ExitCodes.Configuration, "leave ssl out on networks that you trust, or wait for the version with the ssl form");
    }

    /// <summary>A file that lost its key or all its hosts was most likely read half written: the agent must not fall back to what everybody knows.</summary>
    private static AgentSettings NotEmptied(AgentSettings settings, AgentSettings inForce) =>
        (settings.KeyCipher is null && inForce.KeyCipher is not null) || (settings.AllowedHosts.Count == 0 && inForce.AllowedHosts.Count > 0)
            ? throw new UserError("it has no key_cipher or no allowed hosts any more, as a file that is being written; restart the agent where that is meant", ExitCodes.Configuration)
            : settings;

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

    private async Task FollowReloadsAsync(AgentDaemon daemon, System.Threading.Channels.ChannelReader<bool> reloads, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await reloads.ReadAsync(stop).ConfigureAwait(false);
                manager.Reloading();
                try
                {
                    daemon.Reload(NotEmptied(Read(), daemon.Settings));
                    log.Notice("the configuration was read again");
                }
                catch (UserError error)
                {
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
