using System.Security.Cryptography;

namespace Deploy.Protocol.Ssl;

/// <summary>What one exchange of the ssl form is encrypted with, both ways: made by the client, sent to the server under its RSA key.</summary>
/// <param name="bytes">Any bytes; the original sends 16.</param>
internal sealed class Passphrase(byte[] bytes)
{
    private const int Length = 16; // original: Crypt.pm, random_bytes(16)

    public static Passphrase Random() => new(RandomNumberGenerator.GetBytes(Length));

    /// <summary>The secret itself; for the one place that uses it.</summary>
    public ReadOnlySpan<byte> Reveal() => bytes;

    public override string ToString() => "[redacted]";
}
