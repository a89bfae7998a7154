using System.Buffers;
using System.Text;

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
        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out int consumed) == OperationStatus.Done)
            {
                text.Append(rune.ToString());
                bytes = bytes[consumed..];
            }
            else
            {
                text.Append((char)(EscapeBase + bytes[0]));
                bytes = bytes[1..];
            }
        }

        return text.ToString();
    }

    /// <summary>The bytes of this text. A lone surrogate that stands for no byte (not U+DC80 to U+DCFF) becomes U+FFFD.</summary>
    public static byte[] ToBytes(string text)
    {
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

    /// <summary>True when the bytes are valid UTF-8, so that the text holds no stand-in.</summary>
    public static bool IsUtf8(ReadOnlySpan<byte> bytes) => System.Text.Unicode.Utf8.IsValid(bytes);
}
