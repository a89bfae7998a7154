using Deploy.Model;
using Deploy.Processes;

namespace Deploy.Jobs.Commands;

/// <summary>Runs commands: in turn, for as long as they may, each to its end or stopped with all that it started.</summary>
/// <param name="children">Starts and stops them.</param>
/// <param name="slots">How many run at once; the others wait their turn.</param>
/// <param name="time">The clock of the time limit.</param>
internal sealed class CommandRuns(Children children, SemaphoreSlim slots, TimeProvider time)
{
    /// <summary>Where a command's program is looked for when its name has no slash. Debian's /etc/login.defs, ENV_SUPATH.</summary>
    public const string SearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private static readonly Dictionary<string, string> Environment = new()
    {
        ["PATH"] = SearchPath,
        ["LC_ALL"] = "C.UTF-8",
        ["HOME"] = "/",
    };

    /// <summary>Runs one.</summary>
    /// <param name="command">What.</param>
    /// <param name="output">Takes what it prints.</param>
    /// <param name="onePipe">stdout and stderr in the order they come, all of it stdout.</param>
    /// <param name="cancellationToken">Stops it, and the waiting for its turn.</param>
    public async Task<CommandEnd> RunAsync(PreparedCommand.Ready command, IChildOutput output, bool onePipe, CancellationToken cancellationToken)
    {
        try
        {
            await slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return new CommandEnd.NoTurn();
        }

        try
        {
            var started = await children.StartAsync(new ChildStart
            {
                Program = command.Argv[0],
                Arguments = [.. command.Argv.Skip(1)],
                Environment = Environment,
                Output = output,
                OnePipe = onePipe,
                MayLeaveProcesses = true,
            }).ConfigureAwait(false);
            return started is ChildStartResult.Started { Child: var child }
                ? await FollowAsync(child, command.Most, cancellationToken).ConfigureAwait(false)
                : new CommandEnd.NotStarted($"cannot start {command.Argv[0]}: {((ChildStartResult.NotStarted)started).Reason}");
        }
        finally
        {
            slots.Release();
        }
    }

    private async Task<CommandEnd> FollowAsync(Child child, TimeSpan most, CancellationToken cancellationToken)
    {
        try
        {
            return new CommandEnd.Ended(await child.Exited.WaitAsync(most, time, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            await child.StopAsync(Limits.KillGrace).ConfigureAwait(false);
            return new CommandEnd.Stopped(e is OperationCanceledException, child.LivePids());
        }
    }
}

/// <summary>How a command ended.</summary>
internal abstract record CommandEnd
{
    private CommandEnd()
    {
    }

    /// <summary>The caller gave up before its turn came.</summary>
    internal sealed record NoTurn : CommandEnd;

    /// <param name="Reason">Why the kernel did not start it.</param>
    internal sealed record NotStarted(string Reason) : CommandEnd;

    /// <summary>By itself.</summary>
    internal sealed record Ended(ChildExit Exit) : CommandEnd
    {
        /// <summary>Null for exit code 0.</summary>
        public string? Reason => Exit switch { { Code: 0 } => null, { Code: { } code } => $"exit code {code}", _ => $"ended by signal {Exit.Signal}" };
    }

    /// <param name="ByCaller">The caller asked; else its time was up.</param>
    /// <param name="Left">Its processes that live all the same.</param>
    internal sealed record Stopped(bool ByCaller, IReadOnlyList<int> Left) : CommandEnd;
}
