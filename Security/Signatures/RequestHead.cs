using Deploy.Model.Jobs;

namespace Deploy.Security.Signatures;

/// <summary>What of a request is signed, and the signature's fields, as they came: nothing is decoded, joined or checked.</summary>
internal sealed record RequestHead
{
    /// <summary>E.g. <c>POST</c>.</summary>
    public required string Method { get; init; }

    /// <summary>The target as it stands in the request line, with its query: <c>/v1/jobs?state=done</c>.</summary>
    public required string Target { get; init; }

    /// <summary>Each line of Content-Type.</summary>
    public IReadOnlyList<string> ContentType { get; init; } = [];

    /// <summary>Each line of Content-Digest.</summary>
    public IReadOnlyList<string> ContentDigest { get; init; } = [];

    /// <summary>Each line of Signature-Input.</summary>
    public IReadOnlyList<string> SignatureInput { get; init; } = [];

    /// <summary>Each line of Signature.</summary>
    public IReadOnlyList<string> Signature { get; init; } = [];

    /// <summary>Whether a body came: then type and digest are signed, else neither may be there.</summary>
    public bool HasBody { get; init; }

    /// <summary>The head of a request that carries a proof; a proof with a digest is one of a body.</summary>
    public static RequestHead Of(string method, string target, RequestProof proof) => new()
    {
        Method = method,
        Target = target,
        ContentType = proof.ContentDigest is null ? [] : [RequestSigner.ContentType],
        ContentDigest = proof.ContentDigest is { } digest ? [digest] : [],
        SignatureInput = [proof.SignatureInput],
        Signature = [proof.Signature],
        HasBody = proof.ContentDigest is not null,
    };
}
