using Deploy.Jobs.Engine;
using Deploy.Jobs.Events;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Store;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Jobs.Engine;

/// <summary>An engine with a store and a hub of its own.</summary>
internal sealed class EngineStage : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private bool isKilled;

    private EngineStage(JobStore store, EventHub hub, JobEngine engine, ListLog log) => (Store, Hub, Engine, Log) = (store, hub, engine, log);

    public JobStore Store { get; }

    public EventHub Hub { get; }

    public JobEngine Engine { get; }

    public ListLog Log { get; }

    /// <summary>Opens one; several after another on one file are a daemon that is started again.</summary>
    public static EngineStage Open(IHostRunner runner, string? path = null, Func<EngineSettings, EngineSettings>? change = null, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        var log = new ListLog();
        var store = JobStore.Open(path, new StoreSettings(), time, log);
        var hub = new EventHub(time);
        var settings = new EngineSettings { Name = "proxy1" };
        return new EngineStage(store, hub, new JobEngine(change?.Invoke(settings) ?? settings, store, hub, runner, time, log), log);
    }

    /// <summary>A document of an exec on so many hosts.</summary>
    public static JobDocument Document(int hosts, RolloutSpec? rollout = null, Order order = Order.Exec, JobId? id = null) => JobDocument.Of(Spec(hosts, rollout, order, id));

    public static JobSpec Spec(int hosts, RolloutSpec? rollout = null, Order order = Order.Exec, JobId? id = null) => new()
    {
        Id = id ?? JobId.New(TimeProvider.System.GetUtcNow()),
        Order = order,
        Hosts = hosts == 1 ? "h-1" : $"h-[1-{hosts}]",
        Command = order == Order.Exec ? "uptime" : null,
        Group = order == Order.Exec ? null : "site",
        Rollout = rollout,
    };

    public async Task<JobView> SubmitAsync(JobDocument document)
    {
        var submission = await Engine.SubmitAsync(document, new Asker("127.0.0.1:1", "ann@desk"), CancellationToken.None);
        return Assert.IsType<Submission.Taken>(submission).Job;
    }

    public async Task<Problem> RefusedAsync(JobDocument document) =>
        Assert.IsType<Submission.Refused>(await Engine.SubmitAsync(document, new Asker("127.0.0.1:1", null), CancellationToken.None)).Problem;

    public async Task<JobView> ActAsync(JobId id, JobAct act) =>
        Assert.IsType<Submission.Taken>(await Engine.ActAsync(id, act, new Asker("127.0.0.1:2", "bob@desk"), CancellationToken.None)).Job;

    /// <summary>Waits until a job is as a test wants it.</summary>
    public async Task<JobView> UntilAsync(JobId id, Func<JobView, bool> isSo)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            var view = (await Engine.FindAsync(id, CancellationToken.None))!;
            Assert.Equal(view.Summary.Hosts, view.Summary.Counts.Values.Sum());
            if (isSo(view))
            {
                return view;
            }

            Assert.False(limit.IsCancellationRequested, $"{view.State} {view.Reason} {string.Join(',', view.Summary.Counts)}; {string.Join('\n', Log.Entries)}");
            await Task.Delay(2);
        }
    }

    public Task<JobView> UntilEndAsync(JobId id) => UntilAsync(id, view => view.Ended is not null);

    public async Task<string> StatesAsync(JobId id) =>
        string.Join(' ', (await Engine.HostsAsync(id, [], null, CancellationToken.None))!.Items.Select(host => host.State.Word()));

    /// <summary>The daemon is gone between two writes: nothing that happens from now on comes to its disk.</summary>
    public async ValueTask KillAsync()
    {
        if (!isKilled)
        {
            isKilled = true;
            await Store.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync().AsTask().WaitAsync(Patience);
        await KillAsync();
        Assert.DoesNotContain(Log.Entries, entry => entry.Message.Contains("failed inside deploy", StringComparison.Ordinal));
    }
}
