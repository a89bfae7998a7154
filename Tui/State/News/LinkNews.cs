using Deploy.Model.Jobs;

namespace Deploy.Tui.State.News;

/// <summary>What is told of daemons and their streams.</summary>
internal static class LinkNews
{
    public static Step Connected(TuiModel model, Message.Connected told)
    {
        var before = model.Links.GetValueOrDefault(told.Source);
        var link = (before ?? new Link()) with
        {
            Self = told.Self,
            Latency = told.Latency,
            Heard = told.At,
            Trouble = null,
            Again = null,
            Since = before is { Trouble: null, Since: not null } ? before.Since : told.At,
            Ahead = Ahead(told.Self, told.At),
        };
        model = model with { Links = model.Links.SetItem(told.Source, link) };

        // What only events told of so far was perhaps asked for when nobody could answer.
        return new Step(model, [.. model.Jobs.Newest.Where(job => model.Jobs.Find(job)!.View is null).Select(job => new Effect.ReadJob(job))]);
    }

    public static TuiModel Heard(TuiModel model, Message.Heard told) => model.Links.TryGetValue(told.Source, out var link)
        ? model with { Links = model.Links.SetItem(told.Source, link with { Heard = told.At, Latency = told.Latency ?? link.Latency, Trouble = null, Again = null }) }
        : model;

    public static TuiModel Lost(TuiModel model, Message.Lost told) =>
        model with { Links = model.Links.SetItem(told.Source, (model.Links.GetValueOrDefault(told.Source) ?? new Link()) with { Trouble = told.Why, Again = told.Again }) };

    /// <summary>A stream was heard; of another epoch than before, the numbers of what it tells begin anew.</summary>
    public static TuiModel Streamed(TuiModel model, string source, IReadOnlyList<JobEvent> events, DateTimeOffset at)
    {
        var link = model.Links.GetValueOrDefault(source) ?? new Link { Since = at };
        string? epoch = events.Count > 0 ? events[^1].Epoch : link.Epoch;
        model = model with { Links = model.Links.SetItem(source, link with { Heard = at, Epoch = epoch, Trouble = null, Again = null }) };
        return link.Epoch is null || link.Epoch == epoch
            ? model
            : model with { Jobs = model.Jobs.With([.. model.Jobs.Newest.Select(job => model.Jobs.Find(job)!).Where(job => job.Standings.Rows.Count > 0).Select(job => job with { Standings = job.Standings.Outdated() })]) };
    }

    /// <summary>Less than two seconds is the way of the answer, and no clock that is wrong; more than a century is no clock.</summary>
    private static TimeSpan Ahead(DaemonSelf self, DateTimeOffset at) => (self.Time - at).Duration() is var apart && apart > TimeSpan.FromSeconds(2) && apart < TimeSpan.FromDays(36_525) ? self.Time - at : TimeSpan.Zero;
}
