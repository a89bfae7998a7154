using System.Globalization;
using System.Runtime.InteropServices;
using Deploy.Processes.Native;
using Microsoft.Win32.SafeHandles;

namespace Deploy.Processes.Spawn;

/// <summary>What the child does with its descriptors and its directory between fork and exec, in the order added.</summary>
internal sealed unsafe class FileActions : IDisposable
{
    private void* _actions;
    private int _errno;

    public FileActions()
    {
        _actions = NativeMemory.AllocZeroed(SpawnCalls.FileActionsBytes);
        Note(SpawnCalls.posix_spawn_file_actions_init(_actions));
    }

    public void* Pointer => _actions;

    /// <summary>Fills in a child's whole plan: its directory, stdin from /dev/null, stdout and stderr into these pipes, nothing else open.</summary>
    /// <param name="directory">Absolute.</param>
    /// <param name="held">Open, instead of <paramref name="directory"/>; null for that.</param>
    /// <param name="outputEnd">Becomes stdout.</param>
    /// <param name="errorEnd">Becomes stderr; may be the same.</param>
    /// <param name="closeFrom">Whether libc's closefrom may be used, where it has it.</param>
    /// <returns>0, or the first errno: ENOMEM, or EBADF for a descriptor over the limit of open files.</returns>
    public int Plan(string directory, SafeFileHandle? held, int outputEnd, int errorEnd, bool closeFrom)
    {
        // First, while all of our descriptors are still open in the child: the directory may be given as /proc/self/fd/N.
        if (held is not null)
        {
            Note(held.IsInvalid || held.IsClosed ? Libc.EBADF : SpawnCalls.posix_spawn_file_actions_addfchdir_np(_actions, (int)held.DangerousGetHandle()));
        }
        else
        {
            fixed (byte* path = PathText.Terminated(directory))
            {
                Note(SpawnCalls.posix_spawn_file_actions_addchdir_np(_actions, path));
            }
        }

        fixed (byte* path = "/dev/null\0"u8)
        {
            Note(SpawnCalls.posix_spawn_file_actions_addopen(_actions, 0, path, Libc.O_RDONLY, 0));
        }

        Note(SpawnCalls.posix_spawn_file_actions_adddup2(_actions, outputEnd, 1));
        Note(SpawnCalls.posix_spawn_file_actions_adddup2(_actions, errorEnd, 2));
        CloseTheRest(closeFrom);
        return _errno;
    }

    public void Dispose()
    {
        if (_actions is not null)
        {
            _ = SpawnCalls.posix_spawn_file_actions_destroy(_actions);
            NativeMemory.Free(_actions);
            _actions = null;
        }
    }

    /// <summary>Without closefrom, each descriptor that would be inherited is named: all those without close-on-exec at this moment.</summary>
    /// <remarks>Then a library that opens one on another thread right now, without close-on-exec, is not covered; the runtime and ours always set it.</remarks>
    private void CloseTheRest(bool closeFrom)
    {
        if (closeFrom && SpawnCalls.AddCloseFrom is not null)
        {
            Note(SpawnCalls.AddCloseFrom(_actions, 3));
            return;
        }

        try
        {
            foreach (int fd in Inheritable())
            {
                Note(SpawnCalls.posix_spawn_file_actions_addclose(_actions, fd));
            }
        }
        catch (IOException)
        {
            Note(Libc.EMFILE); // Not knowing what to close, rather start nothing.
        }
    }

    /// <summary>Our descriptors from 3 on that a child would inherit.</summary>
    internal static IEnumerable<int> Inheritable()
    {
        foreach (string entry in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            if (int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out int fd)
                && fd > 2
                && Libc.fcntl(fd, Libc.F_GETFD, 0) is var flags and >= 0
                && (flags & Libc.FD_CLOEXEC) == 0)
            {
                yield return fd;
            }
        }
    }

    private void Note(int errno) => _errno = _errno == 0 ? errno : _errno;
}
