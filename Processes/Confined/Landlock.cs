using System.Runtime.InteropServices;
using Deploy.Processes.Native;

namespace Deploy.Processes.Confined;

/// <summary>Landlock, landlock(7): the kernel then lets this thread, and whatever it executes and starts, write below the paths named and nowhere else. For good.</summary>
/// <remarks>Reading and executing are not among the rights that are handled, so they stay free. What no right stands for stays free too: modes, owners and times of what may be reached.</remarks>
internal static unsafe class Landlock
{
    /// <summary>Without the refer right of form 2 nothing moves from one directory to another, which --delay-updates, --temp-dir and --partial-dir need. Kernel 5.19.</summary>
    public const int OldestUsable = 2;

    // linux/landlock.h
    /// <summary>The form that can forbid to empty a file. Kernel 6.2.</summary>
    public const int WithTruncate = 3;

    /// <summary>The form that can forbid signals to others. Kernel 6.12.</summary>
    public const int WithScopes = 6;

    private const ulong WriteFile = 1 << 1;
    private const ulong RemoveAndMake = 0x1FF << 4; // REMOVE_DIR, REMOVE_FILE, MAKE_CHAR, _DIR, _REG, _SOCK, _FIFO, _BLOCK, _SYM
    private const ulong Refer = 1 << 13;
    private const ulong Truncate = 1 << 14;
    private const ulong ScopeAbstractSocketsAndSignals = 3; // form 6, kernel 6.12
    private const int PrSetNoNewPrivileges = 38;

    /// <summary>The form that this kernel has; null for none.</summary>
    public static int? Version() => Libc.LandlockVersion() is var version and > 0 ? version : null;

    /// <summary>Holds this thread to writing below these; null, or why it is not held.</summary>
    public static string? Restrict(WriteAccess access)
    {
        int version = Libc.LandlockVersion();
        if (version < OldestUsable)
        {
            return "this kernel has no Landlock that serves";
        }

        ulong files = WriteFile | (version >= WithTruncate ? Truncate : 0);
        ulong all = files | RemoveAndMake | Refer;
        ulong* attributes = stackalloc ulong[3]; // handled_access_fs, handled_access_net, scoped
        (attributes[0], attributes[1], attributes[2]) = (all, 0, ScopeAbstractSocketsAndSignals);
        nuint size = (nuint)sizeof(ulong) * (nuint)(version >= WithScopes ? 3 : version >= 4 ? 2 : 1);
        int rules = Libc.LandlockCreateRuleset(attributes, size);
        if (rules < 0)
        {
            return Failed("landlock_create_ruleset");
        }

        bool added = Allow(rules, "/dev/null", Libc.O_PATH, files, isNeeded: false)
            && (!access.WorkingDirectory || Allow(rules, ".", Libc.O_PATH | Libc.O_DIRECTORY, all, isNeeded: true))
            && access.Further.All(path => Allow(rules, path, Libc.O_PATH | Libc.O_DIRECTORY, all, isNeeded: false));
        if (!added || Libc.prctl(PrSetNoNewPrivileges, 1, 0, 0, 0) != 0 || Libc.LandlockRestrictSelf(rules) != 0)
        {
            return Failed("Landlock");
        }

        _ = Libc.close(rules);
        return null;
    }

    private static bool Allow(int rules, string path, int flags, ulong access, bool isNeeded)
    {
        int fd;
        fixed (byte* name = Spawn.PathText.Terminated(path))
        {
            fd = Libc.openat(Libc.AT_FDCWD, name, flags | Libc.O_CLOEXEC, 0);
        }

        if (fd < 0)
        {
            return !isNeeded;
        }

        byte* rule = stackalloc byte[12]; // struct landlock_path_beneath_attr, packed
        *(ulong*)rule = access;
        *(int*)(rule + 8) = fd;
        bool added = Libc.LandlockAddPathRule(rules, rule) == 0;
        _ = Libc.close(fd);
        return added;
    }

    private static string Failed(string what) => $"{what}: {Libc.ErrorText(Marshal.GetLastPInvokeError())}";
}
