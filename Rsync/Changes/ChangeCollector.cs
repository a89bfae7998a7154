using System.Buffers;
using System.Text;
using Deploy.Model.Jobs;
using Deploy.Model.Text;
using Deploy.Rsync.Output;

namespace Deploy.Rsync.Changes;

/// <summary>Takes the changes of one run as they come; directories that differ in time alone are none.</summary>
/// <param name="keepLines">Keep each as a line, up to <see cref="MostLineBytes"/>.</param>
internal sealed class ChangeCollector(bool keepLines)
{
    /// <summary>Bytes of lines kept at most: a million of 64. An origin that lists without end must not cost more.</summary>
    public const int MostLineBytes = 64 * 1024 * 1024;

    private const int FirstNames = 5; // for a person
    private const int NameUnits = 100;
    private static readonly int TimeLength = "2026/11/22-10:00:00".Length;

    private readonly ArrayBufferWriter<byte> _lines = new();
    private readonly List<int> _starts = [];
    private readonly List<string> _firstDeleted = [];
    private readonly long[] _counts = new long[Enum.GetValues<ChangeKind>().Length];
    private bool _overflowed;

    public void Take(ChangeLine line)
    {
        if (line.IsNoChange || line.IsDirectoryTimeAlone)
        {
            return;
        }

        var kind = KindOf(line);
        _counts[(int)kind]++;
        if (kind == ChangeKind.Deleted && _firstDeleted.Count < FirstNames)
        {
            _firstDeleted.Add(SafeText.Of(ByteText.FromBytes(line.Name()), NameUnits));
        }

        if (keepLines && !_overflowed)
        {
            _starts.Add(_lines.WrittenCount);
            ChangeOf(line, kind).WriteTo(_lines);
            _overflowed = _lines.WrittenCount > MostLineBytes;
        }
    }

    /// <summary>Nothing follows.</summary>
    public ChangeSet Finish() => new()
    {
        New = _counts[(int)ChangeKind.New],
        Changed = _counts[(int)ChangeKind.Changed],
        Attributes = _counts[(int)ChangeKind.Attributes],
        Deleted = _counts[(int)ChangeKind.Deleted],
        FirstDeleted = _firstDeleted,
        Content = keepLines && !_overflowed ? Sorted() : null,
    };

    private static ChangeKind KindOf(ChangeLine line) =>
        line.IsDeletion ? ChangeKind.Deleted
        : line.IsNew ? ChangeKind.New
        : line.IsAttributesOnly ? ChangeKind.Attributes
        : ChangeKind.Changed;

    private static Change ChangeOf(ChangeLine line, ChangeKind kind)
    {
        byte[] name = line.Name();
        bool isDirectory = line.IsDirectory;
        char type = kind != ChangeKind.Deleted ? line.IsHardLink ? 'h' : (char)line.Code[1] : isDirectory ? 'd' : Change.NotTold;
        return new Change
        {
            Kind = kind,
            Type = type,
            Size = type == 'f' ? line.Size : null,
            Time = kind == ChangeKind.Deleted ? string.Empty : TimeOf(line.Time),
            Name = isDirectory && name.Length > 1 && name[^1] == '/' ? name.AsMemory(..^1) : name,
            Link = line.LinkTarget() is { } target ? target : (ReadOnlyMemory<byte>?)null,
        };
    }

    /// <summary>rsync's form as ISO 8601 has it; one that is odd (a year of five digits) as it is.</summary>
    private static string TimeOf(ReadOnlySpan<byte> time)
    {
        string text = Encoding.Latin1.GetString(time);
        return text.Length == TimeLength && text[4] == '/' && text[7] == '/' && text[10] == '-' ? $"{text[..4]}-{text[5..7]}-{text[8..10]}T{text[11..]}Z" : text;
    }

    private ReadOnlyMemory<byte> Sorted()
    {
        byte[] all = _lines.WrittenSpan.ToArray();
        int[] starts = [.. _starts, all.Length];
        var order = new (int Start, int End)[_starts.Count];
        for (int at = 0; at < order.Length; at++)
        {
            order[at] = (starts[at], starts[at + 1]);
        }

        Array.Sort(order, (one, other) => all.AsSpan(one.Start..one.End).SequenceCompareTo(all.AsSpan(other.Start..other.End)));
        byte[] sorted = new byte[all.Length];
        int length = 0;
        foreach (var (start, end) in order)
        {
            all.AsSpan(start..end).CopyTo(sorted.AsSpan(length));
            length += end - start;
        }

        return sorted;
    }
}
