using Deploy.Jobs.Engine;
using Deploy.Model;

namespace Deploy.Jobs.Commands;

/// <summary>exec: runs a configured command with the request's arguments, each a word of its own, and keeps what it printed.</summary>
/// <param name="runs">Runs them.</param>
/// <param name="time">The clock.</param>
internal sealed class CommandOrders(CommandRuns runs, TimeProvider time)
{
    private static readonly char[] Separators = [',', '|'];

    /// <summary>The command that exec's options name.</summary>
    public static string NameIn(string options) => options.Split(Separators, 2)[0];

    /// <summary>Runs it to its end, or to the end of its time.</summary>
    /// <param name="job">The order's job; its subject is the command's name.</param>
    /// <param name="options">The order's options: the name, then the arguments.</param>
    /// <param name="rules">The rules in force.</param>
    /// <param name="cancellationToken">Fires when the request's time is up.</param>
    public async Task<OrderOutcome> RunAsync(AdoptedJob job, string options, AgentRules rules, CancellationToken cancellationToken)
    {
        switch (PreparedCommand.Of(rules, NameIn(options), options.Split(Separators)[1..], dropsEmpty: true))
        {
            case PreparedCommand.Unknown unknown:
                await job.EndAsync(HostState.Refused, PreparedCommand.Unknown.Reason).ConfigureAwait(false);
                return new OrderOutcome.CommandUnknown(unknown.Name);
            case PreparedCommand.Refused refused:
                await job.EndAsync(HostState.Refused, refused.Reason).ConfigureAwait(false);
                return Failed(rules, refused.Shown, refused.Line);
            case PreparedCommand.Ready ready:
                return await StartAsync(job, ready, rules, cancellationToken).ConfigureAwait(false);
            default:
                throw new InvalidOperationException();
        }
    }

    private async Task<OrderOutcome> StartAsync(AdoptedJob job, PreparedCommand.Ready command, AgentRules rules, CancellationToken cancellationToken)
    {
        var output = new CappedOutput(rules.OutputCapBytes);
        switch (await runs.RunAsync(command, output, onePipe: true, cancellationToken).ConfigureAwait(false))
        {
            case CommandEnd.NoTurn:
                await job.EndAsync(HostState.Timeout, "too much else ran, its turn did not come (max_process_timeout)").ConfigureAwait(false);
                return new OrderOutcome.TimedOut(time.GetUtcNow() - job.Accepted);
            case CommandEnd.NotStarted no:
                await job.EndAsync(HostState.Failed, no.Reason).ConfigureAwait(false);
                return Failed(rules, no.Reason, command.Line);
            case CommandEnd.Ended ended:
                await job.EndAsync(ended.Reason is null ? HostState.Ok : HostState.Failed, ended.Reason).ConfigureAwait(false);
                return new OrderOutcome.CommandEnded(ended.Reason is null, output.ToBytes(ended.Exit.Signal is null ? [] : [$"deploy: {ended.Reason}"]), command.Line);
            case CommandEnd.Stopped stopped:
                string reason = $"stopped after {(time.GetUtcNow() - job.Accepted).TotalSeconds:0} s: its time was up (a command may run for {command.Most.TotalSeconds:0} s, see max_command_time)";
                await job.EndAsync(HostState.Timeout, reason).ConfigureAwait(false);
                return stopped.ByCaller
                    ? new OrderOutcome.TimedOut(time.GetUtcNow() - job.Accepted)
                    : new OrderOutcome.CommandEnded(false, output.ToBytes($"deploy: error: {rules.Name}: {reason}"), command.Line);
            default:
                throw new InvalidOperationException();
        }
    }

    private static OrderOutcome.CommandEnded Failed(AgentRules rules, string reason, string line) =>
        new(false, System.Text.Encoding.UTF8.GetBytes($"deploy: error: {rules.Name}: {reason}\n"), line);
}
