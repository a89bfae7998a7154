namespace Deploy.Security.Signatures;

/// <summary>The parameters of a signature.</summary>
/// <param name="Created">In whole seconds.</param>
/// <param name="Expires">In whole seconds.</param>
/// <param name="Nonce">Of an order its job's id; else 26 letters and digits, used once.</param>
/// <param name="KeyId">The OpenSSH fingerprint, <c>SHA256:</c> and 43 letters of base64.</param>
/// <param name="Tag">One of <see cref="SignatureTags"/>.</param>
internal sealed record SignatureClaims(DateTimeOffset Created, DateTimeOffset Expires, string Nonce, string KeyId, string Tag);

/// <summary>Who signs, by role.</summary>
internal static class SignatureTags
{
    /// <summary>An operator, or a proxy that orders in its own name.</summary>
    public const string Order = "deploy-order-1";

    /// <summary>A proxy that reads.</summary>
    public const string Hop = "deploy-hop-1";
}
