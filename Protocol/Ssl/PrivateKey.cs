using System.Security.Cryptography;

namespace Deploy.Protocol.Ssl;

/// <summary>The RSA key of a server of the ssl form. May be used by many connections at once.</summary>
internal sealed class PrivateKey
{
    private readonly RSA rsa;
    private readonly SemaphoreSlim oneAtATime; // instances of RSA are not promised to bear more; awaited, so that a thousand connections hold no thread

    private readonly byte[] modulus;

    private PrivateKey(RSA rsa, SemaphoreSlim oneAtATime)
    {
        this.rsa = rsa;
        this.oneAtATime = oneAtATime;
        modulus = rsa.ExportParameters(includePrivateParameters: false).Modulus!; // (KeySize + 7) / 8 bytes, without zeros before it
    }

    /// <summary>Length of what <see cref="Open"/> takes, bytes.</summary>
    public int BlobBytes => modulus.Length;

    /// <summary>Reads a PEM file: PKCS#8 or PKCS#1, without a password. Null, and what is wrong with it in words that follow the file's name, where it holds none.</summary>
    public static PrivateKey? Read(ReadOnlySpan<byte> file, out string? mistake) =>
        PemKey.Read(file, wantsPrivate: true, out mistake) is { } rsa ? new PrivateKey(rsa, new SemaphoreSlim(1)) : null;

    /// <summary>
    /// The passphrase in this blob (RSA-OAEP with SHA-1), once its turn has come; another one, random, where there is none to be had. Which of the two
    /// it is must not show, so a blob that is too long, too short or too large a number costs one RSA operation too, on a random one. What remains is the
    /// class library's way to an error, some 40 µs, which the caller has to hide.
    /// </summary>
    public async Task<Passphrase> OpenAsync(ReadOnlyMemory<byte> blob, CancellationToken cancellationToken)
    {
        await oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return Open(blob.Span);
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    private Passphrase Open(ReadOnlySpan<byte> blob)
    {
        var random = Passphrase.Random();
        byte[] usable = RandomNumberGenerator.GetBytes(BlobBytes);
        usable[0] = 0; // below the modulus, or it would be refused before any work is done
        if (blob.Length == usable.Length && blob.SequenceCompareTo(modulus) < 0)
        {
            blob.CopyTo(usable);
        }

        try
        {
            return new Passphrase(rsa.Decrypt(usable, RSAEncryptionPadding.OaepSHA1));
        }
        catch (CryptographicException)
        {
            return random;
        }
    }
}
