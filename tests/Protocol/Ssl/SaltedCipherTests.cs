using System.Buffers;
using System.Text;
using Deploy.Protocol.Ssl;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Deploy.Tests.Protocol.Ssl;

public class SaltedCipherTests
{
    [Fact]
    public async Task The_known_answer_opens_from_rsa_to_plain_text()
    {
        var passphrase = await SslRecording.PrivateKey.OpenAsync(SslRecording.Bytes("kat_rsa_ct.bin"), CancellationToken.None);
        Assert.Equal(SslRecording.Bytes("kat_aeskey.bin"), passphrase.Reveal().ToArray());
        Assert.True(SaltedCipher.TryOpen(passphrase, SslRecording.Bytes("kat_aes_ct.bin"), out var plain));
        Assert.Equal(SslRecording.Bytes("kat_plaintext.bin"), plain.ToArray());
    }

    [Theory]
    [MemberData(nameof(SslRecording.Names), MemberType = typeof(SslRecording))]
    public async Task Every_recorded_exchange_opens_to_what_was_recorded(string name)
    {
        byte[] wire = SslRecording.Bytes(name + ".c2s.bin");
        var head = SslRequest.ReadHead(new ReadOnlySequence<byte>(wire), out string? problem);
        Assert.Null(problem);
        Assert.Equal(wire.Length, head!.HeadBytes + head.Length);
        var passphrase = await SslRecording.PrivateKey.OpenAsync(head.Blob, CancellationToken.None);
        Assert.Equal(SslRecording.Bytes(name + ".aeskey.bin"), passphrase.Reveal().ToArray());
        Assert.True(SaltedCipher.TryOpen(passphrase, wire.AsSpan(head.HeadBytes), out var request));
        Assert.Equal(Text(SslRecording.Bytes(name + ".c2s.plain.bin")), Text(request.ToArray()));
        Assert.True(PlainRequest.Accept(request.ToArray(), out _));
        Assert.True(SaltedCipher.TryOpen(passphrase, SslRecording.Message(SslRecording.Bytes(name + ".s2c.bin")), out var answer));
        Assert.Equal(Text(SslRecording.Bytes(name + ".s2c.plain.bin")), Text(answer.ToArray()));
    }

    [Fact]
    public void There_are_enough_recordings() => Assert.True(SslRecording.Names().Count >= 9);

    [Fact]
    public void Whatever_is_sealed_opens_again_whole_or_in_pieces_and_never_twice_the_same()
    {
        Prop.ForAll<byte[], byte>((plain, cut) =>
        {
            var passphrase = Passphrase.Random();
            byte[] message = SaltedCipher.Seal(passphrase, plain);
            Assert.Equal(SaltedCipher.SealedLength(plain.Length), message.Length);
            Assert.True(SaltedCipher.TryOpen(passphrase, message, out var opened));
            Assert.Equal(plain, opened.ToArray());
            Assert.NotEqual(message, SaltedCipher.Seal(passphrase, plain));
            Assert.False(SaltedCipher.TryOpen(passphrase, message.AsSpan(0, Math.Min(cut % 17, 15)), out _));
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithReplay(3440, 41));
    }

    [Fact]
    public void Any_bytes_at_all_open_to_nothing_or_something_and_never_throw()
    {
        var random = new Random(3441);
        int opened = 0;
        for (int round = 0; round < 5_000; round++)
        {
            byte[] bytes = new byte[round % 2 == 0 ? 16 * random.Next(1, 7) : random.Next(100)];
            random.NextBytes(bytes);
            "Salted__"u8[..Math.Min(8, bytes.Length)].CopyTo(bytes);

            opened += SaltedCipher.TryOpen(Passphrase.Random(), bytes, out var plain) && !PlainRequest.Accept(plain.ToArray(), out _) ? 1 : 0;
        }

        Assert.InRange(opened, 1, 50); // a block of noise ends in a valid padding once in 255 times
    }

    [Fact]
    public void A_padding_is_told_for_every_last_block_there_can_be()
    {
        for (int count = 0; count < 256; count++)
        {
            byte[] block = [.. Enumerable.Repeat((byte)count, 16)];
            Assert.Equal(count is > 0 and <= 16 ? count : 0, SaltedCipher.Padding(block));
            for (int at = 0; at < 16 && count is > 0 and <= 16; at++)
            {
                byte[] changed = [.. block];
                changed[at] ^= 0x20;
                Assert.Equal(at < 16 - count ? count : 0, SaltedCipher.Padding(changed));
            }
        }
    }

    private static string Text(byte[] bytes) => Encoding.Latin1.GetString(bytes);
}
