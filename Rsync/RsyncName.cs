using System.Buffers;
using System.Text;
using Deploy.Model.Text;

namespace Deploy.Rsync;

/// <summary>A name as rsync printed it, with rsync's escapes (<c>\#ooo</c>); the bytes behind it are made when asked for, since lists are long.</summary>
/// <remarks>
/// rsync (log.c, filtered_fwrite) prints as <c>\#</c> and three octal digits: control characters but TAB and DEL, bytes that are not valid in its
/// locale, and the backslash of a literal <c>\#ddd</c>. Nothing else is escaped, so a lone <c>\</c> or <c>\#12</c> stands for itself.
/// </remarks>
internal readonly record struct RsyncName(ReadOnlyMemory<byte> Printed)
{
    private const int EscapeLength = 5; // "\#ooo"

    /// <summary>The name's real bytes.</summary>
    public byte[] Unescape() => Unescape(Printed.Span);

    /// <summary>The real bytes behind what rsync printed; <c>\#</c> with anything but three octal digits up to 377 stays as it is.</summary>
    public static byte[] Unescape(ReadOnlySpan<byte> printed)
    {
        byte[] bytes = new byte[printed.Length];
        int length = 0;
        while (!printed.IsEmpty)
        {
            if (IsEscape(printed))
            {
                bytes[length++] = (byte)(((printed[2] - '0') << 6) | ((printed[3] - '0') << 3) | (printed[4] - '0'));
                printed = printed[EscapeLength..];
            }
            else
            {
                bytes[length++] = printed[0];
                printed = printed[1..];
            }
        }

        return bytes[..length];
    }

    /// <summary>These bytes as rsync would print them in a UTF-8 locale.</summary>
    public static byte[] Print(ReadOnlySpan<byte> real)
    {
        var text = new ArrayBufferWriter<byte>(real.Length + 16);
        while (!real.IsEmpty)
        {
            bool isRune = Rune.DecodeFromUtf8(real, out var rune, out int length) == OperationStatus.Done && (rune.Value == '\t' || !(rune.Value < ' ' || rune.Value == '\x7f')) && !IsEscape(real);
            if (isRune)
            {
                text.Write(real[..length]);
            }
            else
            {
                length = 1;
                WriteEscape(text, real[0]);
            }

            real = real[length..];
        }

        return text.WrittenSpan.ToArray();
    }

    /// <summary>For legacy JSON, valid UTF-8: the real name where it is that, else as printed, escapes and all.</summary>
    /// <remarks>Printed raw bytes that are not UTF-8 (a group with <c>-8</c>) are escaped here as rsync would have done it, so that the text is always valid and can be undone.</remarks>
    public ReadOnlyMemory<byte> LegacyUtf8()
    {
        if (Printed.Span.IndexOf("\\#"u8) >= 0 && Unescape() is var real && ByteText.IsUtf8(real))
        {
            return real;
        }

        return ByteText.IsUtf8(Printed.Span) ? Printed : Escape(Printed.Span);
    }

    private static ReadOnlyMemory<byte> Escape(ReadOnlySpan<byte> printed)
    {
        var text = new ArrayBufferWriter<byte>(printed.Length + 16);
        while (!printed.IsEmpty)
        {
            bool isRune = Rune.DecodeFromUtf8(printed, out _, out int length) == OperationStatus.Done;
            length = isRune ? length : 1;
            if (isRune)
            {
                text.Write(printed[..length]);
            }
            else
            {
                WriteEscape(text, printed[0]);
            }

            printed = printed[length..];
        }

        return text.WrittenMemory;
    }

    private static void WriteEscape(ArrayBufferWriter<byte> text, byte value) =>
        text.Write([(byte)'\\', (byte)'#', (byte)('0' + (value >> 6)), (byte)('0' + ((value >> 3) & 7)), (byte)('0' + (value & 7))]);

    private static bool IsEscape(ReadOnlySpan<byte> at) =>
        at.Length >= EscapeLength && at[0] == '\\' && at[1] == '#'
        && at[2] is >= (byte)'0' and <= (byte)'3' && at[3] is >= (byte)'0' and <= (byte)'7' && at[4] is >= (byte)'0' and <= (byte)'7';
}
