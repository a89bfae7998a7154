using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Rsync;

namespace Deploy.Jobs.Syncs;

/// <summary>Between a sync group and rsync: the call that it makes, and what a result means for the host.</summary>
internal static class SyncCalls
{
    /// <summary>The call that syncs this group.</summary>
    public static SyncCall Of(SyncGroup group) => new()
    {
        Program = group.Rsync,
        Origin = group.Origin,
        Target = group.Target,
        Options = group.Options,
        Excludes = group.Excludes,
        Includes = group.Includes,
        Rsh = group.Rsh,
        SafeLinks = group.SafeLinks,
        Devices = group.Devices,
        DelayUpdates = group.DelayUpdates,
        PasswordFile = group.PasswordFile,
        Protect = group.Presence.Marker is { } marker ? [.. group.DeleteLimits.Protect, "/" + marker] : group.DeleteLimits.Protect, // else the first sync would take it away
    };

    /// <summary>The dry run by which a sync is planned and guarded: one form, so that equal trees give equal digests whoever asks.</summary>
    public static SyncCall Count(SyncGroup group, ChangeReport report) => Of(group) with { DryRun = true, CountsAll = true, Changes = report };

    /// <summary>The look at an origin's top: is anything there at all? Of a target nothing is looked at but its own.</summary>
    public static SyncCall Glance(SyncGroup group) => Count(group, ChangeReport.None) with { TopOnly = true };

    /// <summary>What a run changed, or would; null where rsync told no changes.</summary>
    public static SyncTotals? Totals(SyncResult result) => result.Changes is not { } changes ? null : new SyncTotals
    {
        New = changes.New,
        Changed = changes.Changed,
        Attributes = changes.Attributes,
        Deleted = changes.Deleted,
        Files = result.Counts.FilesTransferred,
        Bytes = result.Counts.BytesTransferred,
        SkippedLinks = result.Counts.SkippedLinks,
    };

    /// <summary>The host state of a run that ended so.</summary>
    public static HostState State(SyncResult result) => result.Outcome switch
    {
        SyncOutcome.Ok when result.Counts.ChangeLines + result.Counts.Deletions == 0 => HostState.Unchanged,
        SyncOutcome.Ok => HostState.Ok,
        SyncOutcome.Partial => HostState.Partial,
        SyncOutcome.Cancelled => HostState.Cancelled,
        _ => HostState.Failed,
    };

    /// <summary>What went wrong and the next step; else a warning; else null.</summary>
    public static string? Reason(SyncResult result) => result.Diagnosis is { } diagnosis ? $"{diagnosis.What}; {diagnosis.NextStep}" : result.Warning;

    /// <summary>What is said of processes that KILL does not end.</summary>
    public static string Stuck(IReadOnlyList<int> left) =>
        $"pids {string.Join(' ', left)} do not end: they are stuck in the kernel, mostly on a disk or a network file system that does not answer; the target stays taken until they are gone";

    /// <summary>What rsync said, then our reading of it: host, thing, next step. ByteText.</summary>
    public static string Text(SyncResult result, string hostName)
    {
        string said = result.Said.Length == 0 || result.Said.EndsWith('\n') ? result.Said : result.Said + "\n";
        return result.Diagnosis is { } diagnosis
            ? said + Text(diagnosis.What, diagnosis.NextStep, hostName)
            : said + $"deploy: error: {hostName}: the sync was stopped\n";
    }

    /// <summary>What is wrong and the next step, a line each.</summary>
    public static string Text(string what, string nextStep, string hostName) => $"deploy: error: {hostName}: {what}\ndeploy: hint: on {hostName}: {nextStep}\n";
}
