using System.Runtime.InteropServices;
using Deploy.Jobs.Relay.Judging;
using Deploy.Model;
using Deploy.Output;
using Deploy.Protocol;

namespace Deploy.Modes.Client;

/// <summary>One order from settings to exit code: ask, print, judge.</summary>
internal sealed class ClientRun(ClientSettings settings, Terminal terminal, TimeProvider time)
{
    /// <summary>Runs until all hosts have ended. The first SIGINT or SIGTERM stops the waiting and prints what is known; a second one kills.</summary>
    public async Task<int> RunAsync()
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return await RunAsync(stop.Token);

        void Stop(PosixSignalContext context)
        {
            if (!stop.IsCancellationRequested)
            {
                context.Cancel = true;
                stop.Cancel();
            }
        }
    }

    /// <summary>The same with the caller's own way to stop.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var exchange = new LegacyExchange(time, new ReceiveBudget(LegacyLimits.MaxRunBytes));
        var results = new HostRun?[settings.Hosts.Count];
        AggregateException? bugs = null;
        using (var progress = new ProgressLine(terminal, settings.Progress && terminal.ErrorIsTerminal, results.Length, time))
        {
            try
            {
                await new FanOut(settings, exchange, time).RunAsync(results, run => progress.HostEnded(run.Reports.All(report => report.State.IsGood())), cancellationToken);
            }
            catch (AggregateException error)
            {
                bugs = error; // thrown on once the other hosts' results are out
            }
        }

        var runs = results.Select((run, place) => run ?? Broken(settings.Hosts[place])).ToList();
        new ResultPrinter(terminal, settings).Print(runs);
        if (bugs is not null)
        {
            // Not exit code 1: that would say that nothing was started.
            throw new UserError($"{bugs.InnerExceptions[0].Message} (this is a bug)", ExitCodes.HostUnreachable, "the hosts whose answers it lost are unknown");
        }

        return cancellationToken.IsCancellationRequested ? ExitCodes.Interrupted
            : settings.AlwaysExitZero ? ExitCodes.Ok
            : ExitCode([.. runs.SelectMany(run => run.Reports)]);
    }

    /// <summary>11 and 12 only where every host refused, so that nothing was started anywhere; else the hosts' bits.</summary>
    internal static int ExitCode(IReadOnlyList<HostReport> reports)
    {
        if (reports.All(report => report.State == HostState.Refused))
        {
            return reports.All(report => report.Authentication) ? ExitCodes.Authentication : ExitCodes.Refused;
        }

        return reports.Aggregate(ExitCodes.Ok, (bits, report) => bits | report.State.ExitBit());
    }

    /// <summary>A host whose asking ended in a bug of ours: nothing is known of it.</summary>
    private static HostRun Broken(HostAddress host) => new(
        host,
        new LegacyResult(1, 0, null, null, LegacyNull.Value),
        [new HostReport { Host = host.Name, State = HostState.Unknown, Note = "an error in deploy itself lost its answer" }],
        []);
}
