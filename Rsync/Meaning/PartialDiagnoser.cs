namespace Deploy.Rsync.Meaning;

/// <summary>Why a run came out partial.</summary>
internal static class PartialDiagnoser
{
    private const int Enoent = 2; // errno of Linux

    /// <summary>Exit 23.</summary>
    public static Diagnosis NotTransferred(Ending ending)
    {
        if (MissingPath(ending) is { } missing)
        {
            return missing;
        }

        if (TargetDiagnoser.Of(ending) is { } target)
        {
            return target;
        }

        string stopped = ending.Errors.DeletionsStopped ? ", and deletions stopped at --max-delete" : string.Empty;
        return new Diagnosis(Fault.Files, $"some files were not transferred{stopped}; first reason: {Reason.First(ending)}", "see what rsync said below, mend what it names, and sync again");
    }

    /// <summary>Exit 25, or 24 with the same said on stderr.</summary>
    public static Diagnosis DeletionsStopped(Ending ending)
    {
        string also = ending.Code == ExitCode.Vanished ? "files vanished at the origin, and deletions" : "deletions";
        return new Diagnosis(Fault.Files, $"{also} stopped at the limit of --max-delete, the rest of what the origin no longer has is still there",
            "look at what would go (rlist); where so many deletions are right raise the limit, max_delete in the group's guard or --max-delete in its options: a sync that is repeated deletes as many again");
    }

    /// <summary>rsync says 23 when the path that it is to read is not there, and has done nothing then.</summary>
    private static Diagnosis? MissingPath(Ending ending)
    {
        var origin = Origin.Read(ending.Call.Origin);
        string? line = Reason.WithErrno(ending, Enoent);
        if (line is null || !(line.StartsWith("change_dir \"", StringComparison.Ordinal) || line.StartsWith("link_stat \"", StringComparison.Ordinal)))
        {
            return null;
        }

        return origin.Kind switch
        {
            OriginKind.Daemon => new Diagnosis(Fault.Configuration, $"path '{origin.Path}' does not exist in module {origin.Module} of origin {origin.Host}",
                $"see what is there: rsync {Words.Shown(ModuleUrl(origin))}"),
            OriginKind.RemoteShell => new Diagnosis(Fault.Configuration, $"path '{origin.Path}' does not exist at origin {origin.Host}", "mend the origin of the group"),
            _ => new Diagnosis(Fault.Configuration, $"origin {origin.Path} does not exist on this host", "mend the origin of the group, or create it"),
        };
    }

    /// <summary>The module as an rsync URL.</summary>
    internal static string ModuleUrl(Origin origin)
    {
        string host = origin.Host.Contains(':', StringComparison.Ordinal) ? $"[{origin.Host}]" : origin.Host;
        string port = origin.Port == 873 ? string.Empty : ":" + ExitMeaning.Text(origin.Port);
        return $"rsync://{host}{port}/{(origin.Module.Length > 0 ? origin.Module + "/" : string.Empty)}";
    }
}
