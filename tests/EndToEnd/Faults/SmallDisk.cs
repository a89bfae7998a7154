using System.Diagnostics;
using Xunit;

namespace Deploy.Tests.EndToEnd.Faults;

/// <summary>A small file system in memory, mounted for one test, that can be filled up or made read-only.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string path;

    /// <param name="path">Where; made.</param>
    /// <param name="options">Of tmpfs, e.g. <c>size=1m</c>.</param>
    public SmallDisk(string path, string options)
    {
        this.path = Directory.CreateDirectory(path).FullName;
        Mount("-t", "tmpfs", "-o", "mode=0755," + options, "deploy-test", path);
    }

    private string Filler => Path.Combine(path, "filler");

    /// <summary>Leaves no room.</summary>
    public void Fill()
    {
        using var file = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (int size = 65536; size > 0; size /= 2)
        {
            try
            {
                while (true)
                {
                    file.Write(new byte[size]);
                }
            }
            catch (IOException)
            {
                // No room for so much; for less perhaps.
            }
        }
    }

    /// <summary>Gives the room back.</summary>
    public void Free() => File.Delete(Filler);

    /// <summary>Nothing can be written any more; only where no file is open for writing.</summary>
    public void Freeze() => Mount("-o", "remount,ro", path);

    /// <summary>Writable again.</summary>
    public void Thaw() => Mount("-o", "remount,rw", path);

    public void Dispose()
    {
        using var umount = Process.Start("/usr/bin/umount", ["-l", path]);
        umount.WaitForExit();
    }

    private static void Mount(params string[] arguments)
    {
        using var mount = Process.Start("/usr/bin/mount", arguments);
        mount.WaitForExit();
        Assert.Equal(0, mount.ExitCode);
    }
}
