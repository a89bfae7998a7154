using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Deploy.Security.Channel;

/// <summary>What a daemon proves with that it is itself: a P-256 key and a certificate that it signs for itself, in which nothing but the key counts.</summary>
internal sealed class HostKey
{
    private const string Curve = "1.2.840.10045.3.1.7"; // P-256, RFC 5480 2.1.1.1
    private const int Years = 10;

    private HostKey(X509Certificate2 certificate)
    {
        Pin = Pin.Of(certificate);
        Context = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
    }

    public Pin Pin { get; }

    /// <summary>For the TLS server; made once, since each makes OpenSSL anew.</summary>
    public SslStreamCertificateContext Context { get; }

    /// <summary>A new one as PEM: the key (PKCS #8), then its certificate.</summary>
    public static string MakePem(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=deploy", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(Years));
        return $"{key.ExportPkcs8PrivateKeyPem()}\n{certificate.ExportCertificatePem()}\n";
    }

    /// <summary>The key in this PEM; null where there is none.</summary>
    /// <param name="pem">The text of the file.</param>
    /// <param name="why">What is wrong, as the end of a sentence that names the file; nothing of the file is in it.</param>
    public static HostKey? Read(string pem, out string? why)
    {
        X509Certificate2 certificate;
        try
        {
            certificate = X509Certificate2.CreateFromPem(pem, pem);
        }
        catch (PlatformNotSupportedException)
        {
            why = "holds a key on a curve that is not known here, which is another than P-256";
            return null;
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            why = pem.Contains("ENCRYPTED", StringComparison.Ordinal) ? "is locked with a passphrase, which nobody is there to type"
                : pem.Contains("PRIVATE KEY-----", StringComparison.Ordinal) && pem.Contains("BEGIN CERTIFICATE-----", StringComparison.Ordinal) ? "holds a key and a certificate that do not belong together, or are damaged"
                : "is no PEM with a private key and its certificate";
            return null;
        }

        using var key = certificate.GetECDsaPrivateKey();
        if (key is null || key.ExportParameters(false).Curve.Oid.Value != Curve)
        {
            certificate.Dispose();
            why = "holds another kind of key than ECDSA P-256";
            return null;
        }

        why = null;
        return new HostKey(certificate);
    }
}
