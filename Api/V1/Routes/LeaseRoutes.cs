using System.Text.Json;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;

namespace Deploy.Api.V1.Routes;

/// <summary>The leases of rollouts.</summary>
/// <param name="jobs">The daemon's.</param>
internal sealed class LeaseRoutes(IJobs jobs)
{
    public async Task<V1Reply> ListAsync(V1Call call) => V1Reply.Json(await jobs.LeasesAsync(call.Aborted).ConfigureAwait(false), V1Json.Default.IReadOnlyListLease);

    public async Task<V1Reply> StealAsync(V1Call call)
    {
        if (call.NoJson() is { } noJson)
        {
            return V1Reply.Of(noJson);
        }

        LeaseTheft? theft = null;
        try
        {
            byte[] body = await call.ReadAsync().ConfigureAwait(false);
            theft = JsonSerializer.Deserialize(body, V1Json.Default.LeaseTheft);
            using var read = JsonDocument.Parse(body);
            if (theft is not null && read.RootElement.EnumerateObject().CountBy(member => member.Name).Any(member => member.Value > 1))
            {
                theft = null; // which of the two was meant?
            }
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

        return await jobs.StealAsync(theft.What, theft.Reason, call.Asker(), call.Aborted).ConfigureAwait(false) is { } problem ? V1Reply.Of(problem) : new V1Reply(204);
    }
}
