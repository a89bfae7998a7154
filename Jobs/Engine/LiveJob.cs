using Deploy.Jobs.Engine.Telling;
using Deploy.Jobs.Rollouts;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Store;

namespace Deploy.Jobs.Engine;

/// <summary>What is due for a job, beside its hosts.</summary>
internal enum JobStep
{
    None,

    /// <summary>It ends: that is kept before any host is told.</summary>
    KeepEnding,

    /// <summary>Hosts that wait are to end as skipped or cancelled.</summary>
    EndWaiting,

    /// <summary>It runs now.</summary>
    Run,

    /// <summary>It is paused now.</summary>
    Pause,

    /// <summary>Every host has ended.</summary>
    Finish,
}

/// <summary>A job in memory: one that runs, or one that ended lately. Everything in it is read and written under <see cref="Gate"/>.</summary>
internal sealed class LiveJob
{
    private readonly HostStanding?[] standings;
    private readonly int[] counts = new int[(int)HostState.Skipped + 1];
    private readonly Queue<int> again = new();
    private bool moved;

    /// <param name="stored">What is kept of it.</param>
    /// <param name="document">Null for one that came on the original's wire.</param>
    /// <param name="hosts">By place.</param>
    /// <param name="rollout">As its hosts stand.</param>
    public LiveJob(StoredJob stored, JobDocument? document, IReadOnlyList<string> hosts, Rollout rollout)
    {
        (Stored, Document, Hosts, Rollout) = (stored, document, hosts, rollout);
        standings = new HostStanding?[hosts.Count];
        counts[(int)HostState.Queued] = hosts.Count;
        Ending = stored.State.IsTerminal() ? stored.State : null;
    }

    /// <summary>Taken for short, never while something is waited for; the turns' lock may be held around it, none is taken inside it but the hub's.</summary>
    public Lock Gate { get; } = new();

    public JobId Id => Stored.Id;

    /// <summary>As it stands; replaced as a whole.</summary>
    public StoredJob Stored { get; set; }

    public JobDocument? Document { get; }

    public IReadOnlyList<string> Hosts { get; }

    public Rollout Rollout { get; }

    /// <summary>In the store; else in memory alone.</summary>
    public required bool IsKept { get; init; }

    /// <summary>An order of the original's wire, which is answered whatever the store does.</summary>
    public bool IsAdopted => Document is null;

    /// <summary>The rollout's ending, once it is kept.</summary>
    public JobState? Ending { get; set; }

    /// <summary>Of <see cref="Turns"/>, under its lock: it stands in the line.</summary>
    public bool IsInLine { get; set; }

    /// <summary>Hosts with a runner, by place.</summary>
    public Dictionary<int, HostRun> Active { get; } = [];

    /// <summary>True where its hosts may have moved since this was asked last.</summary>
    public bool HasMoved
    {
        get
        {
            bool has = moved || Active.Count > 0;
            moved = false;
            return has;
        }
    }

    /// <summary>True while the code of the original's wire holds it: it ends it by its own word.</summary>
    public bool IsHeld { get; set; }

    /// <summary>How an order of the original's wire ended, as its answer says; null for the rest.</summary>
    public HostState? Told { get; set; }

    /// <summary>Shapes and prints.</summary>
    public JobContents Contents { get; } = new();

    /// <summary>What has come to an end so far, added up.</summary>
    public JobMeter Meter { get; } = new();

    /// <summary>Ends when the job has ended.</summary>
    public TaskCompletionSource Finished { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whoever does the steps that are due; null where nobody does.</summary>
    public TaskCompletionSource? Settling { get; set; }

    /// <summary>When its rollout's deadline passes, as a monotonic timestamp; null for none.</summary>
    public long? DeadlineAt { get; set; }

    /// <summary>How many hosts stand in a state.</summary>
    public int Count(HostState state) => counts[(int)state];

    /// <summary>Where a host stands.</summary>
    public HostStanding this[int place] => standings[place] ?? new HostStanding { Host = Hosts[place], State = HostState.Queued, Batch = BatchOf(place) };

    /// <summary>Takes over where a host stood when the daemon was started. Its number goes up by more than what was told and not kept since.</summary>
    public void Restore(int place, HostStanding standing)
    {
        const long Told = 1_000_000; // one a second for eleven days
        if (standing.State == HostState.Queued)
        {
            return;
        }

        Put(place, standing.State.IsTerminal() ? standing : standing with { Rev = standing.Rev + Told });
        if (standing.State.IsTerminal())
        {
            Meter.Add(standing, Stored.Order);
        }
        else
        {
            again.Enqueue(place);
        }
    }

    /// <summary>The next of a host: a change of how it stands, with the next number. The one way by which a host moves.</summary>
    /// <exception cref="InvalidOperationException">The diagram of <see cref="HostState"/> has no way there: a bug.</exception>
    public HostStanding Next(int place, Func<HostStanding, HostStanding> change)
    {
        var now = this[place];
        var next = change(now) with { Rev = now.Rev + 1 };
        return next.State == now.State || now.State.MayReach(next.State)
            ? next
            : throw new InvalidOperationException($"job {Id}: {now.Host} cannot go from {now.State.Word()} to {next.State.Word()}");
    }

    /// <summary>Takes over what <see cref="Next"/> gave.</summary>
    public void Put(int place, HostStanding next)
    {
        counts[(int)this[place].State]--;
        counts[(int)next.State]++;
        standings[place] = next;
        moved = true;
    }

    /// <summary>Takes a host that may start now, or that is to be gone on with after a restart.</summary>
    public bool TryTake(out int place)
    {
        lock (Gate)
        {
            return again.TryDequeue(out place) || Rollout.TryStart(out place);
        }
    }

    /// <summary>The next step that is due.</summary>
    public JobStep Step() => this switch
    {
        { Stored.Ended: not null } => JobStep.None,
        { Rollout.Ending: { } ending } when ending != Ending => JobStep.KeepEnding,
        { Ending: not null, Rollout.Waiting: > 0 } => JobStep.EndWaiting,
        { Rollout.IsOver: true, IsHeld: false } => JobStep.Finish,
        { Stored.State: JobState.Accepted } when Rollout.IsPaused || Rollout.Waiting < Hosts.Count => JobStep.Run,
        { Stored.State: JobState.Running, Rollout.IsPaused: true } => JobStep.Pause,
        { Stored.State: JobState.Paused, Rollout.IsPaused: false } => JobStep.Run,
        _ => JobStep.None,
    };

    /// <summary>The job as it is told: one that ends while hosts run is running still.</summary>
    public JobView View(DateTimeOffset now)
    {
        lock (Gate)
        {
            return JobViews.Of(Stored, Document?.Spec, Hosts, Summary(now));
        }
    }

    /// <summary>Its hosts, added up.</summary>
    public JobSummary Summary(DateTimeOffset now) => Meter.Sum(this, now);

    private int? BatchOf(int place) => Rollout.Plan.IsRollout ? Rollout.Plan.BatchOf(place) : null;
}
