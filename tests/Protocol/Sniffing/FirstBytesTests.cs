using System.Buffers;
using System.Text;
using Deploy.Protocol.Sniffing;
using Xunit;

namespace Deploy.Tests.Protocol.Sniffing;

public class FirstBytesTests
{
    [Theory]
    [InlineData("", Speech.Unknown)]
    [InlineData("P", Speech.Http)]
    [InlineData("a", Speech.Unknown)]
    [InlineData("aes", Speech.Unknown)]
    [InlineData("aes:", Speech.LegacySsl)]
    [InlineData("aet:", Speech.Http)]
    [InlineData("AES:", Speech.LegacySsl)]
    [InlineData("Ssl", Speech.Unknown)]
    [InlineData("Ssl-Length: 5", Speech.LegacySsl)]
    [InlineData("SSL:", Speech.Http)]
    [InlineData("WHO", Speech.Unknown)]
    [InlineData("WHO\r\n", Speech.LegacySsl)]
    [InlineData("WHO\n", Speech.LegacySsl)]
    [InlineData("WHOA", Speech.Http)]
    [InlineData("\u0016", Speech.Unknown)]
    [InlineData("\u0016\u0003\u0001", Speech.Tls)]
    [InlineData("\u0016\u0002\u0001", Speech.Http)]
    [InlineData("\0", Speech.Http)]
    internal void The_speech_is_told_from_four_bytes(string bytes, Speech expected) => Assert.Equal(expected, FirstBytes.Tell(Pieces(Encoding.Latin1.GetBytes(bytes), 1)));

    [Theory]
    [InlineData("POST /a HTTP/1.1\r\nConnection: close\r\n\r\nbody", true, false, 15)]
    [InlineData("POST /a HTTP/1.1\nConnection: close\n\nbody", true, false, 15)]
    [InlineData("GET /a HTTP/1.1\r\nhOsT: x\r\n\r\n", true, true, 14)]
    [InlineData("GET /a HTTP/1.0\r\n\r\n", true, false, -1)]
    [InlineData("GET /a HTTP/1.1\r\n", false, false, 14)]
    [InlineData("GET /a HTTP/1.1", false, false, -1)]
    [InlineData("GET /a HTTP/1.1\r\nX: Host:\r\n\r\n", true, false, 14)]
    [InlineData("\r\nGET /a HTTP/1.1\r\n\r\n", true, false, -1)]
    public void A_head_is_read_whatever_its_line_ends(string text, bool complete, bool host, long versionAt)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        for (int size = 1; size <= bytes.Length; size++)
        {
            var head = FirstBytes.ReadHead(Pieces(bytes, size));
            Assert.Equal((complete, host, versionAt), (head.Complete, head.HasHost, head.MinorVersionAt));
        }
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var random = new Random(3440);
        string alphabet = "HTTP/1.\r\n :hostPOSTaesAESssl-WHO\u0016\u0003";
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = Encoding.Latin1.GetBytes(random.GetItems(alphabet.AsSpan(), random.Next(60)));
            var head = FirstBytes.ReadHead(Pieces(bytes, 1 + random.Next(7)));
            FirstBytes.Tell(Pieces(bytes, 1));
            Assert.True(head.MinorVersionAt < bytes.Length && (head.MinorVersionAt < 0 || bytes[head.MinorVersionAt] == (byte)'1'));
        }
    }

    private static ReadOnlySequence<byte> Pieces(byte[] bytes, int size)
    {
        Segment? first = null;
        Segment? last = null;
        for (int at = 0; at < bytes.Length; at += size)
        {
            var piece = bytes.AsMemory(at, Math.Min(size, bytes.Length - at));
            last = last is null ? first = new Segment(piece, 0) : last.Next(piece);
        }

        return first is null ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(first, 0, last!, last!.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index)
        {
            Memory = memory;
            RunningIndex = index;
        }

        public new Segment Next(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            base.Next = next;
            return next;
        }
    }
}
