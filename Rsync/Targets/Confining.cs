using Deploy.Processes.Confined;
using Deploy.Rsync.Arguments;
using Deploy.Rsync.Meaning;
using Deploy.Rsync.Output;

namespace Deploy.Rsync.Targets;

/// <summary>What a run of rsync is held to: it ends with the daemon, and writes its target and what the group's options name, a dry run nothing.</summary>
internal static class Confining
{
    /// <summary>Options that write where no rule foresees it; in a group from TOML they are errors, in an INI file they work as they did.</summary>
    private static readonly HashSet<string> Elsewhere = new(StringComparer.Ordinal)
    {
        "rsh", "e", "rsync-path", "remote-option", "M", "daemon", "log-file", "write-batch", "only-write-batch", "remove-source-files", "remove-sent-files", "keep-dirlinks", "K",
    };

    /// <summary>Directories that rsync writes, or links from, which the kernel allows within what may be written alone.</summary>
    private static readonly HashSet<string> Directories = new(StringComparer.Ordinal) { "temp-dir", "T", "partial-dir", "backup-dir", "link-dest" };

    /// <param name="call">The call.</param>
    /// <param name="use">Its target.</param>
    /// <param name="say">Told why it may write all that its user may; null where it may not.</param>
    public static Confinement Of(SyncCall call, TargetUse use, Action<string> say)
    {
        var options = OptionValue.All(call.Options ?? []).ToList();
        string? why = call.Rsh is not null || Origin.Read(call.Origin).Kind == OriginKind.RemoteShell ? "the origin goes by a remote shell"
            : options.Select(option => option.Name).FirstOrDefault(Elsewhere.Contains) is { } name ? $"option {(name.Length == 1 ? "-" : "--")}{name}"
            : IsScript(call.Program) ? $"{call.Program} is a script"
            : null;
        if (why is not null)
        {
            say($"rsync for target {call.Target} is not kept to writing its target: {why}");
            return new Confinement();
        }

        string[] named = [.. options.Where(option => Directories.Contains(option.Name)).Select(option => option.Value).OfType<string>().Where(IsOutside)];
        if (!call.DryRun && named.FirstOrDefault(path => Existing(path, call.Target) == "/") is { } lost)
        {
            say($"rsync for target {call.Target} is not kept to writing its target: {lost} is missing up to the root, and rsync is to make it; make its first directory by hand");
            return new Confinement();
        }

        string[] further = [.. named.Select(path => Existing(path, call.Target))];
        return new Confinement { Writes = new WriteAccess(!call.DryRun, call.DryRun ? [] : further) };
    }

    /// <summary>Why rsync itself did not begin; null where it did.</summary>
    public static Diagnosis? NotStarted(int? code, ErrorText errors) =>
        code == Trampoline.NotStartedCode && errors.Lines.FirstOrDefault() is { } line && line.StartsWith(Trampoline.NotStartedText, StringComparison.Ordinal)
            ? new Diagnosis(Fault.Crash, $"rsync was {Reason.Shown(line["deploy: ".Length..])}", "order again; where it stays, look at the log of the agent")
            : null;

    /// <summary>Else it lies in the target.</summary>
    private static bool IsOutside(string path) => path.StartsWith('/') || path.Split('/').Contains("..");

    /// <summary>The deepest directory of it that is there: rsync makes the rest.</summary>
    private static string Existing(string path, string target)
    {
        string full = Path.GetFullPath(path, target);
        while (full != "/" && !Directory.Exists(full))
        {
            full = Path.GetDirectoryName(full) ?? "/";
        }

        return full;
    }

    /// <summary>Whoever wraps rsync may do what a wrapper does: write a log, ask sudo.</summary>
    private static bool IsScript(string program)
    {
        try
        {
            using var file = File.OpenRead(program);
            return file.ReadByte() == '#' && file.ReadByte() == '!';
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false; // that it cannot be started is said by who starts it
        }
    }
}
