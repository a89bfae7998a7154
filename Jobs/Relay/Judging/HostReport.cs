using Deploy.Model;
using Deploy.Protocol;

namespace Deploy.Jobs.Relay.Judging;

/// <summary>What one host came to, for a person and for the exit code. Remote text in it is raw; printers make it safe.</summary>
internal sealed record HostReport
{
    /// <summary>The host as asked, or as a proxy named it.</summary>
    public required string Host { get; init; }

    /// <summary>The proxy that told of it, or null.</summary>
    public string? Via { get; init; }

    public required HostState State { get; init; }

    /// <summary>Files that a sync would transfer, and entries it would delete (the original counts them together), or null.</summary>
    public long? Changes { get; init; }

    /// <summary>Bytes of the files to transfer, or null.</summary>
    public long? Bytes { get; init; }

    /// <summary>What there is to say; for a bad state the reason.</summary>
    public string Note { get; init; } = string.Empty;

    /// <summary>What a person can do, or null.</summary>
    public string? NextStep { get; init; }

    /// <summary>rlist: names of what is new or changed.</summary>
    public IReadOnlyList<string> NewNames { get; init; } = [];

    /// <summary>rlist: names of what would be deleted.</summary>
    public IReadOnlyList<string> DeletedNames { get; init; } = [];

    /// <summary>What a command or a failed rsync printed, or null.</summary>
    public ReadOnlyMemory<byte>? Output { get; init; }

    /// <summary>Refused because of the key.</summary>
    public bool Authentication { get; init; }
}

/// <summary>What the answer of one address means.</summary>
/// <param name="Result">For JSON.</param>
/// <param name="Reports">For people: one, or through a proxy one a host.</param>
/// <param name="Warnings">What could not be read of the answer.</param>
internal sealed record Judgement(LegacyResult Result, IReadOnlyList<HostReport> Reports, IReadOnlyList<string> Warnings);
