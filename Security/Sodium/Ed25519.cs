using System.Runtime.InteropServices;

namespace Deploy.Security.Sodium;

/// <summary>Ed25519 (RFC 8032) by libsodium.</summary>
/// <remarks>
/// libsodium's own <c>crypto_sign_verify_detached</c> (1.0.18, built without ED25519_COMPAT, as Debian does) refuses an S that is not below the group's order,
/// an R or a key of small order, and a key that is not canonically encoded; tests hold it to that.
/// </remarks>
internal static partial class Ed25519
{
    public const int KeyBytes = 32;
    public const int SeedBytes = 32;
    public const int SecretBytes = 64; // the seed, then the public key: also what OpenSSH keeps
    public const int SignatureBytes = 64;

    static Ed25519() => Sodium.Start();

    /// <summary>True for a public key that somebody can hold: 32 bytes, a canonical point of the curve, of the main subgroup, not of small order.</summary>
    public static unsafe bool IsKey(ReadOnlySpan<byte> key)
    {
        fixed (byte* point = key)
        {
            return key.Length == KeyBytes && IsValidPoint(point) == 1;
        }
    }

    /// <summary>True where the signature is the key's, of this message.</summary>
    public static unsafe bool Verify(ReadOnlySpan<byte> signature, ReadOnlySpan<byte> message, ReadOnlySpan<byte> key)
    {
        fixed (byte* signaturePointer = signature)
        fixed (byte* messagePointer = message)
        fixed (byte* keyPointer = key)
        {
            return signature.Length == SignatureBytes && key.Length == KeyBytes && VerifyDetached(signaturePointer, messagePointer, (ulong)message.Length, keyPointer) == 0;
        }
    }

    /// <summary>Signs; 64 bytes.</summary>
    /// <param name="message">Of any length.</param>
    /// <param name="secret">64 bytes.</param>
    public static unsafe byte[] Sign(ReadOnlySpan<byte> message, ReadOnlySpan<byte> secret)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(secret.Length, SecretBytes);
        byte[] signature = new byte[SignatureBytes];
        fixed (byte* signaturePointer = signature)
        fixed (byte* messagePointer = message)
        fixed (byte* secretPointer = secret)
        {
            return SignDetached(signaturePointer, null, messagePointer, (ulong)message.Length, secretPointer) == 0 ? signature : throw new InvalidOperationException("libsodium does not sign");
        }
    }

    /// <summary>The pair of a seed.</summary>
    /// <param name="seed">32 bytes, random.</param>
    /// <param name="key">32 bytes are written: the public key.</param>
    /// <param name="secret">64 bytes are written.</param>
    public static unsafe void KeysOf(ReadOnlySpan<byte> seed, Span<byte> key, Span<byte> secret)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(seed.Length, SeedBytes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeyBytes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(secret.Length, SecretBytes);
        fixed (byte* seedPointer = seed)
        fixed (byte* keyPointer = key)
        fixed (byte* secretPointer = secret)
        {
            if (SeedKeypair(keyPointer, secretPointer, seedPointer) != 0)
            {
                throw new InvalidOperationException("libsodium makes no key");
            }
        }
    }

    [LibraryImport(Sodium.Library, EntryPoint = "crypto_core_ed25519_is_valid_point")]
    private static unsafe partial int IsValidPoint(byte* point);

    [LibraryImport(Sodium.Library, EntryPoint = "crypto_sign_verify_detached")]
    private static unsafe partial int VerifyDetached(byte* signature, byte* message, ulong length, byte* key);

    [LibraryImport(Sodium.Library, EntryPoint = "crypto_sign_detached")]
    private static unsafe partial int SignDetached(byte* signature, ulong* signatureLength, byte* message, ulong length, byte* secret);

    [LibraryImport(Sodium.Library, EntryPoint = "crypto_sign_seed_keypair")]
    private static unsafe partial int SeedKeypair(byte* key, byte* secret, byte* seed);
}
