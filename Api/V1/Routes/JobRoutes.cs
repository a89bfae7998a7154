using System.Globalization;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;
using Deploy.Model.Text;
using Deploy.Security.Audit;
using Deploy.Security.Callers;

namespace Deploy.Api.V1.Routes;

/// <summary>Jobs: handing them in, finding them, acting on them.</summary>
/// <param name="jobs">The daemon's.</param>
/// <param name="name">What the daemon calls itself.</param>
/// <param name="guard">Records orders.</param>
internal sealed class JobRoutes(IJobs jobs, string name, V1Guard guard)
{
    /// <summary>202 for a new job, 200 for one that was there with the same content; where lines of events are asked for, they are the body, up to the job's end.</summary>
    public async Task<V1Reply> SubmitAsync(V1Call call)
    {
        if (!JobDocument.TryParse(call.Body, out var document, out var problem))
        {
            guard.Refused(new AuditEntry { Ask = AuditAsk.Order, Order = "jobs", Peer = call.From.Address, Who = V1Guard.WhoOf(call) }, problem); // which order, nobody can tell
            return V1Reply.Of(problem);
        }

        document = document.Signed(call.Proof);
        var entry = AuditEntry.Of(document.Spec, call.From.Address, V1Guard.WhoOf(call));
        var refusal = call.Caller!.Refusal(document.Spec, name) ?? SignedOrders.Refusal(call.Caller, document.Spec);
        bool isRecorded = false;
        if (refusal is null && document.Spec.IsKept)
        {
            (isRecorded, refusal) = await RecordAsync(entry, stops: document.Spec.Order == Order.Rkill).ConfigureAwait(false);
        }

        var submission = refusal is null ? await jobs.SubmitAsync(document, call.Asker(document), call.Aborted).ConfigureAwait(false) : new Submission.Refused(refusal);
        if (submission is Submission.Refused { Problem: var no })
        {
            guard.Refused(entry, no, isRecorded);
        }
        else if (!document.Spec.IsKept)
        {
            guard.Accepted(entry);
        }

        var reply = submission switch
        {
            Submission.Refused refused => V1Reply.Of(refused.Problem),
            Submission.Taken taken when call.Accepts(V1Names.Lines) => new V1Reply(taken.IsNew ? 202 : 200) { ContentType = V1Names.Lines, Events = jobs.EventsAsync(document.Spec.Id, null, call.Aborted) },
            Submission.Taken taken => V1Reply.Json(taken.Job, V1Json.Default.JobView, taken.IsNew ? 202 : 200),
            _ => throw new InvalidOperationException(),
        };
        string id = document.Spec.Id.ToString();
        return reply with { Job = reply.Job ?? id, Order = document.Spec.Order.Word(), Location = reply.Status < 300 ? "/v1/jobs/" + id : null };
    }

    public async Task<V1Reply> ListAsync(V1Call call)
    {
        var query = new JobQuery { Host = call.Parameter("host"), Cursor = call.Parameter("cursor") };
        if (call.Parameter("state") is { } stateWord)
        {
            if (!JobStates.TryParse(stateWord, out var state))
            {
                return NoWord("state", stateWord, Enum.GetValues<JobState>().Select(one => one.Word()));
            }

            query = query with { State = state };
        }

        if (call.Parameter("order") is { } orderWord)
        {
            if (!Orders.TryParse(orderWord, out var order))
            {
                return NoWord("order", orderWord, Enum.GetValues<Order>().Select(one => one.Word()));
            }

            query = query with { Order = order };
        }

        if (call.Parameter("since") is { } sinceText)
        {
            if (!InstantConverter.TryParse(sinceText, out var since))
            {
                return V1Reply.Bad("since is a moment with Z or an offset, e.g. 2026-11-22T13:00:00Z");
            }

            query = query with { Since = since };
        }

        try
        {
            return Cursors.IsPage(query.Cursor) ? V1Reply.Json(await jobs.ListAsync(query, call.Aborted).ConfigureAwait(false), V1Json.Default.PageJobView) : Cursors.Bad;
        }
        catch (ArgumentException) when (query.Cursor is not null)
        {
            return Cursors.Bad;
        }
    }

    public async Task<V1Reply> FindAsync(V1Call call) =>
        IdOf(call) is { } id && await jobs.FindAsync(id, call.Aborted).ConfigureAwait(false) is { } job ? V1Reply.Json(job, V1Json.Default.JobView) : NoJob;

    public async Task<V1Reply> ActAsync(V1Call call, JobAct act)
    {
        if (call.HasBody)
        {
            return V1Reply.Bad("this route takes no body");
        }

        if (IdOf(call) is not { } id)
        {
            return NoJob;
        }

        // Whether the caller may is the engine's to say: what is not known here may come this moment.
        var job = await jobs.FindAsync(id, call.Aborted).ConfigureAwait(false);
        var entry = new AuditEntry { Ask = AuditAsk.Act, Order = act.ToString().ToLowerInvariant(), What = job?.What, Job = id, Peer = call.From.Address, Who = V1Guard.WhoOf(call) };
        var (isRecorded, refusal) = await RecordAsync(entry, stops: act == JobAct.Cancel).ConfigureAwait(false);
        var submission = refusal is null ? await jobs.ActAsync(id, act, call.Asker(name), call.Aborted).ConfigureAwait(false) : new Submission.Refused(refusal);
        if (submission is Submission.Taken taken)
        {
            return V1Reply.Json(taken.Job, V1Json.Default.JobView);
        }

        guard.Refused(entry, ((Submission.Refused)submission).Problem, isRecorded);
        return V1Reply.Of(((Submission.Refused)submission).Problem);
    }

    /// <summary>Records what is going to be done; why it is not done, where that fails. What stops something is done then, too: a full disk must not keep it running.</summary>
    private async Task<(bool IsRecorded, Problem? Refusal)> RecordAsync(AuditEntry entry, bool stops)
    {
        var unrecorded = await guard.RecordAsync(entry).ConfigureAwait(false);
        return (unrecorded is null, stops ? null : unrecorded);
    }

    /// <summary>The answer where the path names no job that is known.</summary>
    public static V1Reply NoJob => V1Reply.NotFound("no job of that id is known here");

    /// <summary>The job that the path names; null for what is no id.</summary>
    public static JobId? IdOf(V1Call call) => JobId.TryParse(call.Named["id"], out var id) ? id : null;

    /// <summary>400 for a word that is not one of these.</summary>
    public static V1Reply NoWord(string parameter, string word, IEnumerable<string> words) =>
        V1Reply.Bad(string.Create(CultureInfo.InvariantCulture, $"'{SafeText.Of(word, 64)}' is no {parameter}; there are {string.Join(", ", words)}"));
}
