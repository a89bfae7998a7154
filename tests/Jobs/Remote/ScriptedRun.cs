using System.Collections.Concurrent;
using Deploy.Jobs.Engine;
using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Tests.Jobs.Remote;

/// <summary>One host of a job as an engine would give it to a runner: every move is checked against the diagram, and written down.</summary>
internal sealed class ScriptedRun : IHostRun, IDisposable
{
    private CancellationTokenSource cancel = new();
    private readonly Lock gate = new();

    public ScriptedRun(JobSpec spec, string host, HostState state = HostState.Queued, DateTimeOffset? started = null)
    {
        Document = JobDocument.Of(spec);
        Host = host;
        Standing = new HostStanding { Host = host, State = state, Started = started };
    }

    public JobDocument Document { get; init; }

    public string Host { get; }

    public HostStanding Standing { get; private set; }

    public CancellationToken Cancelled => cancel.Token;

    public RequestProof? CancelProof => null;

    /// <summary>How often its agent said no to a cancellation.</summary>
    public int Denials { get; private set; }

    public void NotCancelled()
    {
        Denials++;
        cancel.Dispose();
        cancel = new CancellationTokenSource();
    }

    public DateTimeOffset NotAfter { get; init; } = DateTimeOffset.UtcNow + TimeSpan.FromHours(1);

    public HostEnd? End { get; private set; }

    public bool IsLost { get; private set; }

    /// <summary>Shapes that the job has.</summary>
    public ConcurrentDictionary<string, bool> Shapes { get; init; } = new();

    public ConcurrentQueue<HostProgress> Told { get; } = new();

    public ConcurrentQueue<string?> Waits { get; } = new();

    public ConcurrentQueue<LogLine> Lines { get; } = new();

    /// <summary>Called when it comes to wait for something.</summary>
    public Action<string?>? OnWaiting { get; init; }

    /// <summary>Called when it runs.</summary>
    public Action? OnRunning { get; init; }

    public static JobSpec Spec(Order order = Order.Exec, string hosts = "web-1") => order == Order.Exec
        ? new JobSpec { Id = JobId.New(DateTimeOffset.UtcNow), Order = order, Hosts = hosts, Command = "true" }
        : new JobSpec { Id = JobId.New(DateTimeOffset.UtcNow), Order = order, Hosts = hosts, Group = "site" };

    public void Cancel() => cancel.Cancel();

    public Task ConnectingAsync()
    {
        Move(HostState.Connecting);
        return Task.CompletedTask;
    }

    public Task RunningAsync(DateTimeOffset? started = null)
    {
        Move(HostState.Running);
        OnRunning?.Invoke();
        return Task.CompletedTask;
    }

    public void Progress(HostProgress progress) => Told.Enqueue(progress);

    public void Waiting(string? what)
    {
        Waits.Enqueue(what);
        OnWaiting?.Invoke(what);
    }

    public void Lost(bool isLost) => IsLost = isLost;

    public void Log(LogLine line) => Lines.Enqueue(line);

    public bool HasShape(string digest) => Shapes.ContainsKey(digest);

    public Task EndAsync(HostEnd end)
    {
        Move(end.State);
        End = end;
        if (end is { Shape: { } shape, Content: not null })
        {
            Shapes[shape] = true;
        }

        return Task.CompletedTask;
    }

    public void Dispose() => cancel.Dispose();

    private void Move(HostState to)
    {
        lock (gate)
        {
            if (!Standing.State.MayBecome(to))
            {
                throw new InvalidOperationException($"{Standing.State} cannot become {to}");
            }

            Standing = Standing with { State = to };
        }
    }
}
