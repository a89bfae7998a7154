using System.Text;
using Deploy.Model.Text;
using Deploy.Protocol.Ssl;
using Deploy.Security.Channel;
using Deploy.Security.Keys;
using Deploy.Security.Sodium;
using Deploy.Tests.Protocol.Ssl;
using Deploy.Tests.Security.Keys;
using Xunit;
using Xunit.Abstractions;

namespace Deploy.Tests.Fuzz;

/// <summary>Keys as files and agents have them.</summary>
public class KeyFuzzTests(ITestOutputHelper output)
{
    private static readonly TestKey Key = new(7);

    [Fact]
    public Task A_public_key_that_is_taken_is_the_one_that_stands_there() => Fuzzer.RunAsync(
        new FuzzTarget("SshPublicKey", PublicKey) { Words = ["ssh-ed25519 ", "ssh-rsa ", "AAAAC3NzaC1lZDI1NTE5AAAAI", "=", "=="], Inputs = 20_000 }, output);

    [Fact]
    public Task A_private_key_that_is_taken_signs_for_the_public_key_in_it() => Fuzzer.RunAsync(
        new FuzzTarget("OpenSshKeyFormat", PrivateKey) { Words = ["-----BEGIN OPENSSH PRIVATE KEY-----", "-----END OPENSSH PRIVATE KEY-----", "openssh-key-v1\0", "none", "aes256-ctr", "bcrypt", "ssh-ed25519"], Inputs = 15_000 }, output);

    [Fact]
    public Task What_an_agent_answers_is_keys_or_a_signature_to_the_byte() => Fuzzer.RunAsync(
        new FuzzTarget("SshAgent", AgentAnswer) { Words = ["ssh-ed25519", "\0\0\0\x40", "\0\0\0\x0b"], Inputs = 20_000 }, output);

    [Fact]
    public Task A_pin_that_is_taken_is_the_one_that_stands_there() => Fuzzer.RunAsync(
        new FuzzTarget("Pin", OnePin) { Words = ["deploy1-", "-", "A", "7", "0", "1", "8"], Inputs = 20_000 }, output);

    [Fact]
    public Task A_host_key_is_one_or_is_told_without_a_word_of_it() => Fuzzer.RunAsync(
        new FuzzTarget("HostKey", OneHostKey) { Words = ["-----BEGIN PRIVATE KEY-----", "-----END CERTIFICATE-----"], Inputs = 1_500 }, output);

    [Fact]
    public Task A_key_of_the_ssl_form_is_one_or_is_told_without_a_word_of_it() => Fuzzer.RunAsync(
        new FuzzTarget("PemKey", Rsa)
        {
            Words = ["-----BEGIN RSA PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----", "-----BEGIN PUBLIC KEY-----", "ENCRYPTED ", "Proc-Type: 4,ENCRYPTED\n"],
            More = [SslRecording.PrivatePem, SslRecording.Bytes("public.pem")],
            Inputs = 2_000,
        }, output);

    private static void PublicKey(byte[] input)
    {
        string text = ByteText.FromBytes(input);
        if (!SshPublicKey.TryParse(text, out var key, out string? why))
        {
            Holds.Safe(why);
            return;
        }

        Assert.Contains(Convert.ToBase64String(key.Blob.Span), text, StringComparison.Ordinal);
        Assert.Equal(51, key.Blob.Length);
        Assert.True(SshPublicKey.IsFingerprint(key.Fingerprint));
        Assert.True(SshPublicKey.TryParse(key.ToString(), out var again, out why), why);
        Assert.Equal((key.Fingerprint, key.Comment), (again.Fingerprint, again.Comment));
    }

    /// <summary>What is no text of a key is taken as the bytes that its base64 would hold.</summary>
    private static void PrivateKey(byte[] input)
    {
        bool isText = input.AsSpan().StartsWith("-----"u8) || input.AsSpan().StartsWith("ssh-"u8);
        byte[] file = isText ? input : Encoding.ASCII.GetBytes($"-----BEGIN OPENSSH PRIVATE KEY-----\n{Convert.ToBase64String(input)}\n-----END OPENSSH PRIVATE KEY-----\n");
        switch (OpenSshKeyFormat.Read(file))
        {
            case KeyFileContent.Plain plain:
                Assert.True(Ed25519.Verify(Ed25519.Sign("message"u8, plain.Secret), "message"u8, plain.Key.Bytes.Span));
                var again = Assert.IsType<KeyFileContent.Plain>(OpenSshKeyFormat.Read(ByteText.ToBytes(OpenSshKeyFormat.Write(plain.Key, plain.Secret))));
                Assert.Equal((plain.Key.Fingerprint, plain.Key.Comment), (again.Key.Fingerprint, again.Key.Comment));
                Assert.Equal(plain.Secret, again.Secret);
                Assert.DoesNotContain('\n', plain.Key.Comment);
                break;
            case KeyFileContent.Locked locked:
                Assert.Equal(51, locked.Key.Blob.Length);
                break;
            case KeyFileContent.Unusable unusable:
                Holds.Safe(unusable.Why);
                Holds.Safe(unusable.Next);
                break;
        }
    }

    private static void AgentAnswer(byte[] input)
    {
        foreach (var key in SshAgent.ReadKeys(input) ?? [])
        {
            Assert.True(input.AsSpan().IndexOf(key.Blob.Span) > 0);
        }

        if (SshAgent.ReadSignature(input) is { } signature)
        {
            byte[] inner = new SshWriter().String("ssh-ed25519"u8).String(signature).ToArray();
            Assert.Equal(new SshWriter().Raw([14]).String(inner).ToArray(), input);
        }
    }

    private static void OnePin(byte[] input)
    {
        string text = ByteText.FromBytes(input);
        if (!Pin.TryParse(text, out var pin, out string? why))
        {
            Holds.Safe(why);
            return;
        }

        Assert.Equal(pin.ToString().Replace("-", string.Empty, StringComparison.Ordinal), text.Replace("-", string.Empty, StringComparison.Ordinal), ignoreCase: true, ignoreLineEndingDifferences: false);
        Assert.True(Pin.TryParse(pin.ToString(), out var again, out _) && again.Equals(pin));
    }

    private static void OneHostKey(byte[] input)
    {
        string text = Encoding.UTF8.GetString(input);
        if (HostKey.Read(text, out string? why) is { } key)
        {
            Assert.True(Pin.TryParse(key.Pin.ToString(), out _, out _));
            return;
        }

        Told(text, why);
    }

    private static void Rsa(byte[] input)
    {
        foreach (string? mistake in (string?[])[Deploy.Protocol.Ssl.PrivateKey.Read(input, out string? hidden) is null ? hidden ?? "" : null, Deploy.Protocol.Ssl.PublicKey.Read(input, out string? open) is null ? open ?? "" : null])
        {
            if (mistake is not null)
            {
                Told(Encoding.Latin1.GetString(input), mistake);
            }
        }
    }

    private static void Told(string file, string? why)
    {
        Assert.False(string.IsNullOrEmpty(why));
        Holds.Safe(why);
        string secret = file.Length > 200 ? file.Substring(100, 40) : "-"; // of the middle of a key
        Assert.True(secret == "-" || !why.Contains(secret, StringComparison.Ordinal));
    }
}
