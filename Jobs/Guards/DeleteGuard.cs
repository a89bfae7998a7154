using Deploy.Jobs.Syncs;
using Deploy.Model.Text;
using Deploy.Rsync;
using Deploy.Rsync.Arguments;

namespace Deploy.Jobs.Guards;

/// <summary>
/// Says, before anything is touched, whether a sync may delete what a dry run counted. Limits are of the sync group; that an origin which came up empty takes nothing away holds for every one.
/// </summary>
internal static class DeleteGuard
{
    /// <summary>True where a dry run has to count first: the options delete, or make room by force and there are limits.</summary>
    public static bool Watches(SyncGroup group)
    {
        var deletion = Deletion.Of(group.Options);
        return deletion.Deletes || (deletion.Forces && group.DeleteLimits.HasNumbers);
    }

    /// <summary>True where a glance at the origin's top may do instead: files there, so that it did not come up empty.</summary>
    public static bool Glances(SyncGroup group) => !group.DeleteLimits.Counts && !group.DeleteLimits.HasNumbers;

    /// <summary>Judges a dry run that came through.</summary>
    /// <param name="group">Whose limits.</param>
    /// <param name="allowed">What the order allows above them, this once; null for nothing.</param>
    /// <param name="counted">The dry run, with its changes.</param>
    public static GuardVerdict Judge(SyncGroup group, int? allowed, SyncResult counted)
    {
        var changes = counted.Changes ?? throw new ArgumentException("a dry run without its changes", nameof(counted));
        long deleted = changes.Deleted;
        if (deleted == 0 || deleted <= allowed)
        {
            return new GuardVerdict.Passed(deleted);
        }

        // What is there now: what will be listed, without what is new of it, and with what goes.
        long entries = Math.Max(deleted, (counted.Counts.FilesListed ?? 0) - changes.New + deleted);
        string? why = counted.IsOriginEmpty && Deletion.Of(group.Options).Deletes ? $"origin {SafeText.Of(group.Origin, MostOriginUnits)} came up empty, and {Entries(deleted, entries)} would go"
            : deleted > group.DeleteLimits.MaxDelete ? $"{Entries(deleted, entries)} would go, and {group.DeleteLimits.MaxDelete} may (max_delete)"
            : group.DeleteLimits.MaxDeletePercent is { } percent && deleted > entries / 100m * percent ? $"{Entries(deleted, entries)} would go, and {percent} % may (max_delete_percent)"
            : null;
        return why is null
            ? new GuardVerdict.Passed(deleted)
            : new GuardVerdict.Refused(
                $"the delete guard refuses, nothing was touched: {why}: {string.Join(", ", changes.FirstDeleted)}{(deleted > changes.FirstDeleted.Count ? ", …" : string.Empty)}",
                $"look at what would go (deploy client plan); where that is right allow it once: --allow-delete {deleted}");
    }

    private const int MostOriginUnits = 200;

    private static string Entries(long deleted, long entries) => $"{deleted} of the target's {entries} {(entries == 1 ? "entry" : "entries")}";
}

/// <summary>What <see cref="DeleteGuard"/> says.</summary>
internal abstract record GuardVerdict
{
    private GuardVerdict()
    {
    }

    /// <param name="Deletions">What was counted: the run may do as many, and no more.</param>
    internal sealed record Passed(long Deletions) : GuardVerdict;

    /// <param name="Why">What would go and which limit; one line, safe to print.</param>
    /// <param name="NextStep">What to do; one line.</param>
    internal sealed record Refused(string Why, string NextStep) : GuardVerdict;
}
