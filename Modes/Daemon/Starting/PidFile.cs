using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Processes.Native;
using Deploy.Security;
using Microsoft.Win32.SafeHandles;

namespace Deploy.Modes.Daemon.Starting;

/// <summary>
/// A file with the daemon's pid, for scripts that send it signals. Made under another name and renamed, so that nobody reads half a pid and no link is followed; held by a lock while the daemon
/// runs, which tells one in use from one that was left. Anybody may hold it so who may read it: what counts is whether the pid in it is a daemon's.
/// </summary>
internal sealed partial class PidFile : IDisposable
{
    private const uint ForAllToRead = 0x1A4; // 0644

    private readonly string path;
    private readonly byte[] line;
    private readonly SafeFileHandle held;

    private PidFile(string path, byte[] line, SafeFileHandle held)
    {
        this.path = path;
        this.line = line;
        this.held = held;
    }

    /// <summary>Writes it, in place of one that was left.</summary>
    /// <exception cref="UserError">It cannot be written, a running daemon has it, or something else than a pid is there.</exception>
    public static PidFile Write(string path, int pid)
    {
        RefuseForeign(path);
        if (LockFile.TakeExisting(path, out var former) == LockFile.Busy && IsOfDaemon(path))
        {
            throw new UserError($"pid file {SafeText.Of(path)} belongs to a daemon that runs", ExitCodes.Failed, "stop that one, or give this one another: --pid-file FILE");
        }

        using (former)
        {
            string made = string.Create(CultureInfo.InvariantCulture, $"{path}.{pid}");
            _ = Remove(made); // of one with our pid, which so is gone
            byte[] line = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{pid}\n"));
            var file = Open(made, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_EXCL | Libc.O_CLOEXEC, ForAllToRead);
            if (!file.IsInvalid && LockFile.Hold(file) == 0 && Write(file, line, (nuint)line.Length) == line.Length && Rename(made, path) == 0)
            {
                return new PidFile(path, line, file);
            }

            string why = Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
            file.Dispose();
            _ = Remove(made);
            throw new UserError($"pid file {SafeText.Of(path)} cannot be written: {why}", ExitCodes.Failed, "its directory has to be there, for whoever starts the daemon to write");
        }
    }

    /// <summary>What is there is replaced, and removed at the end: a configuration, or /dev/null, named by mistake must stay. A link is replaced; where it leads to stays.</summary>
    private static void RefuseForeign(string path)
    {
        const int LongestPid = 12; // digits and a line break
        const int TypeMask = 0xF000, Regular = 0x8000, Link = 0xA000; // S_IFMT, S_IFREG, S_IFLNK, sys/stat.h
        int? type = FileFacts.Of(Path.GetFullPath(path))?.Mode & TypeMask;
        Span<byte> there = stackalloc byte[2 * LongestPid];
        int length = type == Regular ? SmallFile.Read(Libc.AT_FDCWD, path, there) : -1; // not by .NET, which asks for the lock that a daemon holds
        bool isPid = type is null or Link || (length is >= 0 and <= LongestPid && !there[..length].TrimEnd((byte)'\n').ContainsAnyExceptInRange((byte)'0', (byte)'9'));
        if (!isPid)
        {
            throw new UserError($"{SafeText.Of(path)} is no pid file, so it is not replaced", ExitCodes.Failed, "name a file of its own: --pid-file /run/deploy-agent.pid");
        }
    }

    /// <summary>True where the pid in this file is that of a process of our program, by its name (<see cref="ProcessTitle.Name"/>); an upgrade may have replaced the program's file.</summary>
    private static bool IsOfDaemon(string path)
    {
        Span<byte> there = stackalloc byte[32];
        int length = SmallFile.Read(Libc.AT_FDCWD, path, there);
        if (length <= 0 || !int.TryParse(Encoding.ASCII.GetString(there[..length]).TrimEnd('\n'), NumberStyles.None, CultureInfo.InvariantCulture, out int pid))
        {
            return false;
        }

        Span<byte> name = stackalloc byte[32];
        Span<byte> own = stackalloc byte[32];
        int nameLength = SmallFile.Read(Libc.AT_FDCWD, string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/comm"), name);
        int ownLength = SmallFile.Read(Libc.AT_FDCWD, "/proc/self/comm", own);
        return nameLength > 0 && (name[..nameLength].StartsWith("deploy"u8) || name[..nameLength].SequenceEqual(own[..Math.Max(ownLength, 0)]));
    }

    /// <summary>Removes it, if it is ours still. Where that is forbidden, since root was given up, it is emptied.</summary>
    public void Dispose()
    {
        Span<byte> there = stackalloc byte[32];
        int length = SmallFile.Read(Libc.AT_FDCWD, path, there);
        if (length < 0 || (there[..length].SequenceEqual(line) && Remove(path) != 0))
        {
            _ = Truncate(held, 0); // out of our reach now, and what is held is ours whatever the name leads to
        }

        held.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Rename(string from, string to);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Remove(string path);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    private static partial int Truncate(SafeFileHandle file, long length);
}
