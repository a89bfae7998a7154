using Deploy.Security.Keys;
using Xunit;

namespace Deploy.Tests.Security.Keys;

public class SshPublicKeyTests
{
    // The first key of RFC 8032, section 7.1; the fingerprint as ssh-keygen -lf prints it.
    private const string Blob = "AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea";
    private const string Print = "SHA256:bbXpuKG6zhzdmnxq256TlqzFBzRl2f6OOg722cYNbU8";
    private static readonly string Good = $"ssh-ed25519 {Blob} alice@laptop";

    [Fact]
    public void A_line_reads_and_prints_as_it_was()
    {
        Assert.True(SshPublicKey.TryParse(Good, out var key, out _));
        Assert.Equal("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", Convert.ToHexStringLower(key.Bytes.Span));
        Assert.Equal(("alice@laptop", Good), (key.Comment, key.ToString()));
        Assert.Equal(Print, key.Fingerprint);
        Assert.True(SshPublicKey.IsFingerprint(key.Fingerprint));
        Assert.True(SshPublicKey.TryParse($"  ssh-ed25519\t {Blob}  ", out var bare, out _));
        Assert.Equal((string.Empty, $"ssh-ed25519 {Blob}"), (bare.Comment, bare.ToString()));
        Assert.Equal(key, bare);
        Assert.Equal(key.GetHashCode(), bare.GetHashCode());
        Assert.NotEqual(key, new TestKey(1).Key);
        Assert.True(SshPublicKey.TryParse(Good + " at  home ", out var longer, out _));
        Assert.Equal("alice@laptop at  home", longer.Comment);
    }

    [Theory]
    [InlineData("", "no public key of OpenSSH")]
    [InlineData("   ", "no public key of OpenSSH")]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----", "no public key of OpenSSH")]
    [InlineData("ssh-rsa AAAAB3NzaC1yc2E= a", "RSA keys are not taken; make an Ed25519 key: ssh-keygen -t ed25519")]
    [InlineData("ssh-dss AAAA a", "DSA keys")]
    [InlineData("ecdsa-sha2-nistp256 AAAA a", "ECDSA keys")]
    [InlineData("sk-ssh-ed25519@openssh.com AAAA a", "security keys")]
    [InlineData("sk-ecdsa-sha2-nistp256@openssh.com AAAA a", "security keys")]
    [InlineData("ssh-ed25519-cert-v01@openssh.com AAAA a", "certificates")]
    [InlineData("sk-ssh-ed25519-cert-v01@openssh.com AAAA a", "certificates")]
    [InlineData("SSH-ED25519 AAAA a", "'SSH-ED25519' is no kind")]
    [InlineData("\u001b[2Jx AAAA a", "'\\x1b[2Jx' is no kind")]
    [InlineData("ssh-ed25519", "cut off or damaged")]
    [InlineData("ssh-ed25519 AAAA", "cut off or damaged")]
    [InlineData("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1E= a", "cut off or damaged")]
    [InlineData("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1EaAA== a", "cut off or damaged")]
    [InlineData("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv-08lkBzoO4XLz2qYjJa8CGmj3B1Ea a", "base64")]
    [InlineData("ssh-ed25519 AAAAB3NzaC1yc2EAAAADAQABAAAAAQ== a", "RSA keys")]
    [InlineData("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA a", "no key that somebody can hold")]
    [InlineData("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea a\nb", "one line")]
    [InlineData("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea\r", "one line")]
    public void What_is_no_key_is_refused_with_a_reason(string text, string why)
    {
        Assert.False(SshPublicKey.TryParse(text, out _, out string? given));
        Assert.Contains(why, given, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', given);
    }

    [Fact]
    public void The_base64_has_one_form()
    {
        // Other letters for the same bytes, padding and spaces are other lines.
        Assert.False(CanonicalBase64.TryRead("QQ=", out _));
        Assert.False(CanonicalBase64.TryRead("QR==", out _));
        Assert.False(CanonicalBase64.TryRead("QQ= =", out _));
        Assert.False(CanonicalBase64.TryRead(" QQ==\t\t\t", out _));
        Assert.False(CanonicalBase64.TryRead("QQ==QQ==", out _));
        Assert.True(CanonicalBase64.TryRead("QQ==", out byte[]? bytes));
        Assert.Equal("A"u8.ToArray(), bytes);
        Assert.True(CanonicalBase64.TryRead("", out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("SHA256:")]
    [InlineData("sha256:bbXpuKG6zhzdmnxq256TlqzFBzRl2f6OOg722cYNbU8")]
    [InlineData("SHA256:bbXpuKG6zhzdmnxq256TlqzFBzRl2f6OOg722cYNbU9")]
    [InlineData("SHA256:bbXpuKG6zhzdmnxq256TlqzFBzRl2f6OOg722cYNbU8=")]
    [InlineData("SHA256:bbXpuKG6zhzdmnxq256TlqzFBzRl2f6OOg722cYNbU8A")]
    [InlineData("MD5:00:11")]
    public void What_is_no_fingerprint_is_told(string text) => Assert.False(SshPublicKey.IsFingerprint(text));

    [Fact]
    public void Any_bent_line_is_refused_or_prints_as_it_was_read()
    {
        var random = new Random(8032);
        int taken = 0;
        for (int round = 0; round < 20_000; round++)
        {
            string bent = Bend.Text(Good, random);
            if (SshPublicKey.TryParse(bent, out var key, out string? why))
            {
                taken++;
                Assert.True(SshPublicKey.TryParse(key.ToString(), out var again, out _));
                Assert.Equal((key, key.Comment), (again, again.Comment));
            }
            else
            {
                Assert.DoesNotContain('\n', why);
            }
        }

        Assert.True(taken > 100); // bent comments
        for (int round = 0; round < 20_000; round++)
        {
            SshPublicKey.TryRead(Bend.Bytes(Convert.FromBase64String(Blob), random), string.Empty, out _, out _);
        }
    }
}
