using Deploy.Model.Jobs;
using Deploy.Security.Keys;

namespace Deploy.Security.Signatures;

/// <summary>Signs requests by the profile.</summary>
internal static class RequestSigner
{
    /// <summary>The media type of every body that is signed; it is covered, byte for byte.</summary>
    public const string ContentType = "application/json";

    private const string Label = "sig";

    /// <summary>Makes the fields of a request.</summary>
    /// <param name="signer">Whose key.</param>
    /// <param name="claims">Its parameters; the key's are filled in.</param>
    /// <param name="method">E.g. <c>POST</c>.</param>
    /// <param name="target">Path and query as they will be sent.</param>
    /// <param name="body">Null for a request without one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Model.UserError">The key's holder does not sign: the agent is gone, or says no.</exception>
    /// <exception cref="ArgumentException">What was given is not of the profile, and nobody would take it: a bug of the caller.</exception>
    public static async ValueTask<RequestProof> SignAsync(ISigner signer, SignatureClaims claims, string method, string target, ReadOnlyMemory<byte>? body, CancellationToken cancellationToken)
    {
        string? digest = body is { } content ? ContentDigest.Of(content.Span) : null;
        string parameters = SignatureInput.Write(claims with { KeyId = signer.Key.Fingerprint }, digest is not null);
        byte[] signature = await signer.SignAsync(SignatureBase.Of(method, target, digest is null ? null : ContentType, digest, parameters), cancellationToken);
        var proof = new RequestProof($"{Label}={parameters}", $"{Label}=:{Convert.ToBase64String(signature)}:", digest);
        return UnverifiedSignature.TryRead(RequestHead.Of(method, target, proof), out _, out string? why) ? proof : throw new ArgumentException($"{method} {target}: {why}");
    }
}
