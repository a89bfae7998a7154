using System.Security.Cryptography;

namespace Deploy.Protocol.Ssl;

/// <summary>The RSA key with which a client of the ssl form writes to a server. May be used by many exchanges at once.</summary>
internal sealed class PublicKey
{
    private readonly RSA rsa;
    private readonly Lock oneAtATime = new(); // instances of RSA are not promised to bear more

    private PublicKey(RSA rsa) => this.rsa = rsa;

    /// <summary>Reads a PEM file: SPKI or PKCS#1. Null, and what is wrong with it in words that follow the file's name, where it holds none.</summary>
    public static PublicKey? Read(ReadOnlySpan<byte> file, out string? mistake) =>
        PemKey.Read(file, wantsPrivate: false, out mistake) is { } rsa ? new PublicKey(rsa) : null;

    /// <summary>The blob from which the server gets the passphrase: RSA-OAEP with SHA-1, as long as the key.</summary>
    public byte[] Seal(Passphrase passphrase)
    {
        lock (oneAtATime)
        {
            return rsa.Encrypt(passphrase.Reveal(), RSAEncryptionPadding.OaepSHA1);
        }
    }
}
