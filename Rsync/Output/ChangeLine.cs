namespace Deploy.Rsync.Output;

/// <summary>One line that reports a change, as <see cref="Arguments.ArgumentList.OutFormat"/> prints it.</summary>
/// <remarks>
/// With <see cref="Arguments.ArgumentList.TimedFormat"/> the time at the origin and a blank stand before the rest. Layout, by position, since names hold anything: 11 characters of code (log.c, log_formatted, <c>%i</c>; blanks may be among them), a blank,
/// the size in digits, a blank, the rest. Code: first <c>&lt; &gt;</c> transferred, <c>c</c> made here, <c>h</c> hard link, <c>.</c> attributes alone; second
/// <c>f d L D S</c>; then what changed. Or <c>*deleting  </c>. The rest is the name, and for links <c> => other</c> or <c> -> target</c>.
/// </remarks>
internal readonly ref struct ChangeLine
{
    private const int CodeLength = 11; // "YXcstpoguax", rsync 3.0 to 3.5

    private ChangeLine(ReadOnlySpan<byte> code, long size, ReadOnlySpan<byte> time, ReadOnlySpan<byte> rest)
    {
        Code = code;
        Size = size;
        Time = time;
        Rest = rest;
    }

    /// <summary>The 11 characters.</summary>
    public ReadOnlySpan<byte> Code { get; }

    /// <summary>Bytes of a file, length of a link's target; of no meaning for directories; 0 for devices and deletions.</summary>
    public long Size { get; }

    /// <summary>When the entry was changed at the origin, as printed (<c>%M</c>: <c>2026/11/22-10:00:00</c>, in the zone of rsync's environment, UTC); empty where the format has none, of no meaning for deletions.</summary>
    public ReadOnlySpan<byte> Time { get; }

    /// <summary>The name as printed, with what a link points to.</summary>
    public ReadOnlySpan<byte> Rest { get; }

    public bool IsDeletion => Code[0] == '*';

    /// <summary>A directory; of a deletion too, which ends in a slash then.</summary>
    public bool IsDirectory => IsDeletion ? Rest.EndsWith("/"u8) : Code[1] == 'd';

    /// <summary>Only attributes change.</summary>
    public bool IsAttributesOnly => Code[0] == '.';

    /// <summary>Nothing changes: printed for entries that are as they should be, where a group asks for those.</summary>
    public bool IsNoChange => IsAttributesOnly && Code[2..].IndexOfAnyExcept((byte)' ', (byte)'.') < 0;

    /// <summary>A regular file whose content is transferred.</summary>
    public bool IsTransfer => Code[0] is (byte)'>' or (byte)'<' && Code[1] == 'f';

    /// <summary>A hard link to an entry named earlier.</summary>
    public bool IsHardLink => Code[0] == 'h';

    /// <summary>A symbolic link, printed with its target.</summary>
    public bool IsSymlink => Code[1] == 'L' && !IsHardLink;

    /// <summary>True for a directory of which the time changes and nothing else.</summary>
    public bool IsDirectoryTimeAlone => IsAttributesOnly && Code[1] == 'd' && Code[2..].IndexOfAnyExcept(" .tT"u8) < 0;

    /// <summary>Everything in it is new.</summary>
    public bool IsNew => !IsDeletion && Code[2..].IndexOfAnyExcept((byte)'+') < 0;

    /// <summary>The target itself, of which rsync was told that it is there, as a line about a new one.</summary>
    public ChangeLine AsNewTarget() => IsTarget ? new ChangeLine("cd+++++++++"u8, Size, Time, Rest) : this;

    private bool IsTarget => IsAttributesOnly && Code[1] == 'd' && Rest.SequenceEqual("./"u8);

    /// <summary>Reads a line; false for one that reports no change.</summary>
    /// <param name="line">Without what ends it.</param>
    /// <param name="change">What it says; of the line's own bytes.</param>
    /// <param name="timed">Whether the format has the time.</param>
    public static bool TryRead(ReadOnlySpan<byte> line, out ChangeLine change, bool timed = false)
    {
        change = default;
        if (line.Length < CodeLength + 4 || line[CodeLength] != ' ' || !IsCode(line[..CodeLength]))
        {
            return false;
        }

        ReadOnlySpan<byte> tail = line[(CodeLength + 1)..];
        int digits = tail.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (digits <= 0 || tail[digits] != ' ' || digits + 1 == tail.Length || !RsyncNumber.TryRead(tail[..digits], out long size))
        {
            return false;
        }

        tail = tail[(digits + 1)..];
        ReadOnlySpan<byte> time = [];
        if (timed)
        {
            int blank = tail.IndexOf((byte)' ');
            if (blank <= 0 || blank + 1 == tail.Length)
            {
                return false;
            }

            time = tail[..blank];
            tail = tail[(blank + 1)..];
        }

        change = new ChangeLine(line[..CodeLength], size, time, tail);
        return true;
    }

    /// <summary>The entry's real name; a link's without what it points to. Where that cannot be told apart, all of the rest.</summary>
    public byte[] Name() => Split(out byte[] name, out _) ? name : RsyncName.Unescape(Rest);

    /// <summary>What a link points to, or null: no link, or a line that does not say where the name ends.</summary>
    public byte[]? LinkTarget() => Split(out _, out byte[] target) ? target : null;

    private bool Split(out byte[] name, out byte[] target)
    {
        byte[] real = RsyncName.Unescape(Rest);
        int nameLength = -1;
        if (IsSymlink && Size <= real.Length - " -> ".Length)
        {
            // Names may hold " -> ", so the target is counted from the end.
            nameLength = real.Length - (int)Size - " -> ".Length;
            nameLength = real.AsSpan(nameLength).StartsWith(" -> "u8) ? nameLength : -1;
        }
        else if (IsHardLink)
        {
            // Nothing counts these; two arrows leave it open.
            nameLength = real.AsSpan().IndexOf(" => "u8);
            nameLength = nameLength == real.AsSpan().LastIndexOf(" => "u8) ? nameLength : -1;
        }

        name = nameLength < 0 ? [] : real[..nameLength];
        target = nameLength < 0 ? [] : real[(nameLength + " -> ".Length)..];
        return nameLength >= 0;
    }

    private static bool IsCode(ReadOnlySpan<byte> code)
    {
        if (code[0] == '*')
        {
            return code.SequenceEqual("*deleting  "u8);
        }

        if (!"<>ch."u8.Contains(code[0]) || !"fdLDS"u8.Contains(code[1]))
        {
            return false;
        }

        foreach (byte c in code[2..])
        {
            if (c is not ((byte)'.' or (byte)'+' or (byte)'?' or (byte)' ' or (>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z')))
            {
                return false;
            }
        }

        return true;
    }
}
