using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Deploy.Model.Text;

/// <summary>
/// Bytes of an outside world (file names, arguments, form fields) as strings, without loss: valid UTF-8 is decoded, each other byte
/// 0xHH stands as the lone surrogate U+DCHH, as Python's surrogateescape has it. <see cref="ToBytes"/> undoes <see cref="FromBytes"/> exactly.
/// </summary>
internal static class ByteText
{
    private const char EscapeBase = '\uDC00';

    /// <summary>The text of these bytes; never throws, never replaces a byte.</summary>
    public static string FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (IsUtf8(bytes))
        {
            return Encoding.UTF8.GetString(bytes);
        }

        char[] text = new char[bytes.Length]; // a byte gives one unit at most
        int length = 0;
        while (!bytes.IsEmpty)
        {
            Utf8.ToUtf16(bytes, text.AsSpan(length), out int read, out int written, replaceInvalidSequences: false);
            length += written;
            bytes = bytes[read..];
            if (!bytes.IsEmpty)
            {
                text[length++] = (char)(EscapeBase + bytes[0]);
                bytes = bytes[1..];
            }
        }

        return new string(text, 0, length);
    }

    /// <summary>The bytes of this text. A lone surrogate that stands for no byte (not U+DC80 to U+DCFF) becomes U+FFFD.</summary>
    public static byte[] ToBytes(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            return Encoding.UTF8.GetBytes(text);
        }

        var bytes = new ArrayBufferWriter<byte>(text.Length + 16);
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out int consumed) == OperationStatus.Done)
            {
                bytes.Advance(rune.EncodeToUtf8(bytes.GetSpan(4)));
            }
            else if (rest[0] is >= '\uDC80' and <= '\uDCFF')
            {
                bytes.GetSpan(1)[0] = (byte)(rest[0] - EscapeBase);
                bytes.Advance(1);
            }
            else
            {
                bytes.Advance(Rune.ReplacementChar.EncodeToUtf8(bytes.GetSpan(4)));
            }

            rest = rest[consumed..];
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>True where the text holds no stand-in for a byte, and no other half of a character: what writes UTF-8 writes all of it, and puts U+FFFD in no place.</summary>
    public static bool IsWhole(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out int consumed) != OperationStatus.Done)
            {
                return false;
            }

            text = text[consumed..];
        }

        return true;
    }

    /// <summary>True when the bytes are valid UTF-8, so that the text holds no stand-in.</summary>
    public static bool IsUtf8(ReadOnlySpan<byte> bytes) => Utf8.IsValid(bytes);
}
