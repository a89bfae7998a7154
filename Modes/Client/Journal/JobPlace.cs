using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;

namespace Deploy.Modes.Client.Journal;

/// <summary>Where the jobs of a command line are: at a proxy, or in the journal of this user on this machine.</summary>
internal abstract class JobPlace : IAsyncDisposable
{
    /// <summary>As it is called in messages: <c>proxy-01:3441</c>, <c>this machine</c>.</summary>
    public abstract string Name { get; }

    public abstract IJobs Jobs { get; }

    /// <summary>What a command line says to come back here: <c> --via proxy-01</c>, or nothing.</summary>
    public abstract string Option { get; }

    /// <summary>True for this user's own journal.</summary>
    public virtual bool IsHere => false;

    /// <summary>Called once, before anything is asked.</summary>
    /// <exception cref="UserError">It may not be asked.</exception>
    public virtual Task CheckAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Whether hosts may name a port.</summary>
    public abstract bool TakesPorts { get; }

    /// <summary>Takes lines that are said while a job is shown, so that they do not tear what is drawn; null where nothing is shown.</summary>
    public Action<string>? Says { get; set; }

    /// <summary>The hosts of a group; null for one that is not known here.</summary>
    /// <exception cref="UserError">There are no groups here, or they cannot be asked for.</exception>
    public abstract Task<HostSet?> GroupAsync(string name, CancellationToken cancellationToken);

    /// <summary>Makes ready for a job on these hosts, before it is handed in.</summary>
    /// <param name="id">The job.</param>
    /// <param name="ports">The port of each host that names one.</param>
    /// <param name="hosts">All of them.</param>
    /// <param name="keep">Whether the job is one that is kept.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="UserError">They cannot be asked.</exception>
    public abstract Task PrepareAsync(JobId id, IReadOnlyList<string> hosts, IReadOnlyDictionary<string, int> ports, bool keep, CancellationToken cancellationToken);

    /// <summary>The job as it is handed in: signed, where somebody who takes no other is asked.</summary>
    /// <exception cref="UserError">There is no key to sign with.</exception>
    public abstract Task<JobDocument> SignedAsync(JobDocument document, IReadOnlyList<string> hosts, CancellationToken cancellationToken);

    /// <summary>The ports under which the hosts of a job were asked; empty where they have none of their own.</summary>
    public virtual IReadOnlyDictionary<string, int> PortsOf(JobId id) => new Dictionary<string, int>();

    /// <summary>Whether a job is there when this process has ended.</summary>
    public virtual bool Outlives(JobView job) => true;

    /// <summary>Leaves a job that has not ended: what becomes of it, in one line. Starts nothing more where the job runs in this process.</summary>
    /// <param name="summary">How it stands.</param>
    public abstract Task<string> LeaveAsync(JobSummary summary);

    /// <summary>What the first Ctrl-C says of the job's future, in one line.</summary>
    public abstract string Future { get; }

    /// <summary>The hosts that are known here.</summary>
    /// <exception cref="UserError">None are.</exception>
    public abstract Task<IReadOnlyList<HostFacts>> HostsAsync(CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}
