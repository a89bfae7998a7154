using Deploy.Security;

namespace Deploy.Jobs.Syncs;

/// <summary>What must be there before a sync may write: a file system that is not mounted must not have its tree written below its mount point.</summary>
/// <param name="Mount">A directory that must be a mount point, absolute; null asks for none.</param>
/// <param name="Marker">A name that must be in the target directory, no link; null asks for none.</param>
internal sealed record TargetPresence(string? Mount, string? Marker)
{
    public static readonly TargetPresence NotAsked = new(null, null);

    /// <summary>What is missing and what to do about it, one line; null when all is there.</summary>
    /// <param name="target">The target directory.</param>
    public string? Missing(string target) =>
        Mount is not null && !FileFacts.IsMountPoint(Mount) ? $"{Mount} is not mounted, nothing was written: mount it, or change require_mount"
        : Marker is not null && FileFacts.Of(target.TrimEnd('/') + "/" + Marker) is not { IsLink: false } ? $"{target} has no {Marker}, so it may be the wrong directory, nothing was written: check the target, then make that file"
        : null;
}
