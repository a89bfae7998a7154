using System.Text;

namespace Deploy.Protocol.Sniffing;

/// <summary>
/// How the server decodes a Content-Length: digits alone, as RFC 9110 8.6 has it. The server itself would read a sign too (<c>+5</c>), and whoever passes requests on in front of it might not, and take the
/// body for the next request. Each other byte becomes a letter, with which it is no number.
/// </summary>
internal sealed class DigitsAlone : Encoding
{
    private const char NoDigit = 'x';

    public override int GetByteCount(char[] chars, int index, int count) => count;

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) => throw new NotSupportedException("requests are read alone");

    public override int GetCharCount(byte[] bytes, int index, int count) => count;

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) => GetChars(bytes.AsSpan(byteIndex, byteCount), chars.AsSpan(charIndex));

    /// <summary>More than fits is no length either, and is filled with what is no number.</summary>
    public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        if (bytes.Length > chars.Length)
        {
            chars.Fill(NoDigit);
            return chars.Length;
        }

        for (int at = 0; at < bytes.Length; at++)
        {
            chars[at] = bytes[at] is >= (byte)'0' and <= (byte)'9' ? (char)bytes[at] : NoDigit;
        }

        return bytes.Length;
    }

    public override int GetMaxByteCount(int charCount) => charCount;

    public override int GetMaxCharCount(int byteCount) => byteCount;
}
