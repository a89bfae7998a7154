using System.Runtime.InteropServices;

namespace Deploy.Processes.Native;

/// <summary>posix_spawn and what prepares it. These answer with an errno themselves, 0 for success.</summary>
/// <remarks><c>posix_spawn</c> and not <c>posix_spawnp</c>: only the former never falls back to /bin/sh for a file without <c>#!</c> (glibc 2.15 and later).</remarks>
internal static unsafe partial class SpawnCalls
{
    public const short POSIX_SPAWN_SETSIGDEF = 0x04;
    public const short POSIX_SPAWN_SETSIGMASK = 0x08;
    public const short POSIX_SPAWN_SETSID = 0x80; // glibc 2.26

    /// <summary>Bytes to reserve for posix_spawnattr_t: 336 in glibc and musl on 64 bits.</summary>
    public const int AttributesBytes = 512;

    /// <summary>Bytes to reserve for posix_spawn_file_actions_t: 80 in glibc and musl on 64 bits.</summary>
    public const int FileActionsBytes = 256;

    /// <summary>Bytes of sigset_t on Linux.</summary>
    public const int SignalSetBytes = 128;

    [LibraryImport("libc")]
    public static partial int posix_spawn(int* pid, byte* path, void* actions, void* attributes, byte** argv, byte** envp);

    [LibraryImport("libc")]
    public static partial int posix_spawnattr_init(void* attributes);

    [LibraryImport("libc")]
    public static partial int posix_spawnattr_destroy(void* attributes);

    [LibraryImport("libc")]
    public static partial int posix_spawnattr_setflags(void* attributes, short flags);

    [LibraryImport("libc")]
    public static partial int posix_spawnattr_setsigdefault(void* attributes, byte* signals);

    [LibraryImport("libc")]
    public static partial int posix_spawnattr_setsigmask(void* attributes, byte* signals);

    [LibraryImport("libc")]
    public static partial int posix_spawn_file_actions_init(void* actions);

    [LibraryImport("libc")]
    public static partial int posix_spawn_file_actions_destroy(void* actions);

    [LibraryImport("libc")]
    public static partial int posix_spawn_file_actions_addopen(void* actions, int fd, byte* path, int flags, uint mode);

    [LibraryImport("libc")]
    public static partial int posix_spawn_file_actions_adddup2(void* actions, int fd, int newFd);

    [LibraryImport("libc")]
    public static partial int posix_spawn_file_actions_addclose(void* actions, int fd);

    [LibraryImport("libc")]
    public static partial int posix_spawn_file_actions_addchdir_np(void* actions, byte* path); // glibc 2.29

    [LibraryImport("libc")]
    public static partial int posix_spawn_file_actions_addfchdir_np(void* actions, int fd); // glibc 2.29

    /// <summary>posix_spawn_file_actions_addclosefrom_np, or null before glibc 2.34 and where nothing can be looked up (a static executable).</summary>
    public static readonly delegate* unmanaged<void*, int, int> AddCloseFrom = FindAddCloseFrom();

    private static delegate* unmanaged<void*, int, int> FindAddCloseFrom() =>
        NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "posix_spawn_file_actions_addclosefrom_np", out nint address)
            ? (delegate* unmanaged<void*, int, int>)address
            : null;
}
