using System.Runtime.InteropServices;

namespace Deploy.Processes.Native;

/// <summary>The calls of libc that this room makes; constants are Linux's, equal on x86-64 and arm64 where nothing else is said.</summary>
/// <remarks>Names are libc's. Each call leaves errno in <see cref="Marshal.GetLastPInvokeError"/> where it answers -1.</remarks>
internal static unsafe partial class Libc
{
    public const int SIGKILL = 9;
    public const int SIGTERM = 15;

    public const int EPERM = 1;
    public const int ENOENT = 2;
    public const int ESRCH = 3;
    public const int EINTR = 4;
    public const int EBADF = 9;
    public const int ECHILD = 10;
    public const int EAGAIN = 11;
    public const int EACCES = 13;
    public const int EEXIST = 17;
    public const int ENOTDIR = 20;
    public const int EINVAL = 22;
    public const int EMFILE = 24;
    public const int ECANCELED = 125;

    public const int O_RDONLY = 0;
    public const int O_WRONLY = 1;
    public const int O_CREAT = 0x40;
    public const int O_EXCL = 0x80;
    public const int O_NONBLOCK = 0x800;
    public const int O_CLOEXEC = 0x80000;
    public const int O_PATH = 0x200000;

    public const int F_SETFL = 4;
    public const int F_GETFD = 1;
    public const int FD_CLOEXEC = 1;
    public const int F_DUPFD_CLOEXEC = 1030;

    public const int AT_FDCWD = -100;
    public const int AT_EACCESS = 0x200;
    public const int AT_REMOVEDIR = 0x200;
    public const int AT_EMPTY_PATH = 0x1000;
    public const int X_OK = 1;

    public const short POLLIN = 1;

    // arch/arm64/include/uapi/asm/fcntl.h differs from asm-generic's values in these two.
    public static readonly int O_DIRECTORY = IsArm ? 0x4000 : 0x10000;
    public static readonly int O_NOFOLLOW = IsArm ? 0x8000 : 0x20000;

    private static bool IsArm => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    /// <summary>One entry of poll(2).</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollFd
    {
        public int Fd;
        public short Events;
        public short Revents;
    }

    /// <summary>The libc error text of an errno, e.g. 2 "No such file or directory".</summary>
    public static string ErrorText(int errno) => Marshal.GetPInvokeErrorMessage(errno);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int poll(PollFd* fds, ulong count, int timeoutMilliseconds);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int pipe2(int* ends, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint read(int fd, byte* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint write(int fd, byte* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int close(int fd);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fcntl(int fd, int command, int argument);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int openat(int directory, byte* path, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int faccessat(int directory, byte* path, int mode, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int renameat(int fromDirectory, byte* from, int toDirectory, byte* to);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int unlinkat(int directory, byte* path, int flags);

    /// <summary>Times of an entry, the link itself where it is one: two pairs of seconds and nanoseconds.</summary>
    [LibraryImport("libc", SetLastError = true)]
    public static partial int utimensat(int directory, byte* path, long* times, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int mkdirat(int directory, byte* path, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int prctl(int option, nint first, nint second, nint third, nint fourth);

    [LibraryImport("libc")]
    public static partial int getppid();

    [LibraryImport("libc", SetLastError = true)]
    public static partial int execv(byte* path, byte** argv);

    /// <summary>statx(2), glibc 2.28; taken because its structure is the same on every architecture.</summary>
    [LibraryImport("libc", SetLastError = true)]
    public static partial int statx(int directory, byte* path, int flags, uint mask, byte* result);

    [LibraryImport("libc")]
    public static partial uint geteuid();

    [LibraryImport("libc", SetLastError = true)]
    public static partial int kill(int pid, int signal);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int getsid(int pid);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int waitid(int idType, int id, byte* info, int options);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint first, nint second, nint third, nint fourth);

    /// <summary>Marks every descriptor from this on to be closed by an exec; -1 before kernel 5.11.</summary>
    public static int CloseAtExecFrom(int fd) => (int)syscall(436, fd, int.MaxValue, 4, 0);

    /// <summary>The newest form of Landlock that this kernel has, 1 and up; -1 where it has none, or it is turned off.</summary>
    public static int LandlockVersion() => (int)syscall(444, 0, 0, 1, 0);

    /// <summary>A new set of rules, or -1.</summary>
    public static int LandlockCreateRuleset(void* attributes, nuint size) => (int)syscall(444, (nint)attributes, (nint)size, 0, 0);

    /// <summary>Adds a rule for what lies below a path; 0, or -1.</summary>
    public static int LandlockAddPathRule(int ruleset, void* attributes) => (int)syscall(445, ruleset, 1, (nint)attributes, 0);

    /// <summary>Holds this thread to the rules, and all that it starts; 0, or -1.</summary>
    public static int LandlockRestrictSelf(int ruleset) => (int)syscall(446, ruleset, 0, 0, 0);

    /// <summary>A descriptor of the process, or -1 (kernel before 5.3, or forbidden by a container). Close-on-exec by definition.</summary>
    public static int PidfdOpen(int pid) => (int)syscall(434, pid, 0, 0, 0);

    /// <summary>Signals exactly the process that the descriptor was opened on; -1 with ESRCH when it is gone.</summary>
    public static int PidfdSendSignal(int pidfd, int signal) => (int)syscall(424, pidfd, signal, 0, 0);
}
