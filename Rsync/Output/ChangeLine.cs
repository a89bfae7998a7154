namespace Deploy.Rsync.Output;

/// <summary>One line that reports a change, as <see cref="Arguments.ArgumentList.OutFormat"/> prints it.</summary>
/// <remarks>
/// Layout, by position, since names hold anything: 11 characters of code (log.c, log_formatted, <c>%i</c>; blanks may be among them), a blank,
/// the size in digits, a blank, the rest. Code: first <c>&lt; &gt;</c> transferred, <c>c</c> made here, <c>h</c> hard link, <c>.</c> attributes alone; second
/// <c>f d L D S</c>; then what changed. Or <c>*deleting  </c>. The rest is the name, and for links <c> => other</c> or <c> -> target</c>.
/// </remarks>
internal readonly ref struct ChangeLine
{
    private const int CodeLength = 11; // "YXcstpoguax", rsync 3.0 to 3.5

    private ChangeLine(ReadOnlySpan<byte> code, long size, ReadOnlySpan<byte> rest)
    {
        Code = code;
        Size = size;
        Rest = rest;
    }

    /// <summary>The 11 characters.</summary>
    public ReadOnlySpan<byte> Code { get; }

    /// <summary>Bytes of a file, length of a link's target; of no meaning for directories; 0 for devices and deletions.</summary>
    public long Size { get; }

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

    public static bool TryRead(ReadOnlySpan<byte> line, out ChangeLine change)
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

        change = new ChangeLine(line[..CodeLength], size, tail[(digits + 1)..]);
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
