using Deploy.Api.V1.Metrics;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;

namespace Deploy.Api.V1.Routes;

/// <summary>Streams of events: of one job, and of all that moves.</summary>
/// <param name="jobs">The daemon's.</param>
/// <param name="tally">Knows how many read.</param>
/// <param name="most">How many may.</param>
internal sealed class EventRoutes(IJobs jobs, RequestTally tally, int most)
{
    public async Task<V1Reply> OfJobAsync(V1Call call) =>
        JobRoutes.IdOf(call) is { } id && await jobs.FindAsync(id, call.Aborted).ConfigureAwait(false) is not null ? Stream(call, id) : JobRoutes.NoJob;

    public Task<V1Reply> OfAllAsync(V1Call call) => Task.FromResult(Stream(call, null));

    private V1Reply Stream(V1Call call, JobId? id)
    {
        // A browser's EventSource that lost its connection says in the header how far it came; that is newer than the address it was made with.
        string? since = call.Header("Last-Event-ID") is { Length: > 0 } last ? last : call.Parameter("since");
        if (!Cursors.IsEvent(since))
        {
            return V1Reply.Bad("since is EPOCH:SEQ of an event");
        }

        if (tally.Readers >= most)
        {
            return V1Reply.Of(new Problem(ProblemTypes.Busy, 503, "busy", $"{most} streams of events are open here") { Hint = "try again in a minute, or close some; GET /v1/jobs/{id} tells where a job stands" });
        }

        bool isSse = call.Accepts(V1Names.ServerSentEvents);
        return new V1Reply(200) { ContentType = isSse ? V1Names.ServerSentEvents : V1Names.Lines, IsSse = isSse, Events = jobs.EventsAsync(id, since, call.Aborted) };
    }
}
