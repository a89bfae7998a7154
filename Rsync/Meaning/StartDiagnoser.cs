namespace Deploy.Rsync.Meaning;

/// <summary>Why there is no run at all.</summary>
internal static class StartDiagnoser
{
    private const int Enoent = 2; // errno values of Linux, asm-generic/errno-base.h
    private const int E2big = 7;
    private const int Enoexec = 8;
    private const int Eacces = 13;

    /// <summary>The kernel did not start it.</summary>
    public static Diagnosis NotStarted(string program, int errno, string reason) => errno switch
    {
        Enoent => new Diagnosis(Fault.Configuration, $"rsync is not installed: there is no {program}", "install it (apt install rsync, dnf install rsync), or name its path in the group's 'rsync'"),
        Eacces or Enoexec => new Diagnosis(Fault.Configuration, $"{program} cannot be executed: {reason}", $"check what it is and its mode: ls -l {Words.Shown(program)}"),
        E2big => new Diagnosis(Fault.Configuration, "the patterns and options of the group are longer than the kernel takes", "put the patterns into a file: --exclude-from=FILE in the group's options"),
        _ => new Diagnosis(Fault.Crash, $"{program} could not be started: {reason}", "look for memory and process limits on this host"),
    };

    /// <summary>It runs on although it was killed.</summary>
    public static Diagnosis DoesNotEnd(int pid) =>
        new(Fault.Crash, $"rsync process {pid} does not end, KILL did not help", $"it is stuck in the kernel, mostly on a disk or a network file system that does not answer: cat /proc/{pid}/stack");

    /// <summary>It says a version that we do not work with.</summary>
    public static Diagnosis TooOld(string program, RsyncVersion version) =>
        new(Fault.Configuration, $"{program} is rsync {version}, older than {RsyncVersion.Oldest}", $"install rsync {RsyncVersion.Oldest} or later, or name another one in the group's 'rsync'");

    /// <summary>It ran and did not say a version.</summary>
    /// <param name="program">Its path.</param>
    /// <param name="firstLine">The first line of what it said, in ByteText; may be empty.</param>
    public static Diagnosis NoVersion(string program, string firstLine) =>
        new(Fault.Configuration, $"{program} did not say that it is rsync: {(firstLine.Length == 0 ? "it printed nothing" : Reason.Shown(firstLine))}", $"see what it prints: {Words.Shown(program)} --version; the group's 'rsync' names it");

    /// <summary>It did not end in time.</summary>
    public static Diagnosis VersionTimeout(string program, TimeSpan after) =>
        new(Fault.Crash, $"{program} --version did not end within {after.TotalSeconds:0} s", "look at the load and the disks of this host");

    /// <summary>The names of a dry run do not fit the memory that they may take.</summary>
    public static Diagnosis TooManyNames() => new(
        Fault.Configuration, "the list of changes is too long to keep, over 128 MiB of names", "ask for the counts alone with the status order, and see that the origin is the right one");
}
