using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Store;

/// <summary>A job as it is kept: its document, and what came to it.</summary>
internal sealed record StoredJob
{
    public required JobId Id { get; init; }

    /// <summary>The document's bytes as they were sent.</summary>
    public required ReadOnlyMemory<byte> Document { get; init; }

    /// <summary>The signature that came with them; null for none.</summary>
    public RequestProof? Proof { get; init; }

    /// <summary>The signature by which it was cancelled, to go on to its hosts; null for none.</summary>
    public RequestProof? CancelProof { get; init; }

    public required Order Order { get; init; }

    public required string What { get; init; }

    /// <summary><c>v1</c> or <c>legacy</c>.</summary>
    public required string Wire { get; init; }

    /// <summary>Who asked.</summary>
    public required Asker Asker { get; init; }

    public required DateTimeOffset Accepted { get; init; }

    /// <summary>Until when it may start anywhere; its id is kept at least until then.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    public JobState State { get; init; }

    public string? Reason { get; init; }

    public DateTimeOffset? Started { get; init; }

    public DateTimeOffset? Ended { get; init; }
}

/// <summary>A signature as it is kept: its fields, a line each; none of them holds a line's end.</summary>
internal static class StoredProof
{
    public static string Write(RequestProof proof) => $"{proof.SignatureInput}\n{proof.Signature}\n{proof.ContentDigest}";

    public static RequestProof? Read(string? text) => text?.Split('\n') is [var input, var signature, var digest] ? new RequestProof(input, signature, digest.Length == 0 ? null : digest) : null;
}
