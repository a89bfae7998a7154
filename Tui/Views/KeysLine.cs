using Deploy.Tui.Keys;
using Deploy.Tui.Screen;
using Deploy.Tui.Screens;
using Deploy.Tui.State;

namespace Deploy.Tui.Views;

/// <summary>The last line: the keys that are needed most, as many as fit. What does nothing now is left out; <c>?</c> says why.</summary>
internal static class KeysLine
{
    public static Line Of(TuiModel model, IScreen screen, int columns)
    {
        var line = new LineMaker(columns).Add(" ");
        foreach (var action in Shown(model, screen))
        {
            if (KeyTable.All.FirstOrDefault(one => one.Action == action) is not { } binding || KeyPresses.WhyNot(model, action) is not null)
            {
                continue;
            }

            string key = binding.Keys[0].ToString();
            string label = action == KeyAction.Arm && model.IsArmed ? "disarm" : binding.Short ?? binding.Help;
            if (key.Length + 1 + label.Length > line.Left)
            {
                continue; // a shorter one may fit still
            }

            line.Add(key, Role.Key).Add(" " + label, Role.Quiet);
            if (line.Left >= 2)
            {
                line.Add("  ");
            }
        }

        return line.Make();
    }

    /// <summary>The screen's own, with <c>W</c> where the first of those stands that only wait for being armed: nobody finds what is not there.</summary>
    private static IEnumerable<KeyAction> Shown(TuiModel model, IScreen screen)
    {
        var hints = screen.Hints(model);
        int first = model.IsArmed || model.Setup.IsReadOnly || hints.Contains(KeyAction.Arm) ? -1
            : hints.ToList().FindIndex(action => KeyTable.All.Any(one => one.Action == action && one.Acts) && screen.WhyNot(model, action) is null);
        return first < 0 ? hints : [.. hints.Take(first), KeyAction.Arm, .. hints.Skip(first)];
    }
}
