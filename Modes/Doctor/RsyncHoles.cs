using Deploy.Model.Text;
using Deploy.Rsync;

namespace Deploy.Modes.Doctor;

/// <summary>What is known to be wrong with versions of rsync, of what a hostile server can use. // NEWS.md of rsync</summary>
internal static class RsyncHoles
{
    private static readonly (RsyncVersion Fixed, string What)[] Known =
    [
        (new RsyncVersion(3, 4, 1), "a hostile origin can read and write outside the target (fixed in 3.4.0 and 3.4.1)"),
        (new RsyncVersion(3, 4, 3), "six holes, fixed in 3.4.3"),
        (new RsyncVersion(3, 5, 0), "thirty-three holes, fixed in 3.5.0, of which a hostile origin can use several"),
    ];

    /// <summary>What to say of this rsync. Distributions mend old versions without changing their number, so that a number alone is a note.</summary>
    /// <param name="program">Its path; empty where it is another host's.</param>
    /// <param name="version">As it says; null where it does not start.</param>
    public static Finding Of(string program, string? version)
    {
        string shown = SafeText.Of($"{program} {version}".Trim(), 120);
        if (version is null || !RsyncVersion.TryParse($"rsync  version {version}", out var number))
        {
            return new Finding(Grade.Problem, "rsync", version is null ? "there is none that works: install rsync" : $"{shown}: a version that cannot be read");
        }

        string[] holes = [.. Known.Where(hole => number.CompareTo(hole.Fixed) < 0).Select(hole => hole.What)];
        return holes.Length == 0
            ? new Finding(Grade.Ok, "rsync", shown)
            : new Finding(Grade.Note, "rsync", $"{shown}, and by that number: {string.Join("; ", holes)}; distributions mend these without a new number: keep the package up to date, and sync from origins that you trust");
    }
}
