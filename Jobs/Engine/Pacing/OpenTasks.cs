using Deploy.Logs;

namespace Deploy.Jobs.Engine.Pacing;

/// <summary>Work that goes on by itself, owned: whoever stops waits until none is left. What such work throws is a bug, which costs itself and is logged whole.</summary>
internal sealed class OpenTasks(ILog log)
{
    private readonly Lock gate = new();
    private TaskCompletionSource? none;
    private int open;

    /// <summary>How much is open.</summary>
    public int Count => Volatile.Read(ref open);

    /// <summary>Starts work on the pool.</summary>
    /// <param name="work">Leaves by an <see cref="OperationCanceledException"/> where it is to stop.</param>
    public void Start(Func<Task> work)
    {
        Interlocked.Increment(ref open);
        _ = Task.Run(() => FollowAsync(work));
    }

    /// <summary>Ends when nothing is open.</summary>
    public Task WhenNoneAsync()
    {
        lock (gate)
        {
            if (Count == 0)
            {
                return Task.CompletedTask;
            }

            none ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return none.Task;
        }
    }

    /// <summary>The work to its end.</summary>
    private async Task FollowAsync(Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It was told to leave.
        }
        catch (Exception bug)
        {
            log.Error($"failed inside deploy: {bug}");
        }
        finally
        {
            lock (gate)
            {
                if (Interlocked.Decrement(ref open) == 0)
                {
                    none?.SetResult();
                    none = null;
                }
            }
        }
    }
}
