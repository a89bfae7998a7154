using Deploy.Output.Live;
using Xunit;

namespace Deploy.Tests.Output.Live;

public class LiveBlockTests
{
    [Fact]
    public void Lines_are_written_over_and_nothing_is_left()
    {
        var screen = new Screen(20);
        var output = new ScreenWriter(screen);
        var block = new LiveBlock(output);
        output.Write("before\n");
        block.Draw(["one", "two", "three"], 20);
        Assert.Equal("before\none\ntwo\nthree", screen.Text);
        block.Draw(["1"], 20);
        Assert.Equal("before\n1", screen.Text);
        block.Say(["said"], 20);
        Assert.Equal("before\nsaid\n1", screen.Text);
        block.Draw(["1", "2"], 20);
        Assert.Equal("before\nsaid\n1\n2", screen.Text);
        block.Draw([], 20);
        Assert.Equal("before\nsaid", screen.Text);
        Assert.Equal((2, 0), screen.Cursor);
    }

    [Fact]
    public void Ctrl_C_of_the_terminal_is_written_over()
    {
        var screen = new Screen(20);
        var output = new ScreenWriter(screen);
        var block = new LiveBlock(output);
        block.Draw(["one", "two"], 20);
        output.Write("^C"); // its echo
        block.Say(["it goes on"], 20);
        Assert.Equal("it goes on\none\ntwo", screen.Text);
    }

    [Fact]
    public void A_terminal_that_became_narrower_has_nothing_left_over()
    {
        // As a terminal breaks what stands there when it shrinks from 20 columns to 10.
        var screen = new Screen(10);
        var output = new ScreenWriter(screen);
        var block = new LiveBlock(output);
        block.Draw(["123456789012345", "1234"], 20);
        block.Draw(["short", "x"], 10);
        Assert.Equal("short\nx", screen.Text);
    }

    private sealed class ScreenWriter(Screen screen) : StringWriter
    {
        public override void Write(string? value) => screen.Write(value ?? string.Empty);
    }
}
