using Deploy.Api.V1.Routes;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Security.Audit;
using Deploy.Security.Callers;
using Deploy.Security.Rates;
using Deploy.Security.Signatures;

namespace Deploy.Api.V1;

/// <summary>What stands between a request of the v1 API and its route: how often, who, and the record of it.</summary>
/// <param name="gate">Says who calls.</param>
/// <param name="rates">How often an address may fail, and a key order.</param>
/// <param name="audit">Records what is asked that is more than reading.</param>
/// <param name="time">The clock.</param>
internal sealed class V1Guard(RequestGate gate, RateLimits rates, AuditLog audit, TimeProvider time) : IDisposable
{
    private readonly Repeats<string, AuditEntry> tooMany = new(1, (_, more, last) => audit.Note(last with { Refusal = $"too many orders: {more} more were refused in the last minute, this was the last" }), time);

    /// <summary>Asks who calls, and reads the body, of whoever is known, where the route takes one; null where the route may answer.</summary>
    public async Task<V1Reply?> AdmitAsync(V1Call call, V1Route route)
    {
        var refused = Unknown(call, route.Access);
        if (refused is null && route.TakesBody)
        {
            refused = await ReadAsync(call).ConfigureAwait(false);
        }

        if (refused is not null)
        {
            return Refused(call, route, refused);
        }

        if (route.Access == Access.Act && call.Caller is { IsUnsigned: false } caller && !rates.TakeOrder(caller.Signature?.Key.Fingerprint ?? caller.Name, out var wait))
        {
            var entry = EntryOf(call, route) with { Refusal = "too many orders" };
            if (tooMany.IsFirst(caller.Key!, entry))
            {
                audit.Note(entry);
            }

            return TooMany($"{caller.Name} gives more orders than are taken of one key", wait);
        }

        return route is { Access: Access.Act, MayWait: false } && gate.Repeated(call.Caller!) is { } repeated ? Refused(call, route, V1Reply.Of(repeated)) : null;
    }

    /// <summary>Why a request of a path that is no route's is not answered: whoever is not known is not told which there are. Null where it may be told.</summary>
    public V1Reply? Unknown(V1Call call, Access access)
    {
        bool isAdmitted = gate.TryAdmit(call.ForGate(access), out var caller, out var problem);
        call.Caller = caller; // also of whoever may not: the record of it says who that was
        if (!isAdmitted)
        {
            return Stranger(call, problem!);
        }

        if (caller is not null)
        {
            call.Proved();
        }

        return null;
    }

    /// <summary>Why a stream that was begun does not go on: who asked for it may not any more. Null where it does.</summary>
    public Problem? Ended(V1Call call) => gate.Ended(call.Caller, call.ForGate(Access.Read));

    /// <summary>Records what was accepted and merely looks, without waiting.</summary>
    public void Accepted(AuditEntry entry) => audit.Note(entry);

    /// <summary>Records what is going to be done; where that cannot be, it must not be done: the answer that says so.</summary>
    public async Task<Problem?> RecordAsync(AuditEntry entry) =>
        await audit.WriteAsync(entry).ConfigureAwait(false) is not { } why ? null
            : new Problem(ProblemTypes.StoreUnwritable, 503, "nothing can be recorded", $"the audit log cannot be written, and nothing is done without: {Model.Text.SafeText.Of(why)}") { Hint = "make room or mend the state directory" };

    /// <summary>The same answer, recorded where what was asked is more than reading.</summary>
    public V1Reply Refused(V1Call call, V1Route route, V1Reply answer)
    {
        if (route.Access == Access.Act)
        {
            audit.Note(EntryOf(call, route) with { Refusal = answer.Problem!.Said });
        }

        return answer;
    }

    /// <summary>Records that something was refused.</summary>
    /// <param name="entry">What was asked.</param>
    /// <param name="problem">Why.</param>
    /// <param name="wasAccepted">Whether <see cref="RecordAsync"/> has recorded it as accepted, before it came out that it is not done.</param>
    public void Refused(AuditEntry entry, Problem problem, bool wasAccepted = false) => audit.Note(entry with { Refusal = problem.Said, WasAccepted = wasAccepted });

    /// <summary>Records what was counted and not said yet.</summary>
    public void Dispose() => tooMany.Dispose();

    /// <summary>Whom a request is taken to come from.</summary>
    public static AuditWho WhoOf(V1Call call) => call.Caller switch
    {
        null => new AuditWho(AuditBy.Unknown),
        { Signature: { } signature } caller => new AuditWho(signature.Claims.Tag == SignatureTags.Hop ? AuditBy.Proxy : AuditBy.Operator, caller.Name, signature.Key.Fingerprint),
        { ApiKey: { } key } => new AuditWho(AuditBy.ApiKey, key.Name),
        _ => new AuditWho(AuditBy.Unsigned),
    };

    /// <summary>A request as the audit log has it, as far as it says what it is.</summary>
    private static AuditEntry EntryOf(V1Call call, V1Route route)
    {
        if (route.TakesBody && JobDocument.TryParse(call.Body, out var document, out _))
        {
            return AuditEntry.Of(document.Spec, call.From.Address, WhoOf(call));
        }

        string word = route.Path.Split('/')[^1];
        return new AuditEntry
        {
            Ask = word == "steal" ? AuditAsk.Steal : word == "jobs" ? AuditAsk.Order : AuditAsk.Act,
            Order = word,
            Job = call.Named.TryGetValue("id", out string? id) && JobId.TryParse(id, out var job) ? job : null,
            Peer = call.From.Address,
            Who = WhoOf(call),
        };
    }

    /// <summary>Reads the body and checks that it is the caller's own; null where it is.</summary>
    private async Task<V1Reply?> ReadAsync(V1Call call)
    {
        if (call.NoJson() is { } noJson)
        {
            return V1Reply.Of(noJson) with { Closes = true };
        }

        await call.ReadAsync().ConfigureAwait(false);
        return RequestGate.BodyMistake(call.Caller, call.Body.Span) is { } mistake ? Stranger(call, mistake) : null;
    }

    /// <summary>The answer to whoever is not admitted. Who cannot prove who he is waits, after many tries; who can never waits for what others of his address did.</summary>
    private V1Reply Stranger(V1Call call, Problem problem)
    {
        if (problem.Type == ProblemTypes.Unauthenticated)
        {
            if (!rates.MayTry(call.From.Address, out var wait))
            {
                return TooMany("too many requests of this address failed to prove who they are", wait);
            }

            rates.Failed(call.From.Address);
        }

        return V1Reply.Of(problem) with { Closes = true };
    }

    private static V1Reply TooMany(string why, TimeSpan wait) =>
        V1Reply.Of(new Problem(ProblemTypes.TooMany, 429, "too many", why) { Hint = $"wait for {Math.Ceiling(wait.TotalSeconds):0} s" }) with { Closes = true, RetryAfter = wait };
}
