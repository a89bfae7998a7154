using Deploy.Tui.Keys;
using Deploy.Tui.Screens;
using Xunit;

namespace Deploy.Tests.Tui;

public class KeyTableTests
{
    [Fact]
    public void No_key_is_bound_twice_on_a_screen()
    {
        foreach (var screen in Enum.GetValues<ScreenName>())
        {
            var twice = KeyTable.All.Where(binding => KeyTable.IsOn(binding, screen)).SelectMany(binding => binding.Keys).GroupBy(key => key).Where(same => same.Count() > 1).Select(same => $"{screen}: {same.Key}");
            Assert.Empty(twice);
        }
    }

    [Fact]
    public void Every_action_has_a_key_and_words() =>
        Assert.DoesNotContain(Enum.GetValues<KeyAction>(), action => KeyTable.All.Count(binding => binding.Action == action && binding.Keys.Length > 0 && binding.Help.Length > 0) != 1);

    [Fact]
    public void What_changes_hosts_is_a_capital() =>
        Assert.All(KeyTable.All.Where(binding => binding.Acts), binding => Assert.All(binding.Keys, key => Assert.InRange(key.Rune.Value, 'A', 'Z')));

    [Fact]
    public void Arrows_and_letters_always_move_both()
    {
        foreach (var (action, arrow, letter) in new[] { (KeyAction.Up, KeyName.Up, 'k'), (KeyAction.Down, KeyName.Down, 'j'), (KeyAction.Left, KeyName.Left, 'h'), (KeyAction.Right, KeyName.Right, 'l') })
        {
            Assert.Equal([new Key(arrow), Key.Of(letter)], KeyTable.All.Single(binding => binding.Action == action).Keys);
        }
    }

    [Fact]
    public void The_screens_stand_in_the_order_of_their_names() => Assert.Equal(Enum.GetValues<ScreenName>(), AllScreens.Each.Select(screen => screen.Name));

    [Fact]
    public void The_help_of_every_screen_names_every_key_that_means_something_there()
    {
        foreach (var screen in Enum.GetValues<ScreenName>())
        {
            var model = new Dashboard().Connected().Model with { Place = new Deploy.Tui.State.Place(screen, Host: "web-001") };
            var help = Deploy.Tui.Overlays.HelpLines.Of(model);
            Assert.All(KeyTable.All.Where(binding => KeyTable.IsOn(binding, screen)), binding => Assert.Contains(help, line => line.Text == binding.Help));
        }
    }
}
