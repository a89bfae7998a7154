using Deploy.Tui.Screen;
using Xunit;

namespace Deploy.Tests.Tui.Screen;

/// <summary>Colours and weights by role.</summary>
public class ThemeTests
{
    [Fact]
    public void Without_colours_there_is_none() => Assert.All(Enum.GetValues<Role>(), role => Assert.Equal(0, Theme.Mono.Of(role).Colour));

    [Fact]
    public void Nothing_is_red_against_green_in_the_safe_theme()
    {
        var colours = Enum.GetValues<Role>().Select(role => Theme.Safe.Of(role).Colour).ToHashSet();
        Assert.DoesNotContain(colours, colour => colour is Style.Red or Style.Green or Style.Red + 8 or Style.Green + 8);
        Assert.NotEqual(Theme.Safe.Of(Role.Good).Colour, Theme.Safe.Of(Role.Bad).Colour);
        Assert.NotEqual(Theme.Safe.Of(Role.Warning).Weight, Theme.Safe.Of(Role.Bad).Weight);
    }

    [Fact]
    public void The_row_of_the_cursor_is_reversed_everywhere() => Assert.All(Theme.All, theme => Assert.True(theme.Of(Role.Cursor).Weight.HasFlag(Weight.Reverse)));

    [Theory]
    [InlineData(null, false, "ansi")]
    [InlineData("safe", false, "safe")]
    [InlineData("safe", true, "mono")]
    [InlineData(null, true, "mono")]
    [InlineData("nope", false, null)]
    public void No_color_is_stronger_than_a_name(string? name, bool noColour, string? found) => Assert.Equal(found, Theme.Find(name, noColour)?.Name);

    [Theory]
    [InlineData(0, 39)]
    [InlineData(1, 30)]
    [InlineData(8, 37)]
    [InlineData(9, 90)]
    [InlineData(16, 97)]
    public void Colours_are_the_sixteen_of_the_terminal(byte colour, int code) => Assert.Equal(code, new Style(colour).ColourCode);

    [Fact]
    public void A_text_for_the_clipboard_is_base64_and_no_longer_than_terminals_take()
    {
        Assert.Equal("\e]52;c;ZGVwbG95IOKCrA==\a"u8.ToArray(), Clipboard.Of("deploy €"));
        Assert.NotNull(Clipboard.Of(new string('x', Clipboard.MostBytes)));
        Assert.Null(Clipboard.Of(new string('x', Clipboard.MostBytes + 1)));
    }
}
