using System.Text;
using Deploy.Jobs.Commands;
using Deploy.Jobs.Engine;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Text;

namespace Deploy.Jobs.Local;

/// <summary>exec, and the health check after a sync.</summary>
internal sealed class LocalCommands(CommandRuns runs)
{
    private const int SignalBase = 128; // an exit code of shells for a signal
    private const int MostLineUnits = 500;
    private const string Left = "no process of its session is left; what it moved to a session of its own lives on"; // a daemon that it started is free, and nobody can tell it from that

    /// <summary>Runs a command; what it printed and its exit code are the host's shape.</summary>
    public async Task ExecAsync(LocalRun run, AgentRules rules)
    {
        var prepared = PreparedCommand.Of(rules, run.Spec.Command ?? string.Empty, run.Spec.Arguments ?? []);
        if (prepared is not PreparedCommand.Ready ready)
        {
            await run.EndAsync(new HostEnd(HostState.Refused, prepared switch
            {
                PreparedCommand.Unknown => PreparedCommand.Unknown.Reason,
                PreparedCommand.Refused refused => refused.Shown,
                _ => throw new InvalidOperationException(),
            })).ConfigureAwait(false);
            return;
        }

        if (run.Spec.HostTimeoutSeconds is { } seconds && TimeSpan.FromSeconds(seconds) < ready.Most)
        {
            ready = ready with { Most = TimeSpan.FromSeconds(seconds) };
        }

        var output = new SplitOutput(rules.OutputCapBytes, run.Run.Log);
        using var stop = run.Stop();
        var how = await runs.RunAsync(ready, output, onePipe: false, stop.Token).ConfigureAwait(false);
        await run.EndAsync(how switch
        {
            CommandEnd.NoTurn => run.Stopped(),
            CommandEnd.NotStarted no => new HostEnd(HostState.Failed, no.Reason),
            CommandEnd.Stopped { Left.Count: > 0 } stuck => LocalRun.Stuck(stuck.Left),
            CommandEnd.Stopped { ByCaller: true } => run.Stopped(Left),
            CommandEnd.Stopped => new HostEnd(HostState.Timeout, $"stopped: a command may run for {ready.Most.TotalSeconds:0} s (max_command_time, or the order's host_timeout)"),
            CommandEnd.Ended ended => Ended(ended, output),
            _ => throw new InvalidOperationException(),
        }).ConfigureAwait(false);
    }

    /// <summary>Runs the health check; null where the host is well, else why not, and what it printed.</summary>
    public async Task<(string Why, IReadOnlyList<LogLine> Said)?> CheckAsync(string name, AgentRules rules, CancellationToken cancellationToken)
    {
        if (PreparedCommand.Of(rules, name, []) is not PreparedCommand.Ready ready)
        {
            return ($"the health check {name} cannot run here; see [command.{name}]", []);
        }

        var output = new CappedOutput(rules.OutputCapBytes);
        string? why = await runs.RunAsync(ready, output, onePipe: true, cancellationToken).ConfigureAwait(false) switch
        {
            CommandEnd.Ended { Reason: null } => null,
            CommandEnd.Ended ended => ended.Reason,
            CommandEnd.NotStarted no => no.Reason,
            _ => $"it did not end within {ready.Most.TotalSeconds:0} s",
        };
        if (why is null)
        {
            return null;
        }

        string[] said = Encoding.UTF8.GetString(output.ToBytes().Span).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string last = said.Length == 0 ? string.Empty : $"; its last line: {SafeText.Of(said[^1].Trim(), MostLineUnits)}";
        return ($"the sync was done, and the health check {name} failed: {why}{last}", Array.ConvertAll(said, line => new LogLine("stdout", line)));
    }

    private static HostEnd Ended(CommandEnd.Ended ended, SplitOutput output)
    {
        var content = ShapeContent.OfOutput(ended.Exit.Code ?? SignalBase + ended.Exit.Signal!.Value, output.Output.Span, output.Errors.Span);
        return new HostEnd(ended.Reason is null ? HostState.Ok : HostState.Failed, ended.Reason) { ExitCode = ended.Exit.Code, Shape = content.Digest(), Content = content };
    }
}
