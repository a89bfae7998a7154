using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Output;
using Deploy.Tui.Screen;
using Deploy.Tui.State;

namespace Deploy.Tui.Views;

/// <summary>The question before hosts are changed: what, on which, what to know before, the command line that does the same, and how to answer.</summary>
internal static class ConfirmView
{
    private const int MostCommandLines = 4;

    public static IReadOnlyList<Line> Over(TuiModel model, Overlay.Confirm asked, List<Line> lines, int columns)
    {
        int inner = Box.Inner(columns);
        int most = Box.Most(lines.Count);
        List<Line> content = [new LineMaker(inner).Add(asked.What, Role.Title).Make()];
        bool isCut = TextColumns.Of(Model.Text.SafeText.Of(asked.What)) > inner; // by a long command: then the hosts stand below whole
        if (asked.Wish is { } wish && (isCut || wish.Hosts.Count > 1))
        {
            string hosts = (isCut ? $"on {CountText.Hosts(wish.Hosts.Count)}: " : string.Empty) + HostFold.Fold(wish.Hosts);
            content.AddRange(Fitting([.. Wrapped(hosts, inner)], Math.Max(1, most / 4)).Select(line => new LineMaker(inner).Add(line, Role.Quiet).Make()));
        }

        content.AddRange(Fitting([.. asked.Warnings.SelectMany(warning => Wrapped("! " + warning, inner - 2))], Math.Max(1, most / 3)).Select(line => new LineMaker(inner).Add(line, Role.Warning).Make()));
        var command = Fitting([.. Wrapped(asked.CommandLine, inner - 4)], Math.Clamp(most - content.Count - 1, 1, MostCommandLines)).Select(line => new LineMaker(inner).Add("  ").Add(line, Role.Quiet).Make()).ToList();
        bool isRoomy = content.Count + command.Count + 3 <= most;
        content = [.. content, .. isRoomy ? (Line[])[Line.Empty] : [], .. command, .. isRoomy ? (Line[])[Line.Empty] : []];
        content = [.. content.Take(most - 1), Answer(asked, inner)]; // the answer is never pushed out
        Box.Put(model, lines, columns, asked.IsAboveGuard ? "Above the guard" : "Sure?", content);
        return lines;
    }

    private static Line Answer(Overlay.Confirm asked, int inner) => Confirming.RungOf(asked) switch
    {
        Rung.Letter => new LineMaker(inner).Add("y", Role.Key).Add(" does it   ").Add("esc", Role.Key).Add(asked.Act is null ? " cancels" : " leaves it").Make(),
        Rung.Button => Button(Button(new LineMaker(inner), No(asked), !asked.IsOnYes).Add("   "), Do(asked), asked.IsOnYes).Add("   tab moves, enter chooses", Role.Quiet).Make(),
        _ => new LineMaker(inner).Add($"Type {asked.Hosts}, the number of hosts, then enter: ").Add(asked.Typed + "_", Role.Title).Make(),
    };

    private static LineMaker Button(LineMaker line, string word, bool hasFocus) => line.Add(hasFocus ? $"[ {word} ]" : $"  {word}  ", hasFocus ? Role.Cursor : Role.Plain);

    /// <summary>Nobody must take the way back for the cancelling of a job.</summary>
    private static string No(Overlay.Confirm asked) => asked.Act is null ? "Cancel" : "Leave it";

    private static string Do(Overlay.Confirm asked) => asked.Act?.What switch
    {
        JobAct.Cancel => "Stop the job",
        JobAct.Pause => "Pause it",
        JobAct.Resume => "Go on",
        _ => "Do it",
    };

    /// <summary>As many as there is room for; the last one says where some were left out.</summary>
    private static List<string> Fitting(List<string> lines, int most) => lines.Count <= most ? lines : [.. lines.Take(most - 1), lines[most - 1].TrimEnd() + " ~"];

    /// <summary>Broken behind a blank or a comma where there is one, and nothing left out: a command line is read before it is believed.</summary>
    private static IEnumerable<string> Wrapped(string text, int width)
    {
        text = Model.Text.SafeText.Of(text, 8 * Math.Max(1, width));
        while (TextColumns.Of(text) > width)
        {
            int end = TextColumns.Cut(text, width, string.Empty).Length;
            int at = text.LastIndexOfAny([' ', ','], Math.Max(0, end - 1));
            end = at > end / 2 ? at + 1 : Math.Max(1, end);
            yield return text[..end];
            text = text[end..];
        }

        yield return text;
    }
}
