using Deploy.Processes.Confined;
using Deploy.Security.Targets;

namespace Deploy.Modes.Daemon;

/// <summary>How far this host lets rsync be confined: a line for each part, and one warning where a part is weaker than it could be.</summary>
/// <param name="Lines">What is in force, for <c>doctor</c>: what, how, and whether that is all that can be had.</param>
internal sealed record ConfinementReport(IReadOnlyList<(string What, string How, bool IsFull)> Lines)
{
    /// <summary>What is weaker, as one line for the log; null where all is in force, and in development, where nothing is.</summary>
    public string? Warning { get; private init; }

    /// <param name="trampoline">By which rsync starts; null for a program that is not published.</param>
    public static ConfinementReport Of(Trampoline? trampoline) => Of(trampoline is not null, Landlock.Version(), DirectoryCalls.HasOpenat2());

    /// <param name="isPublished">rsync starts through the trampoline.</param>
    /// <param name="landlock">The form of Landlock that the kernel has; null for none.</param>
    /// <param name="hasOpenat2">The kernel has it, and lets us.</param>
    public static ConfinementReport Of(bool isPublished, int? landlock, bool hasOpenat2)
    {
        List<(string What, string How, bool IsFull)> lines =
        [
            ("targets", hasOpenat2 ? "opened in one step below the allowed paths (openat2), then used through the open directory"
                : "this kernel, or what confines this process, has no openat2: opened name by name below the allowed paths, then used through the open directory", hasOpenat2),
            !isPublished ? ("rsync", "as free as its user, and it lives on when the agent is killed: this is not the published program", false)
            : ("rsync", landlock switch
            {
                null => "as free as its user: this kernel has no Landlock, or it is turned off (CONFIG_SECURITY_LANDLOCK, lsm=landlock)",
                < Landlock.OldestUsable => $"as free as its user: Landlock {landlock} of this kernel is too old, {Landlock.OldestUsable} is needed (Linux 5.19)",
                < Landlock.WithTruncate => $"writes its target alone, but could empty files outside it: Landlock {landlock} of this kernel cannot forbid that (Linux 6.2 can)",
                < Landlock.WithScopes => $"writes its target alone, but could signal other processes of its user: Landlock {landlock} of this kernel cannot forbid that (Linux 6.12 can)",
                _ => $"writes its target alone, and signals nobody else (Landlock {landlock})",
            }, landlock >= Landlock.WithTruncate),
        ];
        string[] weak = [.. lines.Where(line => !line.IsFull).Select(line => $"{line.What}: {line.How}")];
        return new ConfinementReport(lines) { Warning = isPublished && weak.Length > 0 ? string.Join("; ", weak) : null };
    }
}
