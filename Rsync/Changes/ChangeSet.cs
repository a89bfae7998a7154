using System.Security.Cryptography;
using Deploy.Model.Jobs;

namespace Deploy.Rsync.Changes;

/// <summary>What a run changed, or in a dry run would. Directories that differ in time alone are left out.</summary>
internal sealed record ChangeSet
{
    public long New { get; init; }

    public long Changed { get; init; }

    public long Attributes { get; init; }

    /// <summary>Directories included.</summary>
    public long Deleted { get; init; }

    /// <summary>The first few names that are deleted, safe to print.</summary>
    public IReadOnlyList<string> FirstDeleted { get; init; } = [];

    /// <summary>The lines of <see cref="Change"/>, sorted; null where they were not asked for, or are more than are kept.</summary>
    public ReadOnlyMemory<byte>? Content { get; init; }

    /// <summary>Nothing is in it.</summary>
    public bool IsEmpty => New + Changed + Attributes + Deleted == 0;

    /// <summary>SHA-256 over <see cref="Content"/>, 64 hexadecimal digits; null without it. Equal change sets have equal ones, on whatever host.</summary>
    public string? Digest() => Content is { } content ? Convert.ToHexStringLower(SHA256.HashData(content.Span)) : null;
}
