using Deploy.Model.Jobs;

namespace Deploy.Security.Callers;

/// <summary>What a signature and the order under it must say alike.</summary>
internal static class SignedOrders
{
    /// <summary>Why a signed order is refused; null where it is whole, and for one without a signature.</summary>
    public static Problem? Refusal(Caller caller, JobSpec spec)
    {
        if (caller.Signature is not { Claims: var claims })
        {
            return null;
        }

        string? why = claims.Nonce != spec.Id.ToString() ? "its nonce is not the job's id"
            : spec.NotAfter is not { } until ? "a signed order says until when it may start (not_after)"
            : until.ToUnixTimeSeconds() != claims.Expires.ToUnixTimeSeconds() ? "its expires is not the order's not_after"
            : null;
        return why is null ? null : new Problem(ProblemTypes.Unauthenticated, 401, "not known who asks", $"the signature is not of this order: {why}") { Hint = "docs/signing.md has the profile" };
    }
}
