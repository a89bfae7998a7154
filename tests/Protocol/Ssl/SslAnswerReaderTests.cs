using System.Text;
using System.Text.Json;
using Deploy.Protocol;
using Deploy.Protocol.Receiving;
using Deploy.Protocol.Ssl;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Protocol.Ssl;

public class SslAnswerReaderTests
{
    [Theory]
    [MemberData(nameof(SslRecording.Names), MemberType = typeof(SslRecording))]
    public void A_recorded_answer_prints_as_the_original_client_printed_it_whatever_pieces_it_comes_in(string name)
    {
        byte[] wire = SslRecording.Bytes(name + ".s2c.bin");
        var printed = JsonDocument.Parse(SslRecording.Printed(name)).RootElement.EnumerateObject().First().Value.EnumerateObject().First().Value;
        foreach (int size in new[] { 1, 7, 15, 16, 17, 64, wire.Length })
        {
            var outcome = Read(new Passphrase(SslRecording.Bytes(name + ".aeskey.bin")), wire, size);
            Assert.True(Assert.IsType<Answered>(outcome).Encrypted);
            Assert.True(JsonElement.DeepEquals(printed, ResponseReaderTests.Json(LegacyResult.Of(outcome).Result.ToValue())), name);
        }
    }

    [SharedDataFact("legacy-wire")]
    public void The_large_recorded_answer_is_read_too()
    {
        byte[] Bytes(string file) => File.ReadAllBytes(Path.Combine(SharedData.Root, "legacy-wire", file));
        var outcome = Read(new Passphrase(Bytes("ssl_big.aeskey.bin")), Bytes("ssl_big.s2c.bin"), 16 * 1024);
        byte[] plain = Bytes("ssl_big.s2c.plain.bin");
        Assert.Equal(SslRecording.Message(plain), Assert.IsType<Answered>(outcome).Body.ToArray());
    }

    [Theory]
    [InlineData("", "without an answer")]
    [InlineData("ssl-len", "7 bytes of a head came")]
    [InlineData("ssl-length:32\r\n\r\nSalted__", "8 of 32 encrypted bytes came")]
    [InlineData("ssl-length:33\r\n\r\n", "no encrypted message")]
    [InlineData("ssl-length:0\r\n\r\n", "no encrypted message")]
    [InlineData("ssl-length:-32\r\n\r\n", "no ssl-length")]
    [InlineData("ssl-length:x\r\n\r\n", "no ssl-length")]
    [InlineData("ssl-length:\r\n\r\n", "no ssl-length")]
    [InlineData("ssl-length:9999999999\r\n\r\n", "over 256 MiB")]
    [InlineData("ssl-length:99999999999999999999999\r\n\r\n", "over 256 MiB")]
    [InlineData("ssl-length:32\r\nssl-length:32\r\n\r\n", "no ssl-length")]
    [InlineData("ssl-length:                                                              ", "no ssl-length")]
    [InlineData("SSH-2.0-OpenSSH\r\n", "neither encrypted nor HTTP")]
    [InlineData("ssl-length:32\r\n\r\n0123456789abcdef0123456789abcdef", "no encrypted message")]
    public void A_broken_answer_is_no_answer(string wire, string said) =>
        Assert.Contains(said, Assert.IsType<NoAnswer>(Read(Passphrase.Random(), Encoding.ASCII.GetBytes(wire), 5)).Why, StringComparison.Ordinal);

    [Fact]
    public void A_plain_answer_is_a_mismatch() =>
        Assert.False(Assert.IsType<Mismatch>(Read(Passphrase.Random(), "HTTP/1.1 405 Method Not Allowed\r\n"u8.ToArray(), 3)).PeerEncrypts);

    [Fact]
    public void An_answer_under_another_passphrase_or_with_noise_in_it_is_none_and_its_memory_is_given_back()
    {
        var random = new Random(3440);
        var passphrase = Passphrase.Random();
        byte[] plain = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + new string('x', 5000));
        byte[] wire = [.. Encoding.ASCII.GetBytes($"ssl-length:{SaltedCipher.SealedLength(plain.Length)}\r\n\r\n"), .. SaltedCipher.Seal(passphrase, plain)];
        Assert.Equal(5000, Assert.IsType<Answered>(Read(passphrase, wire, 100)).Body.Length);
        Assert.IsType<NoAnswer>(Read(Passphrase.Random(), wire, 100));
        for (int round = 0; round < 300; round++)
        {
            byte[] noisy = [.. wire];
            noisy[random.Next(noisy.Length)] ^= (byte)(1 << random.Next(8));
            var budget = new ReceiveBudget(6000);
            if (Read(passphrase, noisy[..random.Next(noisy.Length)], 1 + random.Next(3000), budget) is not Answered)
            {
                Assert.True(budget.TryTake(6000));
            }
        }

        Assert.Contains(" together", Assert.IsType<NoAnswer>(Read(passphrase, wire, 100, new ReceiveBudget(500))).Why, StringComparison.Ordinal);
    }

    private static LegacyOutcome Read(Passphrase passphrase, byte[] wire, int size, ReceiveBudget? budget = null)
    {
        using var reader = new SslAnswerReader(budget ?? new ReceiveBudget(1 << 24), passphrase);
        for (int at = 0; at < wire.Length; at += size)
        {
            if (reader.Feed(wire.AsSpan(at, Math.Min(size, wire.Length - at))) is { } outcome)
            {
                return outcome;
            }
        }

        return reader.Close();
    }
}
