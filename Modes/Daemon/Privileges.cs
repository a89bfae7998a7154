using System.Globalization;
using System.Runtime.InteropServices;
using Deploy.Model;

namespace Deploy.Modes.Daemon;

/// <summary>Gives root up for a user and a group, after the port is bound; all or nothing, and verified.</summary>
internal static partial class Privileges
{
    private const int NameBytes = 16 * 1024; // enough for any line of passwd(5) and group(5)

    /// <summary>Becomes this user (with its supplementary groups) and group; null or <c>0</c> leaves each as it is. // original: 0</summary>
    /// <param name="user">Name or number, or null.</param>
    /// <param name="group">Name or number; null is the user's own group.</param>
    /// <param name="owned">Paths that the user has to own from here on; links are not followed.</param>
    /// <param name="give">Gives what is open already to this user and group, before root is given up; all bits set leaves a part as it is.</param>
    /// <exception cref="UserError">There is no such user or group, or the kernel refuses.</exception>
    public static void Drop(string? user, string? group, IEnumerable<string> owned, Action<uint, uint> give)
    {
        bool keepsUser = Keeps(user);
        bool keepsGroup = Keeps(group);
        if (keepsUser && keepsGroup)
        {
            return;
        }

        if (Mistake(user, group) is { } mistake)
        {
            throw new UserError(mistake.What, ExitCodes.Configuration);
        }

        var account = keepsUser ? null : User(user!);
        uint? gid = keepsGroup ? account?.Group : Group(group!);
        if (account is not null && GetEffectiveUser() == account.Id && (gid is null || GetEffectiveGroup() == gid))
        {
            return;
        }

        foreach (string path in owned)
        {
            _ = ChangeOwner(path, account?.Id ?? uint.MaxValue, gid ?? uint.MaxValue);
        }

        give(account?.Id ?? uint.MaxValue, gid ?? uint.MaxValue);

        // Groups first: a user without rights could not change them any more. glibc changes every thread.
        bool done = (account is null ? SetGroups(0, 0) : InitGroups(account.Name, gid!.Value)) == 0
            && (gid is null || SetGroup(gid.Value) == 0)
            && (account is null || SetUser(account.Id) == 0);
        if (!done)
        {
            throw new UserError($"cannot become user {user ?? "0"}, group {group ?? "its own"}: {Marshal.GetLastPInvokeErrorMessage()}", ExitCodes.Failed, "start as root, or leave user and group out");
        }

        if (account is not null && account.Id != 0 && SetUser(0) == 0)
        {
            throw new UserError("root could be taken back after it was given up", ExitCodes.Failed);
        }
    }

    /// <summary>Why a daemon of this user and group does not start on this host, and the key that says so; null where it does.</summary>
    public static (string Key, string What)? Mistake(string? user, string? group) =>
        !Keeps(user) && User(user!) is null ? ("user", $"user = {user}: there is no such user on this host")
        : !Keeps(group) && Group(group!) is null ? ("group", $"group = {group}: there is no such group on this host")
        : null;

    /// <summary>Whether this process is root's.</summary>
    public static bool IsRoot => GetEffectiveUser() == 0;

    /// <summary>The numbers of a user and its own group; null for one that is not there.</summary>
    /// <param name="user">Name or number.</param>
    public static (uint User, uint Group)? Find(string user) => User(user) is { } account ? (account.Id, account.Group) : null;

    /// <summary>The name of the user that this process is; its number where it has none.</summary>
    public static unsafe string Current
    {
        get
        {
            byte* buffer = stackalloc byte[NameBytes];
            Passwd entry;
            Passwd* found;
            uint id = GetEffectiveUser();
            return GetUserById(id, &entry, buffer, NameBytes, &found) == 0 && found is not null ? Marshal.PtrToStringUTF8((nint)entry.Name)! : id.ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Gives a path away, as far as we may; a link itself, not what it leads to.</summary>
    public static bool Give(string path, uint user, uint group) => ChangeOwner(path, user, group) == 0;

    private static bool Keeps(string? name) => name is null or "0" or "root";

    private sealed record Account(string Name, uint Id, uint Group);

    /// <summary>By name, else by number; a number that nobody has is not taken: it would be without its groups.</summary>
    private static unsafe Account? User(string text)
    {
        byte* buffer = stackalloc byte[NameBytes];
        Passwd entry;
        Passwd* found;
        int error = GetUserByName(text, &entry, buffer, NameBytes, &found);
        if (found is null && uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint id))
        {
            error = GetUserById(id, &entry, buffer, NameBytes, &found);
        }

        return error != 0 || found is null ? null : new Account(Marshal.PtrToStringUTF8((nint)entry.Name)!, entry.Id, entry.Group);
    }

    private static unsafe uint? Group(string text)
    {
        if (uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint id))
        {
            return id;
        }

        byte* buffer = stackalloc byte[NameBytes];
        GroupEntry entry;
        GroupEntry* found;
        return GetGroupByName(text, &entry, buffer, NameBytes, &found) != 0 || found is null ? null : entry.Id;
    }

    /// <summary>struct passwd of glibc on 64 bits.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct Passwd
    {
        public byte* Name;
        public byte* Password;
        public uint Id;
        public uint Group;
        public byte* Comment;
        public byte* Home;
        public byte* Shell;
    }

    /// <summary>struct group of glibc on 64 bits.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct GroupEntry
    {
        public byte* Name;
        public byte* Password;
        public uint Id;
        public byte** Members;
    }

    [LibraryImport("libc", EntryPoint = "getpwnam_r", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int GetUserByName(string name, Passwd* entry, byte* buffer, nint length, Passwd** result);

    [LibraryImport("libc", EntryPoint = "getpwuid_r")]
    private static unsafe partial int GetUserById(uint id, Passwd* entry, byte* buffer, nint length, Passwd** result);

    [LibraryImport("libc", EntryPoint = "getgrnam_r", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int GetGroupByName(string name, GroupEntry* entry, byte* buffer, nint length, GroupEntry** result);

    [LibraryImport("libc", EntryPoint = "initgroups", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int InitGroups(string user, uint group);

    [LibraryImport("libc", EntryPoint = "setgroups", SetLastError = true)]
    private static partial int SetGroups(nint count, nint list);

    [LibraryImport("libc", EntryPoint = "setgid", SetLastError = true)]
    private static partial int SetGroup(uint id);

    [LibraryImport("libc", EntryPoint = "setuid", SetLastError = true)]
    private static partial int SetUser(uint id);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUser();

    [LibraryImport("libc", EntryPoint = "getegid")]
    private static partial uint GetEffectiveGroup();
}
