using Deploy.Model;
using Deploy.Output;
using Deploy.Tui.Keys;
using Deploy.Tui.State;

namespace Deploy.Tui.Overlays;

/// <summary>Forms of a few lines: which group, which command. Tab completes, then goes on; enter does it.</summary>
internal static class Forms
{
    public const string Group = "group";
    public const string Command = "command";
    public const string AllowDelete = "allow-delete";
    public const string Why = "reason";

    /// <summary>The form for a plan, a deploy or a command on these hosts, filled in as the last time.</summary>
    public static TuiModel Open(TuiModel model, KeyAction action, IReadOnlyList<string> hosts)
    {
        IReadOnlyList<(string, LineText)> fields = action switch
        {
            KeyAction.Exec => [(Command, LineText.Found(model.Last.Command)), (Why, LineText.Empty)],
            KeyAction.Deploy => [(Group, LineText.Found(model.Last.Group)), (AllowDelete, LineText.Found(model.AllowDelete?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? string.Empty)), (Why, LineText.Empty)],
            _ => [(Group, LineText.Found(model.Last.Group))],
        };
        string what = action switch
        {
            KeyAction.Exec => "Run a command on",
            KeyAction.Deploy => "Deploy to",
            _ => "Plan for",
        };
        return model with { Overlay = new Overlay.Form($"{what} {CountText.Hosts(hosts.Count)}", fields, 0, action, hosts) };
    }

    public static Step Press(TuiModel model, Overlay.Form form, Key key)
    {
        var (name, line) = form.Fields[form.At];
        switch (key.Name)
        {
            case KeyName.Escape:
                return model with { Overlay = null };
            case KeyName.Up or KeyName.BackTab:
                return model with { Overlay = form with { At = (form.At + form.Fields.Count - 1) % form.Fields.Count } };
            case KeyName.Tab when Completion.Of(line.Text, Known(model, name)) is { } longer && longer != line.Text:
                return model with { Overlay = With(form, LineText.Of(longer)) };
            case KeyName.Down or KeyName.Tab:
                return model with { Overlay = form with { At = (form.At + 1) % form.Fields.Count } };
            case KeyName.Enter:
                return Done(model, form);
            default:
                return Typing.Press(line, key) is { } text ? model with { Overlay = With(form, text) } : model;
        }
    }

    /// <summary>The form with another text in the field with the focus.</summary>
    public static Overlay.Form With(Overlay.Form form, LineText text) =>
        form with { Trouble = null, Fields = [.. form.Fields.Select((field, at) => at == form.At ? (field.Name, text) : field)] };

    /// <summary>What a field may be, as far as the dashboard has seen: groups and commands of hosts and jobs.</summary>
    public static IReadOnlyList<string> Known(TuiModel model, string field) => field switch
    {
        Group => OrderWishes.Groups(model),
        Command => OrderWishes.Commands(model),
        _ => [],
    };

    private static Step Done(TuiModel model, Overlay.Form form)
    {
        string Text(string name) => form.Fields.FirstOrDefault(field => field.Name == name).Text.Text?.Trim() ?? string.Empty;
        var asked = new OrderWishes.Asked(form.For, Text(form.For == KeyAction.Exec ? Command : Group), form.Hosts) { AllowDelete = Text(AllowDelete), Reason = Text(Why) };
        var (step, trouble) = OrderWishes.Ask(model with { Overlay = null }, asked);
        return step ?? model with { Overlay = form with { Trouble = trouble } };
    }
}
