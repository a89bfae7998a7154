using System.Buffers.Text;
using Deploy.Model.Text;

namespace Deploy.Processes.Table;

/// <summary>One line of /proc/PID/stat, the fields that we need (proc_pid_stat(5)).</summary>
/// <remarks>
/// Layout: <c>pid (comm) state ppid pgrp session …</c>, 52 fields, blanks between. comm is any bytes, at most 64, with brackets and blanks among
/// them: it ends at the LAST closing bracket. Fields: 20 num_threads, 22 starttime in clock ticks after boot.
/// </remarks>
internal readonly record struct ProcStat
{
    /// <summary>No line of the kernel is as long; a longer one is refused.</summary>
    public const int LimitBytes = 4096;

    private const int FieldsNeeded = 22;

    public required int Pid { get; init; }

    /// <summary>The program's short name, ByteText.</summary>
    public required string Comm { get; init; }

    /// <summary>R, S, D, T, t, I; Z and X for one that has ended.</summary>
    public required char State { get; init; }

    public required int Parent { get; init; }

    public required int Group { get; init; }

    public required int Session { get; init; }

    public required long Threads { get; init; }

    /// <summary>Clock ticks from boot to its start: with the pid, who it is.</summary>
    public required ulong StartTicks { get; init; }

    /// <summary>False for a zombie. A process whose first thread has left while others run looks like one, and lives.</summary>
    public bool IsLive => State is not ('Z' or 'X' or 'x') || Threads > 1;

    /// <summary>Reads the bytes; false for anything that is not such a line, never an exception.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out ProcStat stat)
    {
        stat = default;
        int open = line.IndexOf((byte)'(');
        int close = line.LastIndexOf((byte)')');
        if (line.Length > LimitBytes || open < 2 || close < open || line[open - 1] != ' ' || !TryNumber(line[..(open - 1)], out int pid))
        {
            return false;
        }

        Span<Range> fields = stackalloc Range[FieldsNeeded - 1];
        var rest = line[(close + 1)..];
        if (rest.IsEmpty || rest[0] != ' ')
        {
            return false;
        }

        rest = rest[1..].TrimEnd((byte)'\n');
        int count = Split(rest, fields);
        if (count < FieldsNeeded - 2 // fields 3 to 22
            || rest[fields[0]] is not [var state] || state is < (byte)'A' or > (byte)'z'
            || !TryNumber(rest[fields[1]], out int parent)
            || !TryNumber(rest[fields[2]], out int group)
            || !TryNumber(rest[fields[3]], out int session)
            || !Whole(rest[fields[17]], out long threads)
            || !Whole(rest[fields[19]], out ulong start))
        {
            return false;
        }

        stat = new ProcStat
        {
            Pid = pid,
            Comm = ByteText.FromBytes(line[(open + 1)..close]),
            State = (char)state,
            Parent = parent,
            Group = group,
            Session = session,
            Threads = threads,
            StartTicks = start,
        };
        return true;
    }

    private static int Split(ReadOnlySpan<byte> text, Span<Range> fields)
    {
        int count = 0;
        int from = 0;
        while (count < fields.Length && from <= text.Length)
        {
            int length = text[from..].IndexOf((byte)' ');
            int to = length < 0 ? text.Length : from + length;
            fields[count++] = from..to;
            from = to + 1;
        }

        return count;
    }

    /// <summary>A pid, group or session: 0 or positive (0 is what the kernel shows for one outside our namespace).</summary>
    private static bool TryNumber(ReadOnlySpan<byte> text, out int number) =>
        Utf8Parser.TryParse(text, out number, out int used) && used == text.Length && number >= 0;

    private static bool Whole(ReadOnlySpan<byte> text, out long number) => Utf8Parser.TryParse(text, out number, out int used) && used == text.Length;

    private static bool Whole(ReadOnlySpan<byte> text, out ulong number) => Utf8Parser.TryParse(text, out number, out int used) && used == text.Length;
}
