using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Modes.Tui.Live;

/// <summary>How the daemons of a dashboard are one fleet: a proxy is by itself; of agents it is put together.</summary>
internal interface IView
{
    /// <summary>Follows them until it is cancelled.</summary>
    Task RunAsync(CancellationToken cancellationToken);

    /// <summary>Tells what is known of the hosts, and the groups.</summary>
    Task TellHostsAsync(CancellationToken cancellationToken);

    /// <summary>Who knows a job; none where nobody does.</summary>
    /// <param name="id">Which.</param>
    /// <param name="host">The host that is asked about; null for all of it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<KnownJob>> WhoKnowsAsync(JobId id, string? host, CancellationToken cancellationToken);

    /// <summary>Where the audit log is that can be read; null, and why, where there is more than one.</summary>
    (Followed? Daemon, string? WhyNot) Audit { get; }
}

/// <summary>A job at one place.</summary>
/// <param name="Jobs">Which.</param>
/// <param name="View">As it stands there.</param>
/// <param name="Host">The dashboard's name of the one host that it has there; null where it has them by its own names.</param>
internal sealed record KnownJob(IJobs Jobs, JobView View, string? Host)
{
    /// <summary>A standing under the dashboard's name of its host.</summary>
    public HostStanding Named(HostStanding standing) => Host is null ? standing : standing with { Host = Host };
}
