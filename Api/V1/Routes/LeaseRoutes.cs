using System.Text.Json;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;
using Deploy.Security.Audit;

namespace Deploy.Api.V1.Routes;

/// <summary>The leases of rollouts.</summary>
/// <param name="jobs">The daemon's.</param>
/// <param name="name">What the daemon calls itself.</param>
/// <param name="guard">Records thefts.</param>
internal sealed class LeaseRoutes(IJobs jobs, string name, V1Guard guard)
{
    public async Task<V1Reply> ListAsync(V1Call call) => V1Reply.Json(await jobs.LeasesAsync(call.Aborted).ConfigureAwait(false), V1Json.Default.IReadOnlyListLease);

    public async Task<V1Reply> StealAsync(V1Call call)
    {
        LeaseTheft? theft = null;
        try
        {
            theft = DocumentText.Check(call.Body.Span, V1Json.Default.LeaseTheft, []) is null ? JsonSerializer.Deserialize(call.Body.Span, V1Json.Default.LeaseTheft) : null;
        }
        catch (JsonException)
        {
            // Said below.
        }

        // What a lease is of may be an origin and a target.
        if (theft is null || !SpecRules.IsLine(theft.What, (2 * Limits.JobSubject) + 1) || !SpecRules.IsLine(theft.Reason, SpecRules.ReasonLetters))
        {
            return V1Reply.Of(new Problem(ProblemTypes.Invalid, 422, "not a lease that can be taken", "the body is {\"what\": the lease's, \"reason\": why}, each once and one line"));
        }

        var entry = new AuditEntry { Ask = AuditAsk.Steal, Order = "steal", What = theft.What, Reason = theft.Reason, Peer = call.From.Address, Who = V1Guard.WhoOf(call) };
        var unrecorded = await guard.RecordAsync(entry).ConfigureAwait(false);
        var problem = unrecorded ?? await jobs.StealAsync(theft.What, theft.Reason, call.Asker(name), call.Aborted).ConfigureAwait(false);
        if (problem is null)
        {
            return new V1Reply(204);
        }

        guard.Refused(entry, problem, wasAccepted: unrecorded is null);
        return V1Reply.Of(problem);
    }
}
