using System.Globalization;
using System.Text;
using Deploy.Model.Text;
using Xunit;

namespace Deploy.Tests.Model.Text;

public class SafeTextTests
{
    [Theory]
    [InlineData("plain text, é 한글 \U0001F600 \\x1b stays", "plain text, é 한글 \U0001F600 \\x1b stays")]
    [InlineData("\u001b[2J\u0007", "\\x1b[2J\\x07")]
    [InlineData("a\r\nb\tc\0", "a\\x0d\\x0ab\\x09c\\x00")]
    [InlineData("\u007f\u009b31m", "\\x7f\\u009b31m")]
    [InlineData("abc\u202Etxt.exe\u2066", "abc\\u202etxt.exe\\u2066")]
    [InlineData("a\u200Bb\u2028c\uFEFF", "a\\u200bb\\u2028c\\ufeff")]
    [InlineData("\U000E0041", "\\u{e0041}")]
    public void What_could_fool_a_terminal_is_shown(string text, string safe) => Assert.Equal(safe, SafeText.Of(text));

    [Fact]
    public void A_byte_that_was_no_text_is_shown_as_that_byte() =>
        Assert.Equal("caf\\xe9 \\x9b \\ud800 \\udc7f", SafeText.Of(ByteText.FromBytes([(byte)'c', (byte)'a', (byte)'f', 0xE9, 0x20, 0x9B]) + " \uD800 \uDC7F"));

    [Fact]
    public void Line_breaks_and_tabs_stay_for_who_asks()
    {
        Assert.Equal("a\n\\x09\\x0d", SafeText.Of("a\n\t\r", SafeTextKeep.Newline));
        Assert.Equal("a\n\t\\x0d", SafeText.Of("a\n\t\r", SafeTextKeep.Newline | SafeTextKeep.Tab));
    }

    [Fact]
    public void Text_with_nothing_to_change_is_the_same_object()
    {
        string text = new('x', 100);
        Assert.Same(text, SafeText.Of(text));
    }

    /// <summary>The oracle is the runtime's table of categories, which the code does not use.</summary>
    [Fact]
    public void Every_control_format_and_separator_of_Unicode_is_shown_and_nothing_else()
    {
        for (int value = 0; value <= 0x10FFFF; value++)
        {
            if (value is >= 0xD800 and <= 0xDFFF)
            {
                continue;
            }

            string text = char.ConvertFromUtf32(value);
            bool hides = CharUnicodeInfo.GetUnicodeCategory(value) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

            // Number signs and the like that are drawn, Egyptian joiners; and the rest of the tag block, which is not assigned.
            bool drawn = value is (>= 0x600 and <= 0x605) or 0x6DD or 0x70F or 0x890 or 0x891 or 0x8E2 or 0x110BD or 0x110CD or (>= 0x13430 and <= 0x1345F);
            bool tag = value is >= 0xE0000 and <= 0xE0FFF and not (>= 0xE0100 and <= 0xE01EF);
            bool deprecated = value is 0x2065;
            Assert.True(((hides && !drawn) || tag || deprecated) == (SafeText.Of(text) != text), $"U+{value:X4}");
        }
    }

    [Fact]
    public void A_bounded_text_is_never_longer_and_never_cut_within_an_escape()
    {
        var random = new Random(20261122);
        string[] pieces = ["a", "é", "\U0001F600", "\u001b", "\uDC80", "\uD800", "\u202E", "\U000E0041", "\\", "\n"];
        for (int round = 0; round < 20_000; round++)
        {
            var text = new StringBuilder();
            for (int i = random.Next(12); i > 0; i--)
            {
                text.Append(pieces[random.Next(pieces.Length)]);
            }

            string whole = SafeText.Of(text.ToString());
            Assert.Equal(whole, SafeText.Of(whole));
            int most = random.Next(1, 20);
            string bounded = SafeText.Of(text.ToString(), most);
            if (whole.Length <= most)
            {
                Assert.Equal(whole, bounded);
                continue;
            }

            Assert.True(bounded.Length <= most && bounded.EndsWith('…'), bounded);
            Assert.StartsWith(bounded[..^1], whole, StringComparison.Ordinal);
            Assert.DoesNotMatch(@"\\(x[0-9a-f]?|u[0-9a-f]{0,3}|u\{[0-9a-f]*)…$", bounded);
            Assert.False(bounded.Length > 1 && char.IsHighSurrogate(bounded[^2]));
        }
    }

    [Fact]
    public void A_bounded_text_ends_after_a_whole_escape() =>
        Assert.Equal(string.Concat(Enumerable.Repeat("\\x1b", 19)) + "…", SafeText.Of(new string('\u001b', 5_000_000), 80));
}
