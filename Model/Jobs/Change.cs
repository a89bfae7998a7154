using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Deploy.Model.Text;

namespace Deploy.Model.Jobs;

/// <summary>One change of a change set, as a line of a shape's content has it.</summary>
/// <remarks>
/// Layout: <c>KIND TYPE SIZE TIME NAME</c> and, of links alone, <c>LINK</c>, with one tab between and <c>\n</c> behind; always valid UTF-8. SIZE and TIME are empty where there is none. In each
/// field a backslash is <c>\\</c>, and a control character or a byte that is not UTF-8 is <c>\xHH</c>, lower case: so one change has one line, and one line is one change.
/// A change set is its lines sorted by their bytes; its digest is SHA-256 over that. docs/rsync.md, "Change lines".
/// </remarks>
internal sealed record Change
{
    /// <summary>A deletion that is no directory: rsync does not say what it is.</summary>
    public const char NotTold = '-';

    private const int FieldsWithLink = 6;

    public required ChangeKind Kind { get; init; }

    /// <summary><c>f</c> file, <c>d</c> directory, <c>L</c> symbolic link, <c>h</c> hard link, <c>D</c> device, <c>S</c> special file, or <see cref="NotTold"/>.</summary>
    public required char Type { get; init; }

    /// <summary>Bytes of a file; null for all else.</summary>
    public long? Size { get; init; }

    /// <summary>When it was changed at the origin, UTC, to the second: <c>2026-11-22T10:00:00Z</c>; empty for a deletion.</summary>
    public string Time { get; init; } = string.Empty;

    /// <summary>Its name below the target, bytes, without a slash at the end; <c>.</c> is the target itself.</summary>
    public required ReadOnlyMemory<byte> Name { get; init; }

    /// <summary>What a link points to, bytes; null for no link, and where it cannot be told from the name.</summary>
    public ReadOnlyMemory<byte>? Link { get; init; }

    /// <summary>Writes its line.</summary>
    public void WriteTo(IBufferWriter<byte> lines)
    {
        lines.Write(Encoding.ASCII.GetBytes(Kind.Word()));
        lines.Write([(byte)'\t', (byte)Type, (byte)'\t']);
        if (Size is { } size)
        {
            Span<byte> digits = stackalloc byte[20];
            Utf8Formatter.TryFormat(size, digits, out int written);
            lines.Write(digits[..written]);
        }

        lines.Write("\t"u8);
        Escape(Encoding.UTF8.GetBytes(Time), lines);
        lines.Write("\t"u8);
        Escape(Name.Span, lines);
        if (Link is { } link)
        {
            lines.Write("\t"u8);
            Escape(link.Span, lines);
        }

        lines.Write("\n"u8);
    }

    /// <summary>Reads a line, without what ends it; false for what <see cref="WriteTo"/> does not write.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, [NotNullWhen(true)] out Change? change)
    {
        change = null;
        Span<Range> fields = stackalloc Range[FieldsWithLink + 1];
        int count = Split(line, fields);
        if (count is not (FieldsWithLink or FieldsWithLink - 1)
            || ChangeKinds.Parse(line[fields[0]]) is not { } kind
            || line[fields[1]] is not [var type] || !"fdLhDS-"u8.Contains(type)
            || !TrySize(line[fields[2]], out long? size)
            || !TryUnescape(line[fields[3]], out var time) || !ByteText.IsUtf8(time.Span)
            || !TryUnescape(line[fields[4]], out var name) || name.IsEmpty)
        {
            return false;
        }

        ReadOnlyMemory<byte>? link = null;
        if (count == FieldsWithLink)
        {
            if (!TryUnescape(line[fields[5]], out var points))
            {
                return false;
            }

            link = points;
        }

        change = new Change { Kind = kind, Type = (char)type, Size = size, Time = Encoding.UTF8.GetString(time.Span), Name = name, Link = link };
        return true;
    }

    /// <summary>The fields between tabs; how many, as far as there is room.</summary>
    private static int Split(ReadOnlySpan<byte> line, Span<Range> fields)
    {
        int begin = 0;
        for (int count = 0; count < fields.Length; count++)
        {
            int length = line[begin..].IndexOf((byte)'\t');
            fields[count] = length < 0 ? begin..line.Length : begin..(begin + length);
            if (length < 0)
            {
                return count + 1;
            }

            begin += length + 1;
        }

        return fields.Length;
    }

    private static bool TrySize(ReadOnlySpan<byte> field, out long? size)
    {
        size = null;
        if (field.IsEmpty)
        {
            return true;
        }

        bool isNumber = Utf8Parser.TryParse(field, out long value, out int used) && used == field.Length && value >= 0 && (field[0] != '0' || field.Length == 1) && field[0] is >= (byte)'0' and <= (byte)'9';
        size = isNumber ? value : null;
        return isNumber;
    }

    private static void Escape(ReadOnlySpan<byte> bytes, IBufferWriter<byte> lines)
    {
        while (!bytes.IsEmpty)
        {
            bool isRune = Rune.DecodeFromUtf8(bytes, out var rune, out int length) == OperationStatus.Done;
            length = isRune ? length : 1;
            if (!isRune || rune.Value is < 0x20 or 0x7F)
            {
                lines.Write([(byte)'\\', (byte)'x', Hex(bytes[0] >> 4), Hex(bytes[0] & 15)]);
            }
            else
            {
                lines.Write(rune.Value == '\\' ? "\\\\"u8 : bytes[..length]);
            }

            bytes = bytes[length..];
        }
    }

    private static bool TryUnescape(ReadOnlySpan<byte> field, out ReadOnlyMemory<byte> bytes)
    {
        var real = new ArrayBufferWriter<byte>(Math.Max(field.Length, 1));
        var rest = field;
        while (!rest.IsEmpty)
        {
            int plain = rest.IndexOf((byte)'\\');
            plain = plain < 0 ? rest.Length : plain;
            real.Write(rest[..plain]);
            rest = rest[plain..];
            if (rest.IsEmpty)
            {
                break;
            }

            if (rest.StartsWith("\\\\"u8))
            {
                real.Write("\\"u8);
                rest = rest[2..];
            }
            else if (rest.Length >= 4 && rest[1] == 'x' && Digit(rest[2]) is >= 0 and var high && Digit(rest[3]) is >= 0 and var low)
            {
                real.Write([(byte)((high << 4) | low)]);
                rest = rest[4..];
            }
            else
            {
                bytes = default;
                return false;
            }
        }

        bytes = real.WrittenMemory;
        var again = new ArrayBufferWriter<byte>(Math.Max(field.Length, 1)); // one form alone: what needs no escape has none
        Escape(bytes.Span, again);
        return again.WrittenSpan.SequenceEqual(field);
    }

    private static byte Hex(int digit) => (byte)(digit < 10 ? '0' + digit : 'a' + digit - 10);

    private static int Digit(byte c) => c is >= (byte)'0' and <= (byte)'9' ? c - '0' : c is >= (byte)'a' and <= (byte)'f' ? c - 'a' + 10 : -1;
}

/// <summary>What happens to one entry of a tree.</summary>
internal enum ChangeKind
{
    /// <summary>It is made.</summary>
    New,

    /// <summary>Its content changes, or what a link points to.</summary>
    Changed,

    /// <summary>Owner, mode, time and the like alone.</summary>
    Attributes,

    /// <summary>It goes.</summary>
    Deleted,
}

/// <summary>Words of <see cref="ChangeKind"/>.</summary>
internal static class ChangeKinds
{
    /// <summary>The kind's word, as in change lines and JSON.</summary>
    public static string Word(this ChangeKind kind) => kind switch
    {
        ChangeKind.New => "new",
        ChangeKind.Changed => "changed",
        ChangeKind.Attributes => "attributes",
        ChangeKind.Deleted => "deleted",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>The kind of exactly one of the words; null for none.</summary>
    public static ChangeKind? Parse(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("new"u8) ? ChangeKind.New
        : word.SequenceEqual("changed"u8) ? ChangeKind.Changed
        : word.SequenceEqual("attributes"u8) ? ChangeKind.Attributes
        : word.SequenceEqual("deleted"u8) ? ChangeKind.Deleted
        : null;
}

/// <summary>One change, to be read; see <see cref="Change"/>.</summary>
/// <param name="Kind">Its word: new, changed, attributes, deleted.</param>
/// <param name="Type">One letter: f, d, L, h, D, S, or - where rsync does not say.</param>
/// <param name="Name">Below the target; what would not print made visible.</param>
internal sealed record ShapeChange(string Kind, string Type, string Name)
{
    /// <summary>Bytes of a file.</summary>
    public long? Size { get; init; }

    /// <summary>When it was changed at the origin; what would not print made visible.</summary>
    public string? Time { get; init; }

    /// <summary>What a link points to.</summary>
    public string? Link { get; init; }

    /// <summary>A line of a change set, without what ends it; null for one that is none known here.</summary>
    public static ShapeChange? Of(ReadOnlySpan<byte> line) => Change.TryParse(line, out var change)
        ? new ShapeChange(change.Kind.Word(), $"{change.Type}", Shown(change.Name.Span))
        {
            Size = change.Size,
            Time = change.Time.Length > 0 ? SafeText.Of(change.Time) : null,
            Link = change.Link is { } link ? Shown(link.Span) : null,
        }
        : null;

    /// <summary>What is no UTF-8, or would not print, made visible.</summary>
    public static string Shown(ReadOnlySpan<byte> bytes) => SafeText.Of(ByteText.FromBytes(bytes));
}
