using Deploy.Jobs;
using Deploy.Jobs.Commands;
using Deploy.Jobs.Engine;
using Deploy.Jobs.Events;
using Deploy.Jobs.Local;
using Deploy.Jobs.Syncs;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Model.Text;
using Deploy.Processes;
using Deploy.Rsync;
using Deploy.Store;

namespace Deploy.Modes.Agent;

/// <summary>What an agent does its orders with.</summary>
internal sealed record AgentWork(Children Children, RsyncRunner Rsync, RunningSyncs Running, SemaphoreSlim PreviewSlots, SemaphoreSlim CommandSlots);

/// <summary>The jobs of one agent: store, engine, and the two ways in. Opened once the agent runs as the user that it is to be, since that user's is the file.</summary>
internal sealed class AgentJobs : IAsyncDisposable
{
    private int disposed;

    private AgentJobs(JobStore store, JobEngine engine, AgentOrders orders) => (Store, Engine, Orders) = (store, engine, orders);

    public JobStore Store { get; }

    public JobEngine Engine { get; }

    /// <summary>The original's wire.</summary>
    public AgentOrders Orders { get; }

    /// <summary>Opens the store, ends what an agent before had running, and takes over how the last syncs ended.</summary>
    /// <param name="rules">The rules in force.</param>
    /// <param name="stateDirectory">Null keeps all in memory.</param>
    /// <param name="with">What does the work.</param>
    /// <param name="of">The settings in force: what orders may call this host. The first name is what messages call it, until a restart.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The agent's log.</param>
    /// <param name="ended">Called after each job's end; null for nobody.</param>
    /// <exception cref="UserError">The store cannot be opened.</exception>
    public static async Task<AgentJobs> OpenAsync(Func<AgentRules> rules, string? stateDirectory, AgentWork with, Func<AgentSettings> of, TimeProvider time, ILog log, Action? ended)
    {
        var store = JobStore.Open(stateDirectory is null ? null : Path.Combine(stateDirectory, "jobs.db"), new StoreSettings(), time, log);
        var previews = new Previews(with.Rsync, with.PreviewSlots);
        var work = new SyncWork(with.Rsync, time);
        var runs = new CommandRuns(with.Children, with.CommandSlots, time);
        var commands = new LocalCommands(runs);
        var runner = new LocalRunner(rules, new LocalTrees(previews, with.Running), new LocalSyncs(work, with.Running, commands, time), commands, time, log);
        var settings = new EngineSettings { Name = of().Names[0], Admit = (document, asker) => Admit(document, asker, of()), MaxOrderLifetime = () => rules().MaxOrderLifetime, LifetimeSetting = "max_order_lifetime", Rollouts = false, JobEnded = ended };
        var engine = new JobEngine(settings, store, new EventHub(time), runner, time, log);
        LastSyncs.Restore(store, rules(), with.Running, log);
        await engine.StartAsync().ConfigureAwait(false);
        return new AgentJobs(store, engine, new AgentOrders(rules, engine, new SyncOrders(work, previews, with.Running, time, log), new CommandOrders(runs, time)));
    }

    /// <summary>After the stop.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
        {
            return;
        }

        await Engine.DisposeAsync().ConfigureAwait(false);
        await Store.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Which host of the list this one is: by its own names, and by the one that it is told it is asked as. That one is not signed: whoever passes a signed order on could send it to another host
    /// than those that it names, so of a signed order it has to be a name of this one.
    /// </summary>
    private static Admission Admit(JobDocument document, Asker asker, AgentSettings settings)
    {
        var names = settings.Names;
        bool isOurs = asker.AsHost is not { } asked || asker.Proof is null || names.Contains(asked, HostName.Comparer);
        string? listed = isOurs ? (asker.AsHost is { } told ? [told] : names).Select(document.Hosts.Find).FirstOrDefault(found => found is not null) : null;
        return listed is null
            ? new Admission.Refused(new Problem(ProblemTypes.Invalid, 422, "not a job of this host", !isOurs ? $"the host that this agent is asked as is none of its names ({string.Join(", ", names)})"
                : asker.AsHost is null ? $"none of this agent's names ({string.Join(", ", names)}) is among the job's hosts"
                : "the host that this agent is asked as is not among the job's hosts")
            {
                Hint = asker.Proof is null ? "name it as it calls itself, or say which host of the list it is"
                : settings.IsOriginals ? "name it by its host name; other names need TOML there: deploy convert makes it of its INI file"
                : "name it as it calls itself, or add the name to names in its [agent]"
            })
            : new Admission.Hosts([listed]);
    }
}
