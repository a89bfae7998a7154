using System.Security.Cryptography;

namespace Deploy.Protocol.Ssl;

/// <summary>The RSA key of a server of the ssl form. May be used by many connections at once.</summary>
internal sealed class PrivateKey
{
    private readonly RSA rsa;
    private readonly Lock oneAtATime = new(); // instances of RSA are not promised to bear more

    private readonly byte[] modulus;

    private PrivateKey(RSA rsa)
    {
        this.rsa = rsa;
        modulus = rsa.ExportParameters(includePrivateParameters: false).Modulus!;
    }

    /// <summary>Length of what <see cref="Open"/> takes, bytes.</summary>
    public int BlobBytes => modulus.Length;

    /// <summary>Reads a PEM file: PKCS#8 or PKCS#1, without a password. Null, and what is wrong with it in words that follow the file's name, where it holds none.</summary>
    public static PrivateKey? Read(ReadOnlySpan<byte> file, out string? mistake) =>
        PemKey.Read(file, wantsPrivate: true, out mistake) is { } rsa ? new PrivateKey(rsa) : null;

    /// <summary>
    /// The passphrase in this blob (RSA-OAEP with SHA-1); another one, random, where there is none to be had. Which of the two it is must show
    /// nowhere, so the work is the same: a blob that is too long, too short or too large a number costs an RSA operation too.
    /// </summary>
    public Passphrase Open(ReadOnlySpan<byte> blob)
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
            lock (oneAtATime)
            {
                return new Passphrase(rsa.Decrypt(usable, RSAEncryptionPadding.OaepSHA1));
            }
        }
        catch (CryptographicException)
        {
            return random;
        }
    }
}
