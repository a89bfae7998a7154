using System.Buffers;
using System.Text;
using Deploy.Protocol.Ssl;
using Xunit;

namespace Deploy.Tests.Protocol.Ssl;

public class SslRequestTests
{
    [Theory]
    [InlineData("aes:QUJD\r\nssl-length:32\r\n\r\n", "ABC", 32)]
    [InlineData("aes:QUJD\nssl-length:0\n\n", "ABC", 0)]
    [InlineData("AES: QUJD \r\nSsl-Length: 032 \r\n\r\nmore", "ABC", 32)]
    [InlineData("aes:not base64!\r\nssl-length:7\r\n\r\n", "", 7)]
    [InlineData("aes:\r\nssl-length:7\r\n\r\n", "", 7)]
    [InlineData("ssl-length:7\r\naes:QUJD\r\n\r\n", "ABC", 7)]
    public void A_head_is_read_as_the_original_read_it(string text, string blob, int length)
    {
        var head = Read(text, out string? problem);
        Assert.Null(problem);
        Assert.Equal((blob, length), (Encoding.ASCII.GetString(head!.Blob), head.Length));
        Assert.Equal(text.Length - (text.EndsWith("more", StringComparison.Ordinal) ? 4 : 0), head.HeadBytes);
        for (int cut = 0; cut < head.HeadBytes; cut++)
        {
            Assert.Null(Read(text[..cut], out problem));
            Assert.Null(problem);
        }
    }

    [Theory]
    [InlineData("aes:QUJD\r\nssl-length:-5\r\n\r\n", "no number")]
    [InlineData("aes:QUJD\r\nssl-length:+5\r\n\r\n", "no number")]
    [InlineData("aes:QUJD\r\nssl-length:5 5\r\n\r\n", "no number")]
    [InlineData("aes:QUJD\r\nssl-length:0x20\r\n\r\n", "no number")]
    [InlineData("aes:QUJD\r\nssl-length:\r\n\r\n", "no number")]
    [InlineData("aes:QUJD\r\nssl-length:99999999999999999999\r\n\r\n", "no number")]
    [InlineData("aes:QUJD\r\nssl-length:999999999\r\n\r\n", "over")]
    [InlineData("aes:QUJD\r\nssl-length:32\r\nssl-length:32\r\n\r\n", "twice")]
    [InlineData("aes:QUJD\r\naes:QUJD\r\nssl-length:32\r\n\r\n", "twice")]
    [InlineData("aes:QUJD\r\nHost: x\r\nssl-length:32\r\n\r\n", "neither")]
    [InlineData("aes:QUJD\r\nPOST /agent/exec HTTP/1.1\r\n", "neither")]
    [InlineData("aes:QUJD\r\n\r\n", "no ssl-length")]
    [InlineData("ssl-length:32\r\n\r\n", "no aes")]
    [InlineData("\r\n", "no aes")]
    public void A_head_that_lies_is_told_at_once(string text, string said)
    {
        Assert.Null(Read(text, out string? problem));
        Assert.Contains(said, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_head_without_an_end_is_bounded()
    {
        Assert.Null(Read("aes:" + new string('A', SslRequest.MaxHeadBytes - 4), out string? problem));
        Assert.Null(problem);
        Assert.Null(Read("aes:" + new string('A', SslRequest.MaxHeadBytes), out problem));
        Assert.Contains("over 4096 bytes", problem, StringComparison.Ordinal);
        Assert.Null(Read("aes:" + new string('A', SslRequest.MaxHeadBytes) + "\r\nssl-length:3\r\n\r\n", out problem));
        Assert.Contains("over 4096 bytes", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_heads_never_throw_and_never_ask_for_more_than_the_bound()
    {
        var random = new Random(3440);
        string[] words = ["aes:", "ssl-length:", "QUJD", "32", "-1", "\r\n", "\n", ":", " ", "\0", "WHO", "999999", "\r"];
        for (int round = 0; round < 20_000; round++)
        {
            var head = Read(string.Concat(random.GetItems(words, random.Next(12))), out string? problem);
            Assert.True(head is null || (problem is null && head.Length is >= 0 && head.Length <= SslRequest.MaxLength));
        }
    }

    [Theory]
    [InlineData("POST /agent/exec HTTP/1.1\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc", true)]
    [InlineData("POST /agent/exec HTTP/1.0\ncontent-length:3\n\nabc", true)]
    [InlineData("GET /agent/exec?auth_key= HTTP/1.1\r\n\r\n", true)]
    [InlineData("POST /agent/exec HTTP/1.1\r\nContent-Length: 3\r\n\r\nab", false)]
    [InlineData("POST /agent/exec HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcd", false)]
    [InlineData("POST /agent/exec HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", false)]
    [InlineData("POST /agent/exec HTTP/1.1\r\nContent-Length: -3\r\n\r\nabc", false)]
    [InlineData("POST /agent/exec HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\nabc", false)]
    [InlineData("POST /agent/exec HTTP/1.1\r\n\r\nabc", false)]
    [InlineData("POST /agent/exec HTTP/1.1\r\nContent-Length: 3\r\n", false)]
    [InlineData("POST /agent/exec HTTP/1.1\r\nConn\u0081ction: x\r\n\r\n", false)]
    [InlineData("POST /agent/exec HTTP/1.1\r\nno colon\r\n\r\n", false)]
    [InlineData("POST /agent/exec\r\n\r\n", false)]
    [InlineData("POST  HTTP/1.1", false)]
    [InlineData("noise", false)]
    [InlineData("\r\n\r\n", false)]
    [InlineData("", false)]
    public void Only_a_whole_request_and_nothing_but_it_is_accepted(string text, bool whole)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        Assert.Equal(whole, PlainRequest.Accept(bytes, out _));
        Assert.Equal(whole ? text.Replace("HTTP/1.1", "HTTP/1.0", StringComparison.Ordinal) : text, Encoding.Latin1.GetString(bytes));
    }

    private static SslRequest? Read(string text, out string? problem) => SslRequest.ReadHead(new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(text)), out problem);
}
