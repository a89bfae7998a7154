using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Jobs.Engine;

/// <summary>What an engine is made with.</summary>
internal sealed record EngineSettings
{
    /// <summary>What <see cref="MaxOrderLifetime"/> is where nothing is set. // ours: 24 h</summary>
    public static readonly TimeSpan LongestLifetime = TimeSpan.FromHours(24);

    /// <summary>What the daemon calls itself, for messages.</summary>
    public required string Name { get; init; }

    /// <summary>Which hosts of a document this daemon does, in the order of its list, at least one; or why none. Null does all of them. Asked for each new document.</summary>
    public Func<JobDocument, Asker, Admission>? Admit { get; init; }

    /// <summary>Why an asker may not order on these hosts; of none, why on no host at all. Null where it may. Null lets everybody order on all hosts.</summary>
    public Func<Asker, IReadOnlyList<string>, Problem?>? MayReach { get; init; }

    /// <summary>Hosts of one job that run at once where it has no rollout. // ours: 256</summary>
    public int FanOut { get; init; } = 256;

    /// <summary>Hosts of one job that run at once where its rollout does not say. // ours: 50</summary>
    public int RolloutParallel { get; init; } = 50;

    /// <summary>Hosts of all jobs that run at once. // ours: as many as a proxy asks</summary>
    public int RunningAtOnce { get; init; } = Limits.HostsAtOnce;

    /// <summary>True where rollouts are gone through here; an agent does its one host when it is told to.</summary>
    public bool Rollouts { get; init; } = true;

    /// <summary>True where an rsync takes a lease on its sync group and hosts: at a proxy, which several people use.</summary>
    public bool Leases { get; init; }

    /// <summary>Until when a job may start that does not say. // jobs.md: one hour</summary>
    public TimeSpan OrderLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Furthest ahead that a job may ask for; asked for each new job. // ours: 24 h</summary>
    public Func<TimeSpan> MaxOrderLifetime { get; init; } = () => LongestLifetime;

    /// <summary>What sets <see cref="MaxOrderLifetime"/>, for the message; null where nothing does.</summary>
    public string? LifetimeSetting { get; init; }

    /// <summary>How long a cancellation is waited for before it is answered. // ours: 30 s</summary>
    public TimeSpan CancelTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>False where nobody reads in a log how jobs and hosts ended: at a client, which shows it.</summary>
    public bool LogsEnds { get; init; } = true;

    /// <summary>Called after each job's end, from any thread; null for nobody.</summary>
    public Action? JobEnded { get; init; }
}

/// <summary>The hosts that a daemon does of a document, or why it does none.</summary>
internal abstract record Admission
{
    private Admission()
    {
    }

    /// <param name="Names">As the document's list has them, at least one, each once.</param>
    internal sealed record Hosts(IReadOnlyList<string> Names) : Admission;

    internal sealed record Refused(Problem Problem) : Admission;
}
