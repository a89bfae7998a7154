using Deploy.Model.Text;
using Xunit;

namespace Deploy.Tests.Model.Text;

public class ByteTextTests
{
    [Fact]
    public void Any_bytes_come_back_as_they_were()
    {
        var random = new Random(20261122);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = new byte[random.Next(12)];
            random.NextBytes(bytes);
            Assert.Equal(bytes, ByteText.ToBytes(ByteText.FromBytes(bytes)));
        }
    }

    [Fact]
    public void Valid_utf8_is_its_own_text()
    {
        Assert.Equal("é 한글 \U0001F600", ByteText.FromBytes("é 한글 \U0001F600"u8));
    }

    [Fact]
    public void Each_byte_that_is_no_utf8_stands_alone()
    {
        AssertText("\uDCF0\uDC9F\uDC98a", [0xF0, 0x9F, 0x98, (byte)'a']); // a sequence cut short
        AssertText("a\uDCC0\uDCAFb", [(byte)'a', 0xC0, 0xAF, (byte)'b']); // overlong
        AssertText("\uDCED\uDCA0\uDC80", [0xED, 0xA0, 0x80]); // a surrogate
        AssertText("é\uDCFF\U0001F600\uDCE2", [0xC3, 0xA9, 0xFF, 0xF0, 0x9F, 0x98, 0x80, 0xE2]);

        static void AssertText(string text, byte[] bytes)
        {
            Assert.Equal(text, ByteText.FromBytes(bytes));
            Assert.Equal(bytes, ByteText.ToBytes(text));
        }
    }

    [Fact]
    public void A_surrogate_that_stands_for_no_byte_is_replaced()
    {
        Assert.Equal("\uFFFD"u8.ToArray(), ByteText.ToBytes("\uD800"));
    }
}
