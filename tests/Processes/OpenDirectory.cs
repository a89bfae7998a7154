using System.Runtime.InteropServices;
using System.Text;
using Deploy.Processes.Native;
using Xunit;

namespace Deploy.Tests.Processes;

/// <summary>A descriptor of a path, close-on-exec or not.</summary>
internal sealed unsafe partial class OpenDirectory : IDisposable
{
    public OpenDirectory(string path, bool inheritable = false)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(path + '\0'))
        {
            Fd = Libc.openat(Libc.AT_FDCWD, bytes, inheritable ? 0 : Libc.O_CLOEXEC, 0);
        }

        Assert.True(Fd >= 0, Libc.ErrorText(Marshal.GetLastPInvokeError()));
    }

    public int Fd { get; }

    public void Dispose() => _ = Libc.close(Fd);

    [LibraryImport("libc")]
    public static partial int mkfifo([MarshalAs(UnmanagedType.LPStr)] string path, uint mode);

    [LibraryImport("libc")]
    public static partial int dup(int fd);
}

/// <summary>A lower limit of open files for this process while it is held.</summary>
internal sealed unsafe partial class OpenFilesLimit : IDisposable
{
    private const int RLIMIT_NOFILE = 7;

    private readonly ulong _soft;
    private readonly ulong _hard;

    public OpenFilesLimit(ulong soft)
    {
        ulong* limits = stackalloc ulong[2];
        Assert.Equal(0, getrlimit(RLIMIT_NOFILE, limits));
        (_soft, _hard) = (limits[0], limits[1]);
        Set(soft);
    }

    public void Dispose() => Set(_soft);

    private void Set(ulong soft)
    {
        ulong* limits = stackalloc ulong[2];
        (limits[0], limits[1]) = (soft, _hard);
        Assert.Equal(0, setrlimit(RLIMIT_NOFILE, limits));
    }

    [LibraryImport("libc")]
    private static partial int getrlimit(int resource, ulong* limits);

    [LibraryImport("libc")]
    private static partial int setrlimit(int resource, ulong* limits);
}
