using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Deploy.Tui.Screen.Real;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace Deploy.Tests.Tui.Screen.Real;

/// <summary>A script of bash, with job control, in a session and on a terminal of its own. All that the terminal shows is kept.</summary>
internal sealed partial class PtyShell : IDisposable
{
    private const int ReadWrite = 0x2;    // O_RDWR
    private const int NoControl = 0x100;  // O_NOCTTY
    private const int CloseOnExec = 0x80000; // O_CLOEXEC: a child that held it would keep the terminal from hanging up
    private const nuint SetSize = 0x5414; // TIOCSWINSZ

    private readonly SafeFileHandle master;
    private readonly Process process;
    private readonly StringBuilder shown = new();
    private readonly Thread reader;
    private volatile bool isClosed;

    /// <param name="script">bash; <c>$RUN</c> is the small dashboard.</param>
    public PtyShell(string script)
    {
        master = OpenMaster(ReadWrite | NoControl | CloseOnExec);
        Assert.False(master.IsInvalid);
        Assert.Equal(0, Grant(master));
        Assert.Equal(0, Unlock(master));
        Span<byte> name = stackalloc byte[128];
        Assert.Equal(0, NameOf(master, name, 128));
        string path = Encoding.ASCII.GetString(name[..name.IndexOf((byte)0)]);
        Resize(60, 10);
        string dotnet = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec setsid -c -w bash --norc --noprofile -c \"$SCRIPT\" <\"$PTS\" >\"$PTS\" 2>&1"]);
        start.Environment["PTS"] = path;
        start.Environment["SCRIPT"] = "set -m\nbefore=$(stty -g)\ncheck() { if [ \"$before\" = \"$(stty -g)\" ]; then echo \"SAME $1\"; else echo \"CHANGED $1\"; fi; }\n" + script;
        start.Environment["RUN"] = $"{dotnet} {typeof(PtyShell).Assembly.Location} terminal";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        process = Process.Start(start)!;
        reader = new Thread(Read) { IsBackground = true };
        reader.Start();
    }

    /// <summary>All of it, so far.</summary>
    public string Shown
    {
        get
        {
            lock (shown)
            {
                return shown.ToString();
            }
        }
    }

    public void Type(string keys)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(keys);
        Assert.Equal(bytes.Length, WriteSome(master, bytes, (nuint)bytes.Length));
    }

    public void Resize(ushort columns, ushort rows)
    {
        ushort[] size = [rows, columns, 0, 0];
        Assert.Equal(0, Control(master, SetSize, size));
    }

    /// <summary>Waits until the terminal was sent this; 60 s at most, since a runtime has to start.</summary>
    public async Task Shows(string text, int times = 1)
    {
        for (long end = Environment.TickCount64 + 60_000; Shown.Split(text).Length <= times;)
        {
            Assert.True(Environment.TickCount64 < end, $"never shown: {text}\n{Shown.Replace("\e", "<ESC>", StringComparison.Ordinal)}");
            await Task.Delay(10);
        }
    }

    /// <summary>The other end of the terminal goes away, as when a connection is lost.</summary>
    public void HangUp()
    {
        isClosed = true; // a read that waits would keep it open
        Assert.True(reader.Join(TimeSpan.FromSeconds(30)));
        master.Dispose();
    }

    public async Task Ends()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(limit.Token);
    }

    public void Dispose()
    {
        HangUp(); // all in the session get SIGHUP
        if (!process.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }

    private void Read()
    {
        byte[] bytes = new byte[4096];
        var decoder = Encoding.UTF8.GetDecoder();
        char[] text = new char[5000];
        Span<TerminalCalls.PollEntry> entry = [new TerminalCalls.PollEntry { Descriptor = (int)master.DangerousGetHandle(), Events = TerminalCalls.PollIn }];
        while (!isClosed)
        {
            if (TerminalCalls.Poll(entry, 1, 50) <= 0)
            {
                continue;
            }

            nint read = ReadSome(master, bytes, (nuint)bytes.Length);
            if (read <= 0)
            {
                return; // EIO: nobody has it open any more
            }

            int length = decoder.GetChars(bytes.AsSpan(0, (int)read), text, flush: false);
            lock (shown)
            {
                shown.Append(text, 0, length);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_openpt")]
    private static partial SafeFileHandle OpenMaster(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt")]
    private static partial int Grant(SafeFileHandle master);

    [LibraryImport("libc", EntryPoint = "unlockpt")]
    private static partial int Unlock(SafeFileHandle master);

    [LibraryImport("libc", EntryPoint = "ptsname_r")]
    private static partial int NameOf(SafeFileHandle master, Span<byte> name, nuint size);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint ReadSome(SafeFileHandle file, Span<byte> bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint WriteSome(SafeFileHandle file, ReadOnlySpan<byte> bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Control(SafeFileHandle file, nuint request, ushort[] size);
}
