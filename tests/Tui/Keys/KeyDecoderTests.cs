using System.Text;
using Deploy.Tui;
using Deploy.Tui.Keys;
using Xunit;

namespace Deploy.Tests.Tui.Keys;

/// <summary>Bytes of terminals as keys.</summary>
public class KeyDecoderTests
{
    private static readonly TimeSpan Gap = KeyDecoder.EscapeGap;

    [Theory]
    [InlineData("a", "a")]
    [InlineData("A b", "A space b")]
    [InlineData("\r\n", "enter enter")]
    [InlineData("\t\x7f\b", "tab backspace backspace")]
    [InlineData("\x01\x03\x1a", "^A ^C ^Z")]
    [InlineData("\x1c\x1d\x1e\x1f", "")]
    [InlineData("\e[A\e[B\e[C\e[D", "up down right left")]
    [InlineData("\eOA\eOB\eOC\eOD\eOH\eOF\eOM", "up down right left home end enter")]
    [InlineData("\e[H\e[F\e[1~\e[4~\e[7~\e[8~", "home end home end home end")]
    [InlineData("\e[3~\e[5~\e[6~\e[Z", "delete pgup pgdn shift-tab")]
    [InlineData("\e[1;5A\e[1;2D\e[3;5~\e[1;3H", "up left delete home")]
    [InlineData("\e[2~\e[15~\e[24;2~\eOPx", "x")]
    [InlineData("\e[[Ax", "x")]
    [InlineData("\e[M !!x", "x")]
    [InlineData("\e[<0;10;20Mx\e[I\e[Oy", "x y")]
    [InlineData("\e[?1;2cx\e[24;80Rx\e[>41;0;0cx", "x x x")]
    [InlineData("\e]52;c;aGk=\ax\e]11;rgb:0/0/0\e\\y", "x y")]
    [InlineData("\eP1$r0m\e\\x\e_G\e\\y", "x y")]
    [InlineData("\eK\eé\e\rx", "esc K esc é esc enter x")]
    [InlineData("\e\e[A", "esc up")]
    [InlineData("\e[1\e[A", "up")]
    [InlineData("\e[1\u0003", "^C")]
    [InlineData("é漢🚀", "é 漢 🚀")]
    [InlineData("\u0085\u202Ex", "x")]
    public void They_are_what_terminals_send_for_them(string bytes, string keys) => Assert.Equal(keys, Pressed(new KeyDecoder().Take(Encoding.UTF8.GetBytes(bytes), TimeSpan.Zero)));

    [Fact]
    public void A_lone_esc_is_a_key_after_forty_milliseconds()
    {
        var decoder = new KeyDecoder();
        Assert.Empty(decoder.Take("\e"u8, TimeSpan.Zero));
        Assert.Equal(Gap, decoder.Due);
        Assert.Empty(decoder.Expire(Gap - TimeSpan.FromTicks(1)));
        Assert.Equal("esc", Pressed(decoder.Expire(Gap)));
        Assert.Null(decoder.Due);
        Assert.Equal("[ A", Pressed(decoder.Take("[A"u8, Gap)));
    }

    [Fact]
    public void What_comes_after_the_gap_is_not_of_the_sequence_though_nobody_asked_meanwhile()
    {
        var decoder = new KeyDecoder();
        decoder.Take("\e"u8, TimeSpan.Zero);
        Assert.Equal("esc x", Pressed(decoder.Take("x"u8, Gap)));
    }

    [Fact]
    public void A_sequence_that_a_network_cuts_in_two_is_one()
    {
        var decoder = new KeyDecoder();
        decoder.Take("\e["u8, TimeSpan.Zero);
        Assert.Empty(decoder.Expire(TimeSpan.FromMilliseconds(200)));
        Assert.Equal("up", Pressed(decoder.Take("A"u8, TimeSpan.FromMilliseconds(300))));
    }

    [Fact]
    public void A_sequence_without_an_end_is_forgotten()
    {
        var decoder = new KeyDecoder();
        decoder.Take("\e]never ends"u8, TimeSpan.Zero);
        Assert.Empty(decoder.Expire(KeyDecoder.SequenceGap));
        Assert.Equal("q", Pressed(decoder.Take("q"u8, KeyDecoder.SequenceGap)));
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0x61 }, "a")]
    [InlineData(new byte[] { 0xC3, 0x61 }, "a")]
    [InlineData(new byte[] { 0xE2, 0x82, 0x1B, 0x5B, 0x41 }, "up")]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80, 0x62 }, "b")]
    [InlineData(new byte[] { 0xC3, 0xC3, 0xA9 }, "é")]
    [InlineData(new byte[] { 0x1B, 0xC3, 0xA9, 0x63 }, "esc é c")]
    public void What_is_no_utf8_is_passed_over(byte[] bytes, string keys) => Assert.Equal(keys, Pressed(new KeyDecoder().Take(bytes, TimeSpan.Zero)));

    [Theory]
    [InlineData("web-001", "web-001")]
    [InlineData("web-001\nweb-002\r\nweb-003\n", "web-001 web-002 web-003")]
    [InlineData("a\tb", "a b")]
    [InlineData("K\u0003\e[A\u202E!", "K[A!")]
    [InlineData("\e[20", "[20")]
    [InlineData("\e\e[201\e[20", "[201[20")]
    [InlineData("漢🚀", "漢🚀")]
    public void A_paste_is_one_line_and_no_keys(string pasted, string text)
    {
        var found = new KeyDecoder().Take(Encoding.UTF8.GetBytes($"\e[200~{pasted}\e[201~x"), TimeSpan.Zero);
        Assert.Equal(text, Assert.IsType<Message.Pasted>(found[0]).Text);
        Assert.Equal("x", Pressed([.. found.Skip(1)]));
    }

    [Fact]
    public void A_paste_of_nothing_is_nothing() => Assert.Empty(new KeyDecoder().Take("\e[200~\n\e[201~\e[201~"u8, TimeSpan.Zero));

    [Fact]
    public void A_paste_is_bounded_and_whole_characters()
    {
        var found = new KeyDecoder().Take(Encoding.UTF8.GetBytes("\e[200~" + new string('é', 100_000) + "\e[201~q"), TimeSpan.Zero);
        Assert.Equal(new string('é', PasteText.MostBytes / 2), Assert.IsType<Message.Pasted>(found[0]).Text);
        Assert.Equal("q", Pressed([.. found.Skip(1)]));
    }

    [Fact]
    public void A_paste_whose_end_is_lost_gives_the_keyboard_back()
    {
        var decoder = new KeyDecoder();
        decoder.Take("\e[200~half"u8, TimeSpan.Zero);
        Assert.Equal("half", Assert.IsType<Message.Pasted>(Assert.Single(decoder.Expire(KeyDecoder.PasteGap))).Text);
        Assert.Equal("q", Pressed(decoder.Take("q"u8, KeyDecoder.PasteGap)));
    }

    private static string Pressed(IReadOnlyList<Message> found) => string.Join(' ', found.Select(one => Assert.IsType<Message.Pressed>(one).Key.ToString()));
}
