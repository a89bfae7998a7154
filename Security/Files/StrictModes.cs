using Deploy.Model.Text;

namespace Deploy.Security.Files;

/// <summary>
/// sshd's StrictModes: a file that says who may, and every folder on the way to it, belong to root or to the user of whoever goes by it, and nobody else may write to them. The way is that of the
/// kernel: the folders of each link, and those of what it leads to, up to <c>/</c>. A sticky folder that all may write to (<c>/tmp</c>) may stand on the way, where what follows in it is such a one's own.
/// </summary>
internal static class StrictModes
{
    private const int GroupWrites = 0x10; // S_IWGRP, sys/stat.h
    private const int Sticky = 0x200;     // S_ISVTX
    private const int MostLinks = 40;     // MAXSYMLINKS, linux/namei.h

    /// <summary>Why a file proves nothing, with the command that mends it; null where it does.</summary>
    /// <param name="file">Of the open file.</param>
    /// <param name="path">Its name from the root on, perhaps by links.</param>
    /// <param name="daemon">The user of the daemon whose file it is, where that is not who asks; null for nobody.</param>
    public static string? Mistake(FileFacts file, string path, uint? daemon = null) => Mistake(file, "it", path, daemon) ?? FolderMistake(path, daemon);

    /// <summary>The same of a folder that is used itself, or of all that a file lies in.</summary>
    /// <param name="path">From the root on, perhaps by links.</param>
    /// <param name="daemon">As above.</param>
    public static string? FolderMistake(string path, uint? daemon = null)
    {
        var ahead = new Stack<string>(path.Split('/').AsEnumerable().Reverse());
        string here = "/";
        string? why = FolderMistake(here, daemon, maySticky: true);
        for (int links = 0; why is null && ahead.TryPop(out string? part);)
        {
            string next = part == ".." ? Path.GetDirectoryName(here) ?? "/" : Path.Combine(here, part);
            if (part is "" or "." || FileFacts.Of(next) is { IsLink: false, IsDirectory: false })
            {
                continue; // the file itself comes last
            }

            if (FileFacts.Of(next) is { IsLink: true } link)
            {
                bool isAnybodys = (FileFacts.Of(here)?.Mode & FileFacts.OthersWrite) != 0 && !IsTrusted(link.OwnerId, daemon);
                string? target = NativeFile.LinkTarget(next);
                why = isAnybodys ? $"the link {SafeText.Of(next)} on its way belongs to the user {link.OwnerId}, who may lead it elsewhere (name the file without it)"
                    : target is null || ++links > MostLinks ? $"the link {SafeText.Of(next)} on its way cannot be followed"
                    : null;
                here = target is ['/', ..] ? "/" : here;
                Array.ForEach([.. (target ?? string.Empty).Split('/').AsEnumerable().Reverse()], ahead.Push);
            }
            else
            {
                here = next;
                why = FolderMistake(here, daemon, maySticky: true);
            }
        }

        return why ?? FolderMistake(here, daemon, maySticky: false);
    }

    private static string? FolderMistake(string folder, uint? daemon, bool maySticky)
    {
        string what = $"its folder {SafeText.Of(folder)}";
        return FileFacts.Of(folder) is not { } facts ? $"{what} cannot be looked at"
            : Mistake(maySticky && (facts.Mode & Sticky) != 0 ? facts with { Mode = (ushort)(facts.Mode & ~FileFacts.OthersWrite) } : facts, what, folder, daemon);
    }

    /// <summary>The command in such a mistake; null where it names none.</summary>
    public static string? MendOf(string mistake) => mistake.LastIndexOf(" (ch", StringComparison.Ordinal) is >= 0 and var at && mistake.EndsWith(')') ? mistake[(at + 2)..^1] : null;

    private static string? Mistake(FileFacts facts, string what, string path, uint? daemon)
    {
        string shown = SafeText.Of(path);
        uint own = daemon ?? NativeFile.User;
        return !IsTrusted(facts.OwnerId, daemon) ? $"{what} belongs to the user {facts.OwnerId} (chown {(own == 0 ? "root" : own)}: {shown})"
            : (facts.Mode & (IsOfOne(facts) ? FileFacts.OthersWrite & ~GroupWrites : FileFacts.OthersWrite)) == 0 ? null
            : $"others may write to {what}, mode {Convert.ToString(facts.Mode & 0xFFF, 8).PadLeft(4, '0')} ({((facts.Mode & Sticky) != 0 ? "give it a folder of its own" : $"chmod go-w {shown}")})";
    }

    /// <summary>A user's own group, as useradd makes one for each: same number, nobody else in it. Their umask is 002 on many systems.</summary>
    private static bool IsOfOne(FileFacts facts) => facts.OwnerId != 0 && facts.GroupId == facts.OwnerId;

    private static bool IsTrusted(uint owner, uint? daemon) => owner == 0 || owner == daemon || owner == NativeFile.User;
}
