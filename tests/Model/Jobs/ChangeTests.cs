using System.Buffers;
using System.Text;
using Deploy.Model.Jobs;
using Xunit;

namespace Deploy.Tests.Model.Jobs;

public class ChangeTests
{
    private const int Seed = 20261123;

    [Theory]
    [InlineData("name", "new\tf\t5\t2026-11-22T10:00:00Z\tname\n")]
    [InlineData("a\tb\\c\nd\u007f한", "new\tf\t5\t2026-11-22T10:00:00Z\ta\\x09b\\\\c\\x0ad\\x7f한\n")]
    public void A_line_has_its_fields_between_tabs(string name, string line)
    {
        var change = new Change { Kind = ChangeKind.New, Type = 'f', Size = 5, Time = "2026-11-22T10:00:00Z", Name = Encoding.UTF8.GetBytes(name) };
        Assert.Equal(line, Encoding.UTF8.GetString(Line(change)));
    }

    [Fact]
    public void A_time_that_is_no_text_makes_no_change_and_one_that_moves_a_terminal_is_shown()
    {
        Assert.False(Change.TryParse("new\tf\t1\t\\xff\tname"u8, out _));
        Assert.Equal("\\x1b[2J", ShapeChange.Of("new\tf\t1\t\\x1b[2J\tname"u8)?.Time);
    }

    [Fact]
    public void Any_name_and_link_comes_back_and_no_two_changes_share_a_line()
    {
        var random = new Random(Seed);
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int round = 0; round < 20_000; round++)
        {
            var change = new Change
            {
                Kind = (ChangeKind)random.Next(4),
                Type = "fdLhDS-"[random.Next(7)],
                Size = random.Next(3) == 0 ? random.NextInt64(0, long.MaxValue) : null,
                Time = random.Next(2) == 0 ? "2026-11-22T10:00:00Z" : string.Empty,
                Name = Bytes(random, 1),
                Link = random.Next(2) == 0 ? Bytes(random, 0) : null,
            };
            byte[] line = Line(change);
            Assert.True(Encoding.UTF8.GetString(line).All(c => c is '\t' or '\n' || !char.IsAsciiLetter(c) || c < 0x7F) && System.Text.Unicode.Utf8.IsValid(line));
            Assert.Equal(1, line.Count(b => b == '\n'));
            Assert.True(Change.TryParse(line.AsSpan(..^1), out var again));
            Assert.Equal(Describe(change), Describe(again));
            Assert.Equal(Describe(change), seen.TryAdd(Encoding.UTF8.GetString(line), Describe(change)) ? Describe(change) : seen[Encoding.UTF8.GetString(line)]);
        }
    }

    [Fact]
    public void Any_bytes_are_a_line_of_one_form_or_none()
    {
        var random = new Random(Seed);
        string[] pieces = ["new", "deleted", "\t", "\t", "\t", "f", "-", "12", "012", "\\", "\\x41", "\\x0a", "\\\\", "name", "é", "+1", "\\x"];
        for (int round = 0; round < 20_000; round++)
        {
            byte[] line = random.Next(2) == 0 ? Bytes(random, 0) : Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(14)).Select(_ => pieces[random.Next(pieces.Length)])));
            if (Change.TryParse(line, out var change))
            {
                Assert.Equal([.. line, (byte)'\n'], Line(change));
            }
        }
    }

    private static byte[] Bytes(Random random, int least)
    {
        byte[] bytes = new byte[random.Next(least, 12)];
        for (int at = 0; at < bytes.Length; at++)
        {
            bytes[at] = random.Next(3) == 0 ? (byte)"\\x0\t\nn"[random.Next(6)] : (byte)random.Next(256);
        }

        return bytes;
    }

    private static byte[] Line(Change change)
    {
        var lines = new ArrayBufferWriter<byte>();
        change.WriteTo(lines);
        return lines.WrittenSpan.ToArray();
    }

    private static string Describe(Change change) =>
        $"{change.Kind} {change.Type} {change.Size} {change.Time} {Convert.ToHexString(change.Name.Span)} {(change.Link is { } link ? Convert.ToHexString(link.Span) : "none")}";
}
