using System.Globalization;
using System.Text;
using Deploy.Model.Text;

namespace Deploy.Processes.Leftovers;

/// <summary>What is written down of one running child, so that a later daemon can tell it from everything else.</summary>
/// <remarks>
/// A file <c>PID.child</c>, 0600, of six lines, each <c>word value</c>, at most 4 KiB; the last line, <c>end</c>, tells a whole file from a torn one:
/// <code>
/// deploy-child 1
/// pid 4711                                       also group and session
/// start 8839201                                  clock ticks after boot, field 22 of /proc/PID/stat
/// boot 6b0e…-…/3                                 boot id, a slash, start of pid 1 (a container's boot)
/// leaves no                                      yes: what outlives its first process is meant to
/// program /usr/bin/rsync                         for the log; what is not printable ASCII stands as ?
/// end
/// </code>
/// </remarks>
internal sealed record ChildRecord
{
    /// <summary>The longest file that is one.</summary>
    public const int LimitBytes = 4096;

    /// <summary>The end of a record's file name.</summary>
    public const string Extension = ".child";

    private const int ProgramLimit = 1024;
    private const string Header = "deploy-child 1";

    public required int Pid { get; init; }

    public required ulong StartTicks { get; init; }

    /// <summary>See <see cref="BootMark"/>.</summary>
    public required string Boot { get; init; }

    /// <summary><see cref="ChildStart.MayLeaveProcesses"/>.</summary>
    public required bool MayLeaveProcesses { get; init; }

    /// <summary>For the log alone.</summary>
    public required string Program { get; init; }

    /// <summary>The file's name.</summary>
    public string FileName => FileNameOf(Pid);

    public static string FileNameOf(int pid) => string.Create(CultureInfo.InvariantCulture, $"{pid}{Extension}");

    public byte[] ToBytes()
    {
        var program = new StringBuilder();
        foreach (char c in Program.AsSpan(0, Math.Min(Program.Length, ProgramLimit)))
        {
            program.Append(c is >= ' ' and <= '~' ? c : '?');
        }

        return Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{Header}\npid {Pid}\nstart {StartTicks}\nboot {Boot}\nleaves {(MayLeaveProcesses ? "yes" : "no")}\nprogram {program}\nend\n"));
    }

    /// <summary>Null for anything that is not exactly such a file; never throws.</summary>
    public static ChildRecord? TryParse(ReadOnlySpan<byte> bytes)
    {
        string[] lines = bytes.Length <= LimitBytes ? ByteText.FromBytes(bytes).Split('\n') : [];
        if (lines is not [Header, var pid, var start, var boot, var leaves, var program, "end", ""]
            || !int.TryParse(Value(pid, "pid "), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            || number <= 1 // 0, 1 and -1 mean everybody to kill(2).
            || !ulong.TryParse(Value(start, "start "), NumberStyles.None, CultureInfo.InvariantCulture, out ulong ticks)
            || Value(boot, "boot ") is not { Length: > 0 } bootMark
            || Value(leaves, "leaves ") is not ("yes" or "no")
            || Value(program, "program ") is not { } programText)
        {
            return null;
        }

        return new ChildRecord
        {
            Pid = number,
            StartTicks = ticks,
            Boot = bootMark,
            MayLeaveProcesses = leaves.EndsWith("yes", StringComparison.Ordinal),
            Program = programText,
        };
    }

    private static string? Value(string line, string word) => line.StartsWith(word, StringComparison.Ordinal) ? line[word.Length..] : null;
}
