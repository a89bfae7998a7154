using System.Buffers;
using System.Text;
using Deploy.Model.Text;

namespace Deploy.Tui.Keys;

/// <summary>The bytes of one paste, up to <c>ESC [ 201 ~</c>, as a line of text.</summary>
internal sealed class PasteText
{
    /// <summary>Bytes of a paste; the rest of a longer one is left out.</summary>
    public const int MostBytes = 64 * 1024;

    private const byte EscapeByte = 0x1B;

    private readonly ArrayBufferWriter<byte> kept = new();
    private int matched;

    private static ReadOnlySpan<byte> EndMark => "\e[201~"u8;

    /// <summary>Takes a byte in.</summary>
    /// <returns>True for the last one of the paste's end.</returns>
    public bool Take(byte one)
    {
        if (one == EndMark[matched])
        {
            matched++;
            return matched == EndMark.Length;
        }

        // The end starts with the only ESC in it, so what matched so far is content, and this byte may start it anew.
        Keep(EndMark[..matched]);
        matched = one == EscapeByte ? 1 : 0;
        if (matched == 0)
        {
            Keep([one]);
        }

        return false;
    }

    /// <summary>What came of it: one line, safe to print; line breaks and tabs are blanks, other control characters and what is no UTF-8 are left out.</summary>
    public string End()
    {
        var text = new StringBuilder(kept.WrittenCount);
        bool afterReturn = false;
        for (ReadOnlySpan<byte> rest = kept.WrittenSpan; !rest.IsEmpty;)
        {
            bool isCharacter = Rune.DecodeFromUtf8(rest, out var rune, out int consumed) == OperationStatus.Done;
            rest = rest[consumed..];
            if (!isCharacter)
            {
                continue;
            }

            if (rune.Value is '\r' or '\t' || (rune.Value == '\n' && !afterReturn))
            {
                text.Append(' ');
            }
            else if (IsPrintable(rune))
            {
                text.Append(rune.ToString());
            }

            afterReturn = rune.Value == '\r';
        }

        return text.ToString().TrimEnd(' '); // whoever copies a line copies the break behind it, too
    }

    /// <summary>Whether it is neither a control character nor anything else that hides or reorders text.</summary>
    public static bool IsPrintable(Rune rune)
    {
        string text = rune.ToString();
        return ReferenceEquals(SafeText.Of(text), text);
    }

    private void Keep(ReadOnlySpan<byte> bytes) => kept.Write(bytes[..Math.Min(bytes.Length, MostBytes - kept.WrittenCount)]);
}
