using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Security.Callers;
using Deploy.Store;

namespace Deploy.Jobs.Engine.Ids;

/// <summary>
/// Keeps a signed order whose id is not known from being done a second time. Ids of what is kept are in the store: an order that was signed before that began may have been done already, and its id
/// be forgotten with the store before. Status and rlist are in memory alone, from this start on; they change nothing, so that a signer's clock may be behind.
/// </summary>
/// <param name="daemon">What the daemon calls itself, for messages.</param>
/// <param name="store">Remembers what is kept.</param>
/// <param name="time">The clock.</param>
internal sealed class ReplayFence(string daemon, JobStore store, TimeProvider time)
{
    private readonly OrderMemory glances = new(Limits.RememberedOrders);
    private readonly long opened = time.GetTimestamp();

    /// <summary>Why an order of an id that is not known is not done; null where it may be. A glance is remembered then: to be asked once nothing else stands in its way.</summary>
    public Problem? Refusal(JobDocument document, Asker asker, DateTimeOffset notAfter)
    {
        if (asker is not { Signed: { } signed, Key: { } key })
        {
            return null;
        }

        var spec = document.Spec;
        var now = time.GetUtcNow();
        if (spec.IsKept)
        {
            return signed.ToUnixTimeSeconds() >= store.Since.ToUnixTimeSeconds() ? null : new Problem(
                ProblemTypes.TooLate,
                409,
                "signed before the memory began",
                $"order {spec.Id} was signed at {signed:u}; {daemon} remembers orders from {store.Since:u} on, when its store was made, and may have done this one before")
            {
                Hint = "look at the host, then order it anew: it is signed again; where the host was only just set up, that is all",
                Job = spec.Id,
            };
        }

        if (signed < now - time.GetElapsedTime(opened) - RequestGate.Skew)
        {
            return new Problem(ProblemTypes.TooLate, 409, "signed before the start", $"order {spec.Id} was signed before {daemon} started, and status and rlist are not remembered across a start") { Hint = "order anew" };
        }

        return glances.Remember(spec.Id.ToString(), key, document.Digest(), notAfter, now) switch
        {
            OrderMemory.Answer.New => null,
            OrderMemory.Answer.Same => new Problem(ProblemTypes.TooLate, 409, "done before", $"order {spec.Id} was done before, and what came of it is forgotten") { Hint = "order anew" },
            OrderMemory.Answer.Other => new Problem(ProblemTypes.OtherContent, 409, "another order has this id", $"{daemon} had an order {spec.Id} with another content") { Hint = "a new order needs a new id" },
            _ => new Problem(ProblemTypes.TooMany, 503, "too many orders", $"{daemon} remembers as many orders of this key as it can, until their signatures expire") { Hint = "order again in a minute; sign status and rlist for a short time" },
        };
    }
}
