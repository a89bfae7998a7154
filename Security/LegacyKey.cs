using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Deploy.Model;
using Deploy.Model.Text;

namespace Deploy.Security;

/// <summary>
/// The auth_key of the legacy wire: lower-case md5 hex of key_cipher, followed by the reverse of the decimal unix time with each digit XOR 1.
/// </summary>
/// <remarks>
/// It can be used again for its minute, and whoever sees one can make others for good: that is the wire's, and cannot be mended here.
/// Example: key <c>s3cret</c>, t = 1795345165: <c>33e1b232a4e6fa0028a6670753749a17</c> <c>4704524860</c>.
/// </remarks>
internal static class LegacyKey
{
    /// <summary>The cipher of a program that was given none (original: an undefined port, printed).</summary>
    public const string DefaultCipher = "65535";

    private const int HashLength = 32; // hex digits of an md5
    private const int MaxTimeDigits = 12; // 31,000 years; the original set no limit
    private const int ValidSeconds = 60; // original: |now - t| < 60; recordings raw_key_59old, raw_key_60old

    /// <summary>A key for this moment.</summary>
    public static Secret Make(Secret cipher, DateTimeOffset now)
    {
        char[] digits = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture).ToCharArray();
        Array.Reverse(digits);
        for (int i = 0; i < digits.Length; i++)
        {
            digits[i] = (char)(digits[i] ^ 1);
        }

        return new Secret(Hash(cipher) + new string(digits));
    }

    /// <summary>True when the key was made with this cipher less than 60 s before or after now. An empty cipher and <c>0</c> make every key invalid.</summary>
    public static bool Verify(string key, Secret cipher, DateTimeOffset now)
    {
        if (cipher.Reveal() is "" or "0" || key.Length <= HashLength || key.Length > HashLength + MaxTimeDigits)
        {
            return false;
        }

        long time = 0;
        for (int i = key.Length - 1; i >= HashLength; i--)
        {
            int digit = (key[i] ^ 1) - '0';
            if (digit is < 0 or > 9)
            {
                return false;
            }

            time = (time * 10) + digit;
        }

        bool sameHash = CryptographicOperations.FixedTimeEquals(
            ByteText.ToBytes(key[..HashLength]),
            Encoding.ASCII.GetBytes(Hash(cipher)));
        return sameHash && Math.Abs(now.ToUnixTimeSeconds() - time) < ValidSeconds;
    }

#pragma warning disable CA5351 // MD5 is what the legacy wire has; the secure mode has Ed25519.
    private static string Hash(Secret cipher) => Convert.ToHexStringLower(MD5.HashData(ByteText.ToBytes(cipher.Reveal())));
#pragma warning restore CA5351
}
