using System.Diagnostics.CodeAnalysis;

namespace Deploy.Security.Keys;

/// <summary>Base64 (RFC 4648, section 4) in its one right form: with padding, without white space, unused bits zero. So two texts that differ are two values.</summary>
internal static class CanonicalBase64
{
    /// <summary>True for the canonical form of some bytes.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text.Length % 4 != 0)
        {
            return false;
        }

        // Convert skips white space and takes bits that nobody reads: what it read must come out again as it was.
        byte[] buffer = new byte[text.Length / 4 * 3];
        if (!Convert.TryFromBase64Chars(text, buffer, out int length) || !text.SequenceEqual(Convert.ToBase64String(buffer.AsSpan(0, length))))
        {
            return false;
        }

        bytes = buffer[..length];
        return true;
    }

    /// <summary>True for the canonical form of so many bytes.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, int length, [NotNullWhen(true)] out byte[]? bytes) => TryRead(text, out bytes) && bytes.Length == length;
}
