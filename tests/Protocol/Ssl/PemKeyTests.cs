using System.Security.Cryptography;
using System.Text;
using Deploy.Protocol.Ssl;
using Xunit;

namespace Deploy.Tests.Protocol.Ssl;

public class PemKeyTests
{
    [Fact]
    public async Task All_four_forms_of_a_pair_are_read_and_fit_each_other()
    {
        using var rsa = RSA.Create(1024);
        foreach (string open in new[] { rsa.ExportPkcs8PrivateKeyPem(), rsa.ExportRSAPrivateKeyPem(), "a word before\r\n" + rsa.ExportPkcs8PrivateKeyPem().Replace("\n", "\r\n", StringComparison.Ordinal) })
        {
            foreach (string seal in new[] { rsa.ExportSubjectPublicKeyInfoPem(), rsa.ExportRSAPublicKeyPem(), rsa.ExportPkcs8PrivateKeyPem() + "\n" + rsa.ExportSubjectPublicKeyInfoPem() })
            {
                var passphrase = Passphrase.Random();
                byte[] blob = Public(seal).Seal(passphrase);
                Assert.Equal(128, blob.Length);
                Assert.Equal(passphrase.Reveal().ToArray(), (await Private(open).OpenAsync(blob, CancellationToken.None)).Reveal().ToArray());
            }
        }
    }

    [Fact]
    public void Everything_else_is_named_for_what_it_is()
    {
        using var rsa = RSA.Create(1024);
        using var small = RSA.Create(512);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string pem = rsa.ExportPkcs8PrivateKeyPem();
        var password = new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1);
        Wrong(string.Empty, "is empty");
        Wrong(new string('x', 100_000), "too large");
        Wrong("hello\n", "is not PEM");
        Wrong("-----BEGIN PRIVATE KEY-----\nAAAA\n", "no whole PEM block");
        Wrong(PemEncoding.WriteString("PRIVATE KEY", [1, 2, 3]), "damaged");
        Wrong(PemEncoding.WriteString("PRIVATE KEY", [.. rsa.ExportPkcs8PrivateKey(), 0]), "damaged");
        Wrong(rsa.ExportEncryptedPkcs8PrivateKeyPem("x", password), "protected by a password");
        Wrong("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n", "protected by a password");
        Wrong(rsa.ExportSubjectPublicKeyInfoPem(), "is a public key: expected the private key");
        Wrong(small.ExportPkcs8PrivateKeyPem(), "512 bits: expected 1024");
        Wrong(curve.ExportPkcs8PrivateKeyPem(), "not an RSA key");
        Wrong(curve.ExportECPrivateKeyPem(), "not an RSA key");
        Wrong("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n", "is an SSH key");
        Wrong(PemEncoding.WriteString("CERTIFICATE", [1]), "is a certificate");
        WrongPublic(pem, "is a private key, which belongs to the server");
        WrongPublic("ssh-rsa AAAA alice", "is an SSH key");
        WrongPublic(small.ExportSubjectPublicKeyInfoPem(), "512 bits");
        WrongPublic(curve.ExportSubjectPublicKeyInfoPem(), "not an RSA key");
        WrongPublic(PemEncoding.WriteString("CERTIFICATE", [1]), "openssl x509");
    }

    [Fact]
    public void Damaged_keys_never_throw()
    {
        using var rsa = RSA.Create(1024);
        byte[] pem = Encoding.ASCII.GetBytes(rsa.ExportRSAPrivateKeyPem());
        var random = new Random(3440);
        for (int round = 0; round < 500; round++)
        {
            byte[] damaged = [.. pem];
            damaged[random.Next(damaged.Length)] = (byte)random.Next(128);
            var key = PrivateKey.Read(damaged.AsSpan(0, round % 3 == 0 ? random.Next(damaged.Length) : damaged.Length), out string? mistake);
            Assert.True(key is null == mistake is not null);
        }
    }

    [Fact]
    public async Task What_is_no_blob_of_this_key_opens_to_another_passphrase_each_time()
    {
        using var other = RSA.Create(2048);
        byte[] foreign = other.Encrypt(new byte[16], RSAEncryptionPadding.OaepSHA1);
        foreach (byte[] blob in new[] { [], new byte[1], new byte[256], new byte[257], foreign, [.. Enumerable.Repeat((byte)255, 256)] })
        {
            var (one, two) = (await SslRecording.PrivateKey.OpenAsync(blob, CancellationToken.None), await SslRecording.PrivateKey.OpenAsync(blob, CancellationToken.None));
            Assert.Equal(16, one.Reveal().Length);
            Assert.NotEqual(one.Reveal().ToArray(), two.Reveal().ToArray());
            Assert.Equal("[redacted]", one.ToString());
        }
    }

    private static void Wrong(string file, string said)
    {
        Assert.Null(PrivateKey.Read(Encoding.ASCII.GetBytes(file), out string? mistake));
        Assert.Contains(said, mistake, StringComparison.Ordinal);
    }

    private static void WrongPublic(string file, string said)
    {
        Assert.Null(PublicKey.Read(Encoding.ASCII.GetBytes(file), out string? mistake));
        Assert.Contains(said, mistake, StringComparison.Ordinal);
    }

    private static PrivateKey Private(string pem) => PrivateKey.Read(Encoding.ASCII.GetBytes(pem), out _)!;

    private static PublicKey Public(string pem) => PublicKey.Read(Encoding.ASCII.GetBytes(pem), out _)!;
}
