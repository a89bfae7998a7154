using Deploy.Model.Text;
using Deploy.Processes.Native;

namespace Deploy.Rsync.Meaning;

/// <summary>What is wrong with the target, in the words of its owner.</summary>
internal static class TargetDiagnoser
{
    private const int Eperm = 1; // errno values of Linux, asm-generic/errno-base.h and errno.h
    private const int Enoent = 2;
    private const int Eacces = 13;
    private const int Eexist = 17;
    private const int Enotdir = 20;
    private const int Enospc = 28;
    private const int Erofs = 30;
    private const int Edquot = 122;

    private const string CannotStat = "ERROR: cannot stat destination "; // main.c, get_local_name

    /// <summary>Operations of rsync that write below the target, as they begin its messages (receiver.c, generator.c, main.c, delete.c).</summary>
    private static readonly string[] WriteOperations =
        ["mkstemp ", "mkdir ", "recv_generator: mkdir ", "delete_file: ", "failed to set ", "chown ", "symlink ", "link ", "rename ", "mknod ", "change_dir#", "open ", "opendir ", CannotStat];

    /// <summary>It may not be used, or cannot be opened.</summary>
    public static Diagnosis NotHeld(string target, string reason) =>
        new(Fault.Disk, $"target {target} is not used: {SafeText.Of(reason)}", $"look who may change that path and who did: namei -l {Words.Shown(target)}; then order again");

    /// <summary>It was missing and cannot be made.</summary>
    public static Diagnosis NotMade(string target, int errno) => errno switch
    {
        Eexist => new Diagnosis(Fault.Disk, $"target {target} was not there a moment ago and is now", "find out who made it, then order again"),
        Enospc or Edquot => new Diagnosis(Fault.Disk, $"no space left for target {target}", $"free space there (df -h {Words.Shown(ParentOf(target))}; df -i for inodes), then sync again"),
        _ => new Diagnosis(Fault.Disk, $"target {target} cannot be made: {Libc.ErrorText(errno)}", $"give the agent's user the right to write there: namei -l {Words.Shown(target)} shows who may; then sync again"),
    };

    /// <summary>A part of its path is a file.</summary>
    public static Diagnosis PartIsFile(string target) => new(Fault.Disk, $"a part of the path of target {target} is a file", $"look with: namei -l {Words.Shown(target)}");

    /// <summary>A diagnosis where the lines speak of the target, else null.</summary>
    public static Diagnosis? Of(Ending ending)
    {
        string target = ending.Call.Target;
        if (Reason.WithErrno(ending, Enospc, Edquot) is { } full)
        {
            return new Diagnosis(Fault.Disk, $"no space left for target {target}: {full}", $"free space there (df -h {Words.Shown(target)}; df -i for inodes), then sync again");
        }

        if (ending.Errors.Lines.Any(line => line.StartsWith("ERROR: destination must be a directory", StringComparison.Ordinal)))
        {
            return new Diagnosis(Fault.Configuration, $"target {target} is a file, and more than one file would go there", "name a directory as target, or move that file away");
        }

        if (MkdirOf(ending, Enoent) is not null)
        {
            return NoParent(target);
        }

        if (MkdirOf(ending, Enotdir) is not null || Reason.WithErrno(ending, Enotdir)?.StartsWith(CannotStat, StringComparison.Ordinal) == true)
        {
            return PartIsFile(target);
        }

        if (Reason.WithErrno(ending, Erofs) is { } readOnly)
        {
            return new Diagnosis(Fault.Disk, $"target {target} cannot be written, its file system is read-only: {readOnly}",
                $"see what is mounted there (findmnt -T {Words.Shown(target)}) and whether the kernel made it read-only after an error of the disk (dmesg), mount it writable, then sync again");
        }

        return NotWritable(ending) is { } denied
            ? new Diagnosis(Fault.Disk, $"target {target} cannot be written: {denied}", $"give the agent's user the right to write there: namei -l {Words.Shown(target)} shows who may; as root, look for an immutable flag (lsattr -d) or a network file system")
            : null;
    }

    private static string? NotWritable(Ending ending)
    {
        foreach (string line in ending.Errors.Lines)
        {
            // [sender] is the origin's side, whose files may be unreadable; that is not the target's fault.
            if (line.StartsWith("rsync: ", StringComparison.Ordinal) && !line.StartsWith("rsync: [sender]", StringComparison.Ordinal)
                && Reason.Shown(line) is { } shown && Array.Exists(WriteOperations, operation => shown.StartsWith(operation, StringComparison.Ordinal))
                && (line.EndsWith($"({Eacces})", StringComparison.Ordinal) || line.EndsWith($"({Eperm})", StringComparison.Ordinal)))
            {
                return shown;
            }
        }

        return null;
    }

    /// <summary>The line in which making the target itself failed.</summary>
    private static string? MkdirOf(Ending ending, int errno) =>
        Reason.WithErrno(ending, errno) is { } line && line.StartsWith("mkdir ", StringComparison.Ordinal) ? line : null;

    /// <summary>rsync makes the target itself, not what it lies in.</summary>
    public static Diagnosis NoParent(string target) =>
        new(Fault.Disk, $"the parent of target {target} does not exist", $"create it: mkdir -p {Words.Shown(ParentOf(target))}");

    private static string ParentOf(string target) => Path.GetDirectoryName(target.TrimEnd('/')) is { Length: > 0 } parent ? parent : "/";
}
