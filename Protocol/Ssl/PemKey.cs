using System.Security.Cryptography;
using System.Text;

namespace Deploy.Protocol.Ssl;

/// <summary>An RSA key out of a PEM file (RFC 7468), with words for everything that people put there instead.</summary>
internal static class PemKey
{
    /// <summary>Smallest modulus that is taken: below, it can be factored with little effort. The original's own default.</summary>
    public const int LeastBits = 1024;

    /// <summary>Largest: each connection costs one operation with it, and 16384 bits take a third of a second.</summary>
    public const int MostBits = 16384;

    private const int MostBytes = 64 * 1024; // a key of 16384 bits is below 13 KiB

    /// <summary>The first key of the wanted kind; null, and what is wrong, where there is none.</summary>
    public static RSA? Read(ReadOnlySpan<byte> file, bool wantsPrivate, out string? mistake)
    {
        mistake = null;
        string text = file.Length <= MostBytes ? Encoding.Latin1.GetString(file) : string.Empty;
        var others = new List<string>();
        for (var rest = text.AsSpan(); PemEncoding.TryFind(rest, out var fields); rest = rest[fields.Location.End..])
        {
            string label = rest[fields.Label].ToString();
            if (label == (wantsPrivate ? "PRIVATE KEY" : "PUBLIC KEY") || label == (wantsPrivate ? "RSA PRIVATE KEY" : "RSA PUBLIC KEY"))
            {
                return Import(Convert.FromBase64String(rest[fields.Base64Data].ToString()), label, out mistake);
            }

            others.Add(label);
        }

        mistake = Instead(text, others, wantsPrivate);
        return null;
    }

    private static RSA? Import(byte[] der, string label, out string? mistake)
    {
        var rsa = RSA.Create();
        try
        {
            int used;
            switch (label)
            {
                case "PRIVATE KEY":
                    rsa.ImportPkcs8PrivateKey(der, out used);
                    break;
                case "RSA PRIVATE KEY":
                    rsa.ImportRSAPrivateKey(der, out used);
                    break;
                case "PUBLIC KEY":
                    rsa.ImportSubjectPublicKeyInfo(der, out used);
                    break;
                default:
                    rsa.ImportRSAPublicKey(der, out used);
                    break;
            }

            mistake = used != der.Length ? "holds a damaged key"
                : rsa.KeySize is < LeastBits or > MostBits ? $"holds a key of {rsa.KeySize} bits: expected {LeastBits} to {MostBits}"
                : null;
        }
        catch (CryptographicException)
        {
            mistake = "holds a key that is damaged, or not an RSA key";
        }
        finally
        {
            CryptographicOperations.ZeroMemory(der);
        }

        if (mistake is null)
        {
            return rsa;
        }

        rsa.Dispose();
        return null;
    }

    /// <summary>What the file holds in the place of a key.</summary>
    private static string Instead(string text, List<string> labels, bool wantsPrivate)
    {
        bool Has(string word) => labels.Exists(label => label.Contains(word, StringComparison.Ordinal)) || text.Contains($"-----BEGIN {word}", StringComparison.Ordinal);
        return 0 switch
        {
            _ when text.Length == 0 => "is empty, or too large for a key",
            _ when Has("ENCRYPTED PRIVATE KEY") || text.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal) =>
                "is protected by a password, which nobody could give here: take it off with openssl pkey -in OLD -out NEW",
            _ when Has("OPENSSH PRIVATE KEY") || text.StartsWith("ssh-", StringComparison.Ordinal) => "is an SSH key: expected a PEM file, as `deploy keygen legacy` makes it",
            _ when Has("EC PRIVATE KEY") || Has("DSA PRIVATE KEY") => "is not an RSA key",
            _ when Has("CERTIFICATE") => wantsPrivate ? "is a certificate: expected the private key" : "is a certificate: expected its public key alone, openssl x509 -in FILE -pubkey -noout",
            _ when wantsPrivate && Has("PUBLIC KEY") => "is a public key: expected the private key of the pair, which stays on this host",
            _ when !wantsPrivate && Has("PRIVATE KEY") => "is a private key, which belongs to the server alone: expected the public key of the pair",
            _ when text.Contains("-----BEGIN ", StringComparison.Ordinal) => "holds no whole PEM block of a key",
            _ => "is not PEM: expected a line -----BEGIN " + (wantsPrivate ? "PRIVATE KEY-----" : "PUBLIC KEY-----"),
        };
    }
}
