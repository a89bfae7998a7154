using System.Text;
using Deploy.Model.Text;
using Deploy.Rsync;
using Xunit;

namespace Deploy.Tests.Rsync;

public class RsyncNameTests
{
    [Fact]
    public void Any_name_comes_back_as_it_was()
    {
        var random = new Random(20261122);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] name = RsyncPrinter.HostileName(random);
            byte[] printed = RsyncPrinter.Print(name);
            Assert.Equal(name, RsyncName.Unescape(printed));
            Assert.DoesNotContain((byte)'\n', printed);
            Assert.DoesNotContain((byte)'\r', printed);
        }
    }

    [Theory]
    [InlineData(@"a\#012b", "a\nb")]
    [InlineData(@"a\#134#012b", @"a\#012b")]
    [InlineData(@"a\#134#999b", @"a\#999b")]
    [InlineData(@"\#12", @"\#12")]
    [InlineData(@"\#128", @"\#128")]   // no octal
    [InlineData(@"\#400", @"\#400")]   // no byte
    [InlineData(@"\\#012", "\\\n")]
    [InlineData(@"\", @"\")]
    [InlineData("", "")]
    [InlineData("한글", "한글")]
    public void Escapes_stand_for_bytes_and_nothing_else_does(string printed, string real) =>
        Assert.Equal(real, Encoding.UTF8.GetString(new RsyncName(Encoding.UTF8.GetBytes(printed)).Unescape()));

    [Theory]
    [InlineData(@"a\#012b", "a\nb")]
    [InlineData(@"\#355\#225\#234", "한")]              // LC_ALL=C
    [InlineData(@"bad\#377\#376utf8", @"bad\#377\#376utf8")]
    [InlineData(@"bad\#377\#134#012", @"bad\#377\#134#012")] // stays, so that it can be undone
    [InlineData(@"bad\#377\#012", @"bad\#377\#012")]
    [InlineData("e\U0001F600\\#377", "e\U0001F600\\#377")]
    public void Legacy_text_is_the_real_name_or_the_printed_one(string printed, string text) =>
        Assert.Equal(text, new RsyncName(Encoding.UTF8.GetBytes(printed)).LegacyText());

    [Fact]
    public void Legacy_text_of_raw_bytes_is_valid_and_can_be_undone()
    {
        byte[] printed = [.. "\U0001F600bad"u8, 0xff, 0xfe, .. "\\#134#012"u8];
        string text = new RsyncName(printed).LegacyText();
        Assert.Equal(@"😀bad\#377\#376\#134#012", text);
        Assert.Equal(RsyncName.Unescape(printed), RsyncName.Unescape(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void Legacy_text_never_holds_a_lone_surrogate()
    {
        var random = new Random(20261122);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] printed = new byte[random.Next(12)];
            random.NextBytes(printed);
            string text = new RsyncName(printed).LegacyText();
            Assert.Equal(text, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)));
            if (!ByteText.IsUtf8(RsyncName.Unescape(printed)))
            {
                Assert.Equal(RsyncName.Unescape(printed), RsyncName.Unescape(Encoding.UTF8.GetBytes(text)));
            }
        }
    }
}
