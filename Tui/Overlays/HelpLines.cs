using Deploy.Tui.Keys;
using Deploy.Tui.State;

namespace Deploy.Tui.Overlays;

/// <summary>A line of the help.</summary>
/// <param name="Keys">Which keys; empty for a headline.</param>
/// <param name="Text">What they do.</param>
/// <param name="WhyNot">Why they do nothing now; null where they work.</param>
internal sealed record HelpLine(string Keys, string Text, string? WhyNot);

/// <summary>The help of a screen, out of the table of keys.</summary>
internal static class HelpLines
{
    /// <summary>The screen's own keys first, then what changes hosts, then those of all screens.</summary>
    public static IReadOnlyList<HelpLine> Of(TuiModel model)
    {
        var screen = model.Place.Screen;
        var here = KeyTable.All.Where(binding => KeyTable.IsOn(binding, screen)).ToList();
        return
        [
            new(string.Empty, $"This screen: {screen}", null),
            .. here.Where(binding => !binding.Acts && binding.Screens.Count > 0).Select(Line),
            new(string.Empty, "Changes hosts or jobs", null),
            .. here.Where(binding => binding.Acts || binding.Action == KeyAction.Arm).Select(Line),
            new(string.Empty, "Everywhere", null),
            .. here.Where(binding => !binding.Acts && binding.Screens.Count == 0 && binding.Action != KeyAction.Arm).Select(Line),
        ];

        HelpLine Line(KeyBinding binding) => new(string.Join(' ', binding.Keys.Select(key => key.ToString())), binding.Help, KeyPresses.WhyNot(model, binding.Action));
    }
}
