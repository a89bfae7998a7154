namespace Deploy.Model.Jobs;

/// <summary>What happens to one entry of a tree.</summary>
internal enum ChangeKind
{
    /// <summary>It is made.</summary>
    New,

    /// <summary>Its content changes, or what a link points to.</summary>
    Changed,

    /// <summary>Owner, mode, time and the like alone.</summary>
    Attributes,

    /// <summary>It goes.</summary>
    Deleted,
}

/// <summary>Words of <see cref="ChangeKind"/>.</summary>
internal static class ChangeKinds
{
    /// <summary>The kind's word, as in change lines and JSON.</summary>
    public static string Word(this ChangeKind kind) => kind switch
    {
        ChangeKind.New => "new",
        ChangeKind.Changed => "changed",
        ChangeKind.Attributes => "attributes",
        ChangeKind.Deleted => "deleted",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>The kind of exactly one of the words; null for none.</summary>
    public static ChangeKind? Parse(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("new"u8) ? ChangeKind.New
        : word.SequenceEqual("changed"u8) ? ChangeKind.Changed
        : word.SequenceEqual("attributes"u8) ? ChangeKind.Attributes
        : word.SequenceEqual("deleted"u8) ? ChangeKind.Deleted
        : null;
}
