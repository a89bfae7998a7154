using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Deploy.Security.Keys;

namespace Deploy.Security.Signatures;

/// <summary>The value of Content-Digest (RFC 9530) by the profile: <c>sha-256=:BASE64:</c>, that one algorithm alone.</summary>
internal static class ContentDigest
{
    private const string Prefix = "sha-256=:";

    public static string Of(ReadOnlySpan<byte> body) => $"{Prefix}{Convert.ToBase64String(SHA256.HashData(body))}:";

    /// <summary>Its 32 bytes.</summary>
    public static bool TryRead(string value, [NotNullWhen(true)] out byte[]? digest)
    {
        digest = null;
        return value.StartsWith(Prefix, StringComparison.Ordinal) && value.EndsWith(':') && value.Length > Prefix.Length
            && CanonicalBase64.TryRead(value.AsSpan(Prefix.Length..^1), SHA256.HashSizeInBytes, out digest);
    }

    /// <summary>True where it is the body's; in a time that tells nothing of how far they agree.</summary>
    public static bool IsOf(ReadOnlySpan<byte> body, byte[] digest) => CryptographicOperations.FixedTimeEquals(SHA256.HashData(body), digest);
}
