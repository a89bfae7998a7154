using Deploy.Tui.Keys;
using Deploy.Tui.State;

namespace Deploy.Tui.Screens;

/// <summary>What the daemons let the operator do, as they say.</summary>
internal static class Rights
{
    /// <summary>Why an action is refused wherever it is asked; null where some daemon takes it, and where none has said.</summary>
    public static string? WhyNot(TuiModel model, KeyAction action)
    {
        string order = action switch
        {
            KeyAction.Exec => "exec",
            KeyAction.MakePlan => "rlist",
            _ => "rsync",
        };
        var told = model.Links.Values.Select(link => link.Self).Where(self => self is { May.Count: > 0 }).ToList();
        return told.Count == 0 || told.Exists(self => self!.May.Contains(order)) ? null : $"{told[0]!.Who ?? model.Setup.By} may not order {order}";
    }
}
