using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Text;
using Deploy.Output;
using Deploy.Output.Live;
using Deploy.Tui.Keys;
using Deploy.Tui.Pieces;
using Deploy.Tui.Screen;
using Deploy.Tui.State;
using Deploy.Tui.Views;

namespace Deploy.Tui.Screens.Log;

/// <summary>How it looks.</summary>
internal sealed partial class LogScreen
{
    public Line? Title(TuiModel model, int columns)
    {
        if (Record(model) is not { View: { } job })
        {
            return null;
        }

        string how = model.Log.Host is not null ? job.State.Word() : model.Log.IsByHost ? $"{job.State.Word()}  by host" : $"{job.State.Word()}  by output";
        var line = new LineMaker(columns).Add($" Log {JobTag.Of(job.Id)}  {LiveText.Subject(job)} -> ", Role.Title);
        int room = Math.Max(6, columns - line.Used - how.Length - 3);
        line.Add(model.Log.Host is { } host ? TextColumns.Cut(host, room) : HostsText.Of(model, job, room), Role.Title);
        return line.Left > how.Length ? line.ToEnd(how.Length + 1).Add(how, StateRoles.Of(job.State)).Make() : line.Make();
    }

    public IReadOnlyList<Line> Draw(TuiModel model, int columns, int rows)
    {
        if (Record(model) is not { View: { } job } record)
        {
            return model.Log.Job is { } id
                ? [.. Framing.Empty(columns, $"Job {id} is being read.")]
                : [.. Framing.Empty(columns, "There is no job with output yet.", "2 shows the jobs, 5 those that have ended: L shows what was printed in one.", "1 shows the hosts: E runs a command there.")];
        }

        var (pane, text, shown) = (model.Log, Text(model, record), Math.Max(1, rows - Around));
        int at = At(pane, text);
        List<Line> lines = [];
        for (int place = Top(model, text, at, columns, shown); place < text.Entries.Count && lines.Count < shown; place++)
        {
            lines.AddRange(LogLines.Of(text.Entries[place], model, columns, place == at).Take(shown - lines.Count));
        }

        if (text.Entries.Count == 0)
        {
            lines.AddRange(Nothing(model, job, record, columns).Take(shown));
        }

        Framing.Filled(lines, shown);
        lines.Add(Strokes.Rule(columns, model.Setup.IsAscii));
        lines.Add(Below(pane, text, at, columns));
        return lines;
    }

    public IReadOnlyList<KeyAction> Hints(TuiModel model) => model.Log.Host is null
        ? [KeyAction.ByHost, KeyAction.Open, KeyAction.Unfold, KeyAction.Follow, KeyAction.Wrap, KeyAction.Filter, KeyAction.Export, KeyAction.Quit]
        : [KeyAction.Follow, KeyAction.Wrap, KeyAction.Times, KeyAction.Marker, KeyAction.Filter, KeyAction.Export, KeyAction.Copy, KeyAction.Quit];

    /// <summary>All lines, each whole; what would move a terminal is made visible.</summary>
    public string? Export(TuiModel model) => Record(model) is not { View: not null } record || Text(model, record) is not { Entries.Count: > 0 } text ? null
        : string.Concat(text.Entries.Select(entry => (entry.Kind switch
        {
            LogKind.Head => "== ",
            LogKind.Error => "e  ",
            LogKind.Marker => $"---- {ShortText.WhenExactly(entry.Time ?? default, model.Now, model.Setup.Zone)} ",
            LogKind.Gap => string.Empty,
            _ => "   ",
        }) + SafeText.Of(entry.Text, SafeTextKeep.Tab) + "\n"));

    /// <summary>The first entry that is drawn: as it was scrolled, but the cursor is always seen, also where lines are wrapped.</summary>
    private static int Top(TuiModel model, LogText text, int at, int columns, int shown)
    {
        int top = Math.Clamp(model.Log.List.Top, Math.Max(0, at - shown + 1), at);
        if (!model.Log.Wraps || text.Entries.Count == 0)
        {
            return top;
        }

        int first = at;
        for (int used = LogLines.Of(text.Entries[at], model, columns, isAt: false).Count; first > top; first--)
        {
            used += LogLines.Of(text.Entries[first - 1], model, columns, isAt: false).Count;
            if (used > shown)
            {
                break;
            }
        }

        return first;
    }

    private static Line Below(LogPane pane, LogText text, int at, int columns)
    {
        List<string> how = [];
        how.AddRange(pane.Follows ? ["follow"] : []);
        how.AddRange(pane.Wraps ? ["wrap"] : []);
        how.AddRange(pane.List.Aside > 0 && !pane.Wraps ? [$"from column {ByteSize.Count(pane.List.Aside + 1)}"] : []);
        how.AddRange(pane.Trouble is { } trouble ? [$"not all could be read: {trouble}"] : []);
        string count = text.Entries.Count == 0 ? "no lines" : $"line {ByteSize.Count(at + 1)} of {ByteSize.Count(text.Entries.Count)}";
        string search = pane.List.Filter.Length > 0 ? $"search: {pane.List.Filter} (n N)" : "search: none   (/ e.g. denied)";
        var line = new LineMaker(columns).Add(" ").Add(TextColumns.Cut(search, columns / 2), pane.List.Filter.Length > 0 ? Role.Match : Role.Quiet).Add("   ").Add(string.Join("  ", how), pane.Trouble is null ? Role.Plain : Role.Warning);
        return line.Left > count.Length + 1 ? line.ToEnd(count.Length + 1).Add(count, Role.Quiet).Make() : line.Make();
    }

    private static IEnumerable<Line> Nothing(TuiModel model, JobView job, JobRecord record, int columns) =>
        record.Standings.Rows.Count == 0 ? Framing.Empty(columns, "Its hosts are being read.")
        : job.Order is not (Order.Rsync or Order.Exec) ? Framing.Empty(columns, $"A {job.Order.Word()} prints nothing: every host ended well.")
        : Framing.Empty(columns, model.Log.ShowsOk ? "Nothing was printed." : "Nothing was printed on hosts that are not well.", "o shows those that are well.");
}
