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
    public void A_surrogate_that_stands_for_no_byte_is_replaced()
    {
        Assert.Equal("\uFFFD"u8.ToArray(), ByteText.ToBytes("\uD800"));
    }
}
