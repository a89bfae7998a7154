using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Deploy.Protocol.Ssl;
using Deploy.Tests.Protocol.Ssl;

namespace Deploy.Tests.Api;

/// <summary>Requests of the original's ssl form, whole and broken.</summary>
internal static class SslRequests
{
    /// <summary>Each way in which a request cannot be decrypted.</summary>
    public static Dictionary<string, byte[]> Broken(string request)
    {
        using var other = RSA.Create(2048);
        var passphrase = Passphrase.Random();
        byte[] plain = Encoding.Latin1.GetBytes(request);
        byte[] blob = SslRecording.PublicKey.Seal(passphrase);
        byte[] message = SaltedCipher.Seal(passphrase, plain);
        byte[] padding = [.. message];
        padding[^17] ^= 0x80; // the last byte of the last block, where the padding's count stands
        byte[] lead = [.. message];
        lead[0] ^= 1;
        return new Dictionary<string, byte[]>
        {
            ["blob too short"] = Wire(blob[1..], message),
            ["blob too long"] = Wire([.. blob, 0], message),
            ["no blob"] = Wire([], message),
            ["blob of another key"] = Wire(other.Encrypt(passphrase.Reveal().ToArray(), RSAEncryptionPadding.OaepSHA1), message),
            ["blob with another padding"] = Wire(other.Encrypt(passphrase.Reveal().ToArray(), RSAEncryptionPadding.Pkcs1), message),
            ["blob over the modulus"] = Wire([.. Enumerable.Repeat((byte)255, 256)], message),
            ["message of another passphrase"] = Wire(SslRecording.PublicKey.Seal(Passphrase.Random()), message),
            ["wrong padding"] = Wire(blob, padding),
            ["no salt"] = Wire(blob, lead),
            ["not whole blocks"] = Wire(blob, message[..^1]),
            ["one block short"] = Wire(blob, message[..^16]),
            ["salt alone"] = Wire(blob, message[..16]),
            ["noise inside"] = Wire(blob, SaltedCipher.Seal(passphrase, RandomNumberGenerator.GetBytes(200))),
            ["body cut short inside"] = Wire(blob, SaltedCipher.Seal(passphrase, plain.AsSpan(0, plain.Length - 1))),
            ["nothing inside"] = Wire(blob, SaltedCipher.Seal(passphrase, [])),
        };
    }

    private static byte[] Wire(byte[] blob, byte[] message) =>
        [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"aes:{Convert.ToBase64String(blob)}\r\nssl-length:{message.Length}\r\n\r\n")), .. message];

    /// <summary>A whole request, as a client of the ssl form sends it.</summary>
    public static byte[] Seal(string request, Passphrase passphrase) => SslRequest.Seal(SslRecording.PublicKey, passphrase, Encoding.Latin1.GetBytes(request));
}
