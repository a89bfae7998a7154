using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tui.State;

namespace Deploy.Tui.Screens.HostPage;

/// <summary>The jobs of the host that is looked at.</summary>
internal static class HostJobs
{
    /// <summary>Newest first: what the daemon answered, and what events tell of since.</summary>
    public static IReadOnlyList<JobRecord> Of(TuiModel model)
    {
        if (model.Place.Host is not { } host)
        {
            return [];
        }

        var told = model.Host.Host == host ? model.Host.Jobs ?? [] : [];
        HashSet<JobId> ids = [.. told];
        return [.. model.Jobs.Newest.Where(job => ids.Contains(job) || model.Jobs.Find(job)!.Standings.Find(host) is not null).Select(job => model.Jobs.Find(job)!)];
    }

    /// <summary>The job under the cursor; null where there is none.</summary>
    public static JobRecord? Cursor(TuiModel model) => Of(model) is { Count: > 0 } jobs ? jobs[model.Host.List.PlaceIn(Keys(jobs))] : null;

    public static IReadOnlyList<string> Keys(IReadOnlyList<JobRecord> jobs) => [.. jobs.Select(job => job.Id.ToString())];

    /// <summary>What is asked for its page.</summary>
    public static Effect.ReadJobs Question(string host) => new(new JobQuery { Host = host });
}
