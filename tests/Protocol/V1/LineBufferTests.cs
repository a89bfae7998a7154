using System.Text;
using Deploy.Protocol.V1;
using Xunit;

namespace Deploy.Tests.Protocol.V1;

public class LineBufferTests
{
    [Fact]
    public void However_the_bytes_come_the_lines_are_the_same()
    {
        var random = new System.Random(15);
        for (int round = 0; round < 300; round++)
        {
            string[] lines = [.. Enumerable.Range(0, random.Next(1, 30)).Select(_ => new string((char)('a' + random.Next(26)), random.Next(0, 200)))];
            byte[] bytes = Encoding.ASCII.GetBytes(string.Join('\n', lines) + "\n");
            var read = new List<string>();
            using var buffer = new LineBuffer(200);
            for (int at = 0; at < bytes.Length;)
            {
                var room = buffer.Room();
                int count = Math.Min(Math.Min(room.Length, random.Next(1, 50)), bytes.Length - at);
                bytes.AsMemory(at, count).CopyTo(room);
                buffer.Add(count);
                at += count;
                while (buffer.TryTake(out var line))
                {
                    read.Add(Encoding.ASCII.GetString(line.Span));
                }
            }

            Assert.True(buffer.IsEmpty);
            Assert.False(buffer.IsTooLong);
            Assert.Equal(lines.Where(line => line.Length > 0), read);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_line_that_is_too_long_is_noticed_in_bounds(bool ends)
    {
        const int Longest = 100_000;
        using var buffer = new LineBuffer(Longest);
        long fed = 0;
        while (!buffer.IsTooLong)
        {
            var room = buffer.Room();
            Assert.True(room.Length > 0);
            Assert.True(fed <= 4 * Longest);
            room.Span.Fill((byte)'x');
            if (ends && fed + room.Length > Longest)
            {
                room.Span[^1] = (byte)'\n';
            }

            buffer.Add(room.Length);
            fed += room.Length;
            Assert.False(buffer.TryTake(out _));
        }
    }
}
