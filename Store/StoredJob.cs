using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Store;

/// <summary>A job as it is kept: its document, and what came to it.</summary>
internal sealed record StoredJob
{
    public required JobId Id { get; init; }

    /// <summary>The document's bytes as they were sent.</summary>
    public required ReadOnlyMemory<byte> Document { get; init; }

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
