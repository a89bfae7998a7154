using System.Runtime.InteropServices;
using Xunit;

namespace Deploy.Tests.Processes;

/// <summary>SIGCHLD ignored in this process while it is held, as a careless parent hands it down; then again as it was.</summary>
internal sealed unsafe partial class IgnoredChildSignal : IDisposable
{
    private const int SIGCHLD = 17;

    private readonly byte[] _before = new byte[256]; // struct sigaction, 152 bytes in glibc

    public IgnoredChildSignal()
    {
        fixed (byte* before = _before)
        {
            Assert.Equal(0, sigaction(SIGCHLD, null, before));
        }

        _ = signal(SIGCHLD, 1);
    }

    public void Dispose()
    {
        fixed (byte* before = _before)
        {
            Assert.Equal(0, sigaction(SIGCHLD, before, null));
        }
    }

    [LibraryImport("libc")]
    private static partial int sigaction(int signal, byte* action, byte* old);

    [LibraryImport("libc")]
    private static partial nint signal(int signal, nint handler);
}
