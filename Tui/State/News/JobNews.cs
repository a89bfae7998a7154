using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Tui.State.News;

/// <summary>What is told of jobs: whole, and by events.</summary>
internal static class JobNews
{
    private const int MostRates = 600; // ten minutes, a sample a second

    private const int MostRows = 200_000; // hosts of all jobs that are kept whole: some 60 MB
    private const int LeastRows = 500; // what a job counts at least: it may have outputs

    private static readonly TimeSpan BetweenRates = TimeSpan.FromSeconds(1);

    public static TuiModel Told(TuiModel model, IReadOnlyList<JobView> views) =>
        views.Count == 0 ? model : Lightened(model, model.Jobs.With([.. views.Select(view => Newer(model.Jobs.Find(view.Id), view)).DistinctBy(record => record.Id)]));

    public static TuiModel Standings(TuiModel model, Message.StandingsTold told)
    {
        var record = model.Jobs.Find(told.Job) ?? new JobRecord { Id = told.Job };
        record = record with { Standings = record.Standings.With(told.Hosts) };
        model = model with { Jobs = model.Jobs.With(record) };
        return HostNews.Standing(model, told.Hosts.Select(host => (told.Job, record.Standings.Find(host.Host) ?? host)));
    }

    public static TuiModel Shapes(TuiModel model, Message.ShapesTold told) => Changed(model, told.Job, record => record with { Shapes = told.Shapes ?? [] });

    public static TuiModel Content(TuiModel model, Message.ContentTold told) => Changed(model, told.Job, record => record with { Contents = record.Contents.SetItem(told.Digest, told.Content) });

    public static TuiModel Log(TuiModel model, Message.LogTold told) => Changed(model, told.Job, record => record with { Logs = record.Logs.SetItem(told.Host, told.Lines) });

    /// <summary>Takes events in: tables are copied once for all of them. A job that nothing else told of is asked for, once.</summary>
    public static Step Happened(TuiModel model, Message.Happened told)
    {
        model = LinkNews.Streamed(model, told.Source, told.Events, told.At);
        Dictionary<JobId, Gathered> jobs = [];
        foreach (var one in told.Events)
        {
            if (one.Job is { } job)
            {
                if (!jobs.TryGetValue(job, out var gathered))
                {
                    jobs.Add(job, gathered = new Gathered());
                }

                gathered.Take(one);
            }
        }

        List<Effect> effects = [];
        List<JobRecord> records = [];
        List<(JobId, HostStanding)> standings = [];
        foreach (var (job, gathered) in jobs)
        {
            var known = model.Jobs.Find(job);
            var record = With(known ?? new JobRecord { Id = job }, gathered, told.At);
            records.Add(record);
            standings.AddRange(gathered.Hosts.Keys.Select(host => (job, record.Standings.Find(host)!)));
            if (known is null)
            {
                effects.Add(new Effect.ReadJob(job));
            }
        }

        model = records.Count == 0 ? model : Lightened(model, model.Jobs.With(records));
        if (told.Events.Any(one => one.Type == EventType.Gap))
        {
            // GET is the truth now; the hosts of running jobs follow by themselves.
            effects.Add(new Effect.ReadJobs(new JobQuery()));
        }

        return new Step(HostNews.Standing(model, standings), effects);
    }

    /// <summary>The model with these jobs. When jobs came, old ones that have ended and that no screen is at keep their view alone: opened again they are read again. Else a week of jobs stays whole.</summary>
    private static TuiModel Lightened(TuiModel model, JobBook jobs)
    {
        bool isSame = ReferenceEquals(jobs.Newest, model.Jobs.Newest);
        model = model with { Jobs = jobs };
        if (isSame)
        {
            return model;
        }

        HashSet<JobId?> looked = [model.Place.Job, model.Rollout.Job, model.Plan.Job, model.Log.Job, .. model.Back.Select(place => place.Job)];
        List<JobRecord> light = [];
        int rows = 0;
        foreach (var id in jobs.Newest)
        {
            var record = jobs.Find(id)!;
            bool isWhole = record.Standings.Rows.Count > 0 || record.Shapes is not null || !record.Contents.IsEmpty || !record.Logs.IsEmpty;
            rows += isWhole ? Math.Max(LeastRows, record.Standings.Rows.Count) : 0;
            if (isWhole && rows > MostRows && record.View is { } view && view.State.IsTerminal() && !looked.Contains(id))
            {
                rows -= Math.Max(LeastRows, record.Standings.Rows.Count);
                light.Add(new JobRecord { Id = id, View = view with { Spec = null } });
            }
        }

        return light.Count == 0 ? model : model with { Jobs = jobs.With(light) };
    }

    private static JobRecord With(JobRecord record, Gathered gathered, DateTimeOffset at)
    {
        record = gathered.Hosts.Count == 0 ? record : record with { Standings = record.Standings.With(gathered.Hosts.Values) };
        record = gathered.Contents.Count == 0 ? record : record with { Contents = record.Contents.SetItems(gathered.Contents) };
        if (gathered.Summary is { } summary)
        {
            if (record.View is { } view)
            {
                record = record with
                {
                    View = view with
                    {
                        State = summary.State,
                        Summary = summary,
                        Reason = gathered.SaysState ? gathered.Reason : view.Reason,
                        Started = view.Started ?? (summary.State == JobState.Accepted ? null : gathered.At),
                        Ended = summary.State.IsTerminal() ? view.Ended ?? gathered.At : null,
                    },
                };
            }

            if (record.Sampled is null || at - record.Sampled >= BetweenRates)
            {
                var rates = record.Rates.Add(summary.BytesPerSecond ?? 0);
                record = record with { Sampled = at, Rates = rates.Count > MostRates ? rates.RemoveRange(0, rates.Count - MostRates) : rates };
            }
        }

        return record;
    }

    /// <summary>A view that was asked for says more than events did; but one that is older than they are does not turn a job back.</summary>
    private static JobRecord Newer(JobRecord? record, JobView view)
    {
        if (record?.View is not { } known)
        {
            return (record ?? new JobRecord { Id = view.Id }) with { View = view };
        }

        bool isOlder = known.State.IsTerminal() && !view.State.IsTerminal();
        return record with { View = isOlder ? known with { Spec = known.Spec ?? view.Spec } : view with { Spec = view.Spec ?? known.Spec } };
    }

    private static TuiModel Changed(TuiModel model, JobId job, Func<JobRecord, JobRecord> change) => model with { Jobs = model.Jobs.With(change(model.Jobs.Find(job) ?? new JobRecord { Id = job })) };

    /// <summary>What some events say of one job; of each host the newest.</summary>
    private sealed class Gathered
    {
        public Dictionary<string, HostStanding> Hosts { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, ShapeContent?> Contents { get; } = new(StringComparer.Ordinal);

        public JobSummary? Summary { get; private set; }

        /// <summary>Whether one of them says where the job stands, and so why.</summary>
        public bool SaysState { get; private set; }

        public string? Reason { get; private set; }

        /// <summary>When the last one that told of the job as a whole happened.</summary>
        public DateTimeOffset At { get; private set; }

        public void Take(JobEvent one)
        {
            if (one.Standing is { } standing)
            {
                Hosts[standing.Host] = Hosts.TryGetValue(standing.Host, out var before) && before.Rev > standing.Rev ? before : standing;
                if (one.Content is { } content && standing.Shape is { } digest)
                {
                    Contents[digest] = content;
                }
            }

            if (one.Summary is { } summary)
            {
                (Summary, At) = (summary, one.Time);
                if (one.Type is EventType.JobState or EventType.End)
                {
                    (SaysState, Reason) = (true, one.Reason);
                }
            }
        }
    }
}
