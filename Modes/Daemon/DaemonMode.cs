using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Modes.Binding.Toml;
using Deploy.Modes.Daemon.Starting;
using Deploy.Processes.Native;
using Deploy.Security.Audit;

namespace Deploy.Modes.Daemon;

/// <summary>What a daemon is made with beside its settings.</summary>
/// <param name="StateDirectory">Where it keeps its state, held by it alone; null keeps it in memory.</param>
/// <param name="Inherited">Sockets that listen already where the settings say.</param>
/// <param name="Log">Its log.</param>
/// <param name="Ended">Called when a connection or a job has ended, from any thread.</param>
internal sealed record DaemonParts(string? StateDirectory, IReadOnlyList<Socket> Inherited, ILog Log, Action Ended);

/// <summary>A daemon as a program: reads its configuration, runs it, and follows the signals until it has stopped.</summary>
/// <param name="launch">What the command line says of its process.</param>
/// <param name="read">Reads the configuration, again at SIGHUP; throws <see cref="UserError"/> with every mistake in it.</param>
/// <param name="accepted">Told that what was read last is in force.</param>
/// <param name="make">Makes the daemon.</param>
/// <param name="log">The daemon's log.</param>
/// <param name="manager">Told of readiness, reloads and the stop.</param>
internal sealed class DaemonMode<TSettings>(DaemonLaunch launch, Func<TSettings> read, Action accepted, Func<TSettings, DaemonParts, IDaemon<TSettings>> make, DaemonLog log, ServiceManager manager)
    where TSettings : DaemonSettings
{
    /// <summary>What is in a state directory, and belongs to the user that the daemon runs as.</summary>
    private static readonly string[] OwnFiles = ["lock", "children", "jobs.db", "jobs.db-wal", "jobs.db-shm", AuditHeadFile.Name];

    private readonly TimeProvider time = TimeProvider.System;

    /// <summary>Runs until SIGTERM or SIGINT; 0 when it stopped on request.</summary>
    /// <param name="stateDirectoryGiven">$STATE_DIRECTORY, or null.</param>
    /// <param name="inherited">Sockets that a service manager handed down; they beat the configured addresses.</param>
    public async Task<int> RunAsync(string? stateDirectoryGiven, IReadOnlyList<Socket> inherited)
    {
        try
        {
            return await RunToEndAsync(stateDirectoryGiven, inherited).ConfigureAwait(false);
        }
        catch (UserError error) when (log.IsElsewhere)
        {
            log.Error($"it ends: {error.Message}"); // stderr gets it too
            throw;
        }
    }

    private async Task<int> RunToEndAsync(string? stateDirectoryGiven, IReadOnlyList<Socket> inherited)
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

        var configured = read();
        accepted();
        var settings = On(inherited, configured);
        SayInherited(settings, configured);
        if (launch.PassedOver is { } other)
        {
            log.Notice($"{launch.Config} is in force; {other} is there too, and is not read");
        }

        foreach (string option in launch.WithoutEffect)
        {
            log.Warning($"{option} has no effect in this program: one process does all the work");
        }

        var first = settings.Listen[0];
        string name = $"{launch.Daemon}-{first.Address}-{first.Port}";
        try
        {
            await (ReadySignal.IsAsked ? new Predecessor(() => StateDirectory.IsHeld(launch.StateDirectory, stateDirectoryGiven, name), time, log).WaitAsync(settings.Listen, stop.Token) : Task.CompletedTask).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            log.Notice("stopped before it was ready");
            return ExitCodes.Ok;
        }

        using var state = StateDirectory.Open(launch.StateDirectory, stateDirectoryGiven, name, MayLackState(settings), log);
        using var memory = new IdleMemory(time);
        var hostKey = new HostKeyAtWork(launch.Config, time, log);
        settings = hostKey.Begin(settings, out var keepKey);
        PidFile? pidFile = null;
        using var atEnd = new Ending(() => pidFile?.Dispose());
        var daemon = make(settings, new DaemonParts(state?.Path, inherited, log, memory.Touch));
        await using (daemon.ConfigureAwait(false))
        {
            try
            {
                await daemon.StartAsync(AfterBind, stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                log.Notice("stopped before it was ready");
                return ExitCodes.Ok;
            }

            LeaveTerminal();
            manager.Ready("accepts orders");
            await FollowReloadsAsync(daemon, hostKey, inherited, reloads.Reader, stop.Token).ConfigureAwait(false);
            manager.Stopping("waits for what runs");
            hurry.CancelAfter(daemon.Settings.ShutdownGrace);
            await daemon.StopAsync(hurry.Token).ConfigureAwait(false);

            void AfterBind()
            {
                // Before root is given up: it may be nobody else's to write.
                var theirs = keepKey?.Invoke();
                if (theirs is not null)
                {
                    daemon.Reload(settings with { HostKey = theirs });
                }

                string[] owned = [.. state is null ? [] : OwnFiles.Select(file => Path.Combine(state.Path, file)).Prepend(state.Path).Concat(AuditFiles.In(state.Path)), .. keepKey is null || theirs is not null ? Array.Empty<string>() : [settings.HostKeyFile!]];
                pidFile = launch.PidFile is { } path ? PidFile.Write(path, Surroundings.ProcessId) : null;
                Privileges.Drop(settings.User, settings.Group, owned, log.GiveTo);
            }
        }

        return ExitCodes.Ok;
    }

    /// <summary>Who orders by a signature is held to account by the audit log, which is kept there. A file of the original's worked without; so does trying out.</summary>
    private bool MayLackState(DaemonSettings settings) => !TomlFile.IsNamed(launch.Config) || settings.UnsignedLoopback || settings.OperatorsFile is null;

    /// <summary>The settings with the addresses of these sockets, where there are any.</summary>
    private static TSettings On(IReadOnlyList<Socket> inherited, TSettings settings) =>
        inherited.Count == 0 ? settings : settings with { Listen = [.. inherited.Select(socket => (IPEndPoint)socket.LocalEndPoint!)] };

    private void SayInherited(TSettings settings, TSettings configured)
    {
        if (!ReferenceEquals(settings, configured))
        {
            string at = string.Join(", ", settings.Listen);
            log.Notice($"listens on {at}, sockets of the service manager");
            if (!settings.Listen.ToHashSet().SetEquals(configured.Listen))
            {
                log.Warning($"the configuration says {string.Join(", ", configured.Listen)}, and the service manager's sockets are {at}: those are taken; let both say the same");
            }
        }
    }

    /// <summary>In the background: from here on there is nobody to read stderr.</summary>
    private void LeaveTerminal()
    {
        if (ReadySignal.IsAsked)
        {
            if (!log.IsElsewhere)
            {
                log.Warning($"nothing is logged from here on: set log_write, or run `deploy {launch.Daemon}` under a service manager");
            }

            log.Flush();
            ReadySignal.Give();
        }
    }

    /// <summary>Done at the end, whichever it is.</summary>
    private sealed class Ending(Action action) : IDisposable
    {
        public void Dispose() => action();
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

    private async Task FollowReloadsAsync(IDaemon<TSettings> daemon, HostKeyAtWork hostKey, IReadOnlyList<Socket> inherited, System.Threading.Channels.ChannelReader<bool> reloads, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await reloads.ReadAsync(stop).ConfigureAwait(false);
                manager.Reloading();
                try
                {
                    daemon.Reload(hostKey.Again(On(inherited, read()), daemon.Settings.HostKey));
                    accepted();
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
