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
