using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Processes;

namespace Deploy.Jobs.Commands;

/// <summary>exec: runs a configured command with the request's arguments, each a word of its own, and keeps what it printed.</summary>
/// <param name="children">Starts and stops them.</param>
/// <param name="slots">How many run at once; the others wait their turn.</param>
/// <param name="jobs">Keeps the record of each.</param>
/// <param name="time">The clock of the time limit.</param>
internal sealed class CommandOrders(Children children, SemaphoreSlim slots, JobTable jobs, TimeProvider time)
{
    /// <summary>Where a command's program is looked for when its name has no slash. Debian's /etc/login.defs, ENV_SUPATH.</summary>
    public const string SearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private static readonly Dictionary<string, string> Environment = new()
    {
        ["PATH"] = SearchPath,
        ["LC_ALL"] = "C.UTF-8",
        ["HOME"] = "/",
    };

    private const int MaxReasonUnits = 1000; // a reason may quote an argument, and lists what was expected

    private static readonly char[] Separators = [',', '|'];

    /// <summary>The command that exec's options name.</summary>
    public static string NameIn(string options) => options.Split(Separators, 2)[0];

    /// <summary>Runs it to its end, or to the end of its time.</summary>
    /// <param name="job">The order's job; its subject is the command's name.</param>
    /// <param name="options">The order's options: the name, then the arguments.</param>
    /// <param name="rules">The rules in force.</param>
    /// <param name="cancellationToken">Fires when the request's time is up.</param>
    public async Task<OrderOutcome> RunAsync(Job job, string options, AgentRules rules, CancellationToken cancellationToken)
    {
        string name = NameIn(options);
        string[] arguments = options.Split(Separators)[1..];
        if (!rules.Commands.TryGetValue(name, out var command))
        {
            jobs.End(job, HostState.Refused, "no such command");
            return new OrderOutcome.CommandUnknown(name);
        }

        if (command.Form is not { } form)
        {
            jobs.End(job, HostState.Refused, command.DisabledReason);
            return Failed(rules, command.DisabledReason ?? "it is disabled", command.Line);
        }

        string line = form.LegacyCommandLine(arguments);
        var taken = form.With(arguments);
        if (taken is not CommandWords.Ready { Argv: var words })
        {
            string reason = SafeText.Of(((CommandWords.Refused)taken).Reason, MaxReasonUnits);
            jobs.End(job, HostState.Refused, reason);
            return Failed(rules, $"{name}: {reason}", line);
        }

        try
        {
            await slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            jobs.End(job, HostState.Timeout, "too much else ran, its turn did not come (max_process_timeout)");
            return new OrderOutcome.TimedOut(time.GetUtcNow() - job.Accepted);
        }

        try
        {
            return await StartAsync(job, words, line, rules with { MaxCommandTime = command.Timeout ?? rules.MaxCommandTime }, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            slots.Release();
        }
    }

    private async Task<OrderOutcome> StartAsync(Job job, IReadOnlyList<string> words, string line, AgentRules rules, CancellationToken cancellationToken)
    {
        var output = new CappedOutput(rules.OutputCapBytes);
        var started = await children.StartAsync(new ChildStart
        {
            Program = words[0],
            Arguments = [.. words.Skip(1)],
            Environment = Environment,
            Output = output,
            OnePipe = true,
            MayLeaveProcesses = true,
        }).ConfigureAwait(false);
        if (started is not ChildStartResult.Started { Child: var child })
        {
            string reason = $"cannot start {words[0]}: {((ChildStartResult.NotStarted)started).Reason}";
            jobs.End(job, HostState.Failed, reason);
            return Failed(rules, reason, line);
        }

        return await FollowAsync(job, child, output, line, rules, cancellationToken).ConfigureAwait(false);
    }

    private async Task<OrderOutcome> FollowAsync(Job job, Child child, CappedOutput output, string line, AgentRules rules, CancellationToken cancellationToken)
    {
        try
        {
            var exit = await child.Exited.WaitAsync(rules.MaxCommandTime, time, cancellationToken).ConfigureAwait(false);
            string? reason = exit switch { { Code: 0 } => null, { Code: { } code } => $"exit code {code}", _ => $"ended by signal {exit.Signal}" };
            jobs.End(job, reason is null ? HostState.Ok : HostState.Failed, reason);
            return new OrderOutcome.CommandEnded(reason is null, output.ToBytes(exit.Signal is null ? [] : [$"deploy: {reason}"]), line);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            await child.StopAsync(Limits.KillGrace).ConfigureAwait(false);
            string reason = $"stopped after {(time.GetUtcNow() - job.Accepted).TotalSeconds:0} s: its time was up (a command may run for {rules.MaxCommandTime.TotalSeconds:0} s, see max_command_time)";
            jobs.End(job, HostState.Timeout, reason);
            return e is OperationCanceledException
                ? new OrderOutcome.TimedOut(time.GetUtcNow() - job.Accepted)
                : new OrderOutcome.CommandEnded(false, output.ToBytes($"deploy: error: {rules.Name}: {reason}"), line);
        }
    }

    private static OrderOutcome.CommandEnded Failed(AgentRules rules, string reason, string line) =>
        new(false, System.Text.Encoding.UTF8.GetBytes($"deploy: error: {rules.Name}: {reason}\n"), line);
}
