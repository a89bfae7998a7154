using System.Globalization;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Text;
using Deploy.Output;
using Deploy.Output.Folded;
using Deploy.Output.Live;
using Deploy.Tui.Pieces;
using Deploy.Tui.Screen;
using Deploy.Tui.State;
using Deploy.Tui.Views;
using Deploy.Tui.Wishes;

namespace Deploy.Tui.Screens.Plan;

/// <summary>The lines of a plan: its title, its shapes, changes, hosts.</summary>
internal static class PlanTable
{
    /// <summary><c> Plan 01JD..8K1  site -> web (40 hosts)            taken 14:00:58 (1m04s)  fresh</c>.</summary>
    public static Line Title(TuiModel model, JobView plan, int columns)
    {
        var age = Deploying.Age(plan, model.Now);
        bool isStale = age > Deploying.StaleAfter;
        string right = plan.State.IsTerminal() ? $"taken {ShortText.WhenExactly(plan.Ended ?? plan.Accepted, model.Now, model.Setup.Zone)} ({Ages.Of(age)})  " : $"{plan.State.Word()} {ByteSize.Count(CountText.Ended(plan.Summary))}/{ByteSize.Count(plan.Summary.Hosts)}  ";
        string state = !plan.State.IsTerminal() ? ShortText.Clock(model.Now - plan.Accepted) : isStale ? "STALE" : "fresh";
        string count = $" ({CountText.Hosts(plan.Summary.Hosts)})";
        var line = new LineMaker(columns).Add($" Plan {JobTag.Of(plan.Id)}  ", Role.Title);
        string what = $"{SafeText.Of(plan.What, 200)} -> ";
        int room = columns - line.Used - what.Length - count.Length - right.Length - state.Length - 2;
        line.Add(what, Role.Title).Add(TextColumns.Cut(HostsText.Name(model, plan.Hosts), Math.Max(6, room)), Role.Title).Add(count, Role.Title);
        return line.Left > right.Length + state.Length
            ? line.ToEnd(right.Length + state.Length).Add(right).Add(state, isStale ? Role.Warning : plan.State.IsTerminal() ? Role.Good : Role.Running).Make()
            : line.Make();
    }

    /// <summary>What most hosts would change.</summary>
    public static Line Sum(JobView plan, PlanRows rows, int columns)
    {
        var line = new LineMaker(columns).Add(" ").Cell($"{CountText.Hosts(plan.Summary.Hosts)} in {ByteSize.Count(rows.Rows.Count)} {(rows.Rows.Count == 1 ? "shape" : "shapes")}", 25);
        if (rows.Usual?.Totals is not { } totals)
        {
            return line.Add(CountText.Of(plan.Summary), Role.Quiet).Make();
        }

        return TotalsText.ChangesNothing(totals)
            ? line.Add("most would change nothing", Role.Good).Make()
            : line.Add(rows.Rows.Count > 1 ? "most: " : string.Empty, Role.Quiet).Add($"+{ByteSize.Count(totals.New)} new", Role.Good).Add($"  ~{ByteSize.Count(totals.Changed)} changed").Add($"  -{ByteSize.Count(totals.Deleted)} deleted", totals.Deleted > 0 ? Role.Bad : Role.Quiet)
                .Add(totals.Attributes > 0 ? $"  ={ByteSize.Count(totals.Attributes)} attributes" : string.Empty).Add($"   {ByteSize.Format(totals.Bytes)} each").Make();
    }

    /// <summary>A shape's row.</summary>
    /// <param name="columns">The screen's.</param>
    /// <param name="row">The shape.</param>
    /// <param name="most">Hosts of the largest.</param>
    /// <param name="isAt">Whether the cursor is on it.</param>
    /// <param name="isExcluded">Whether it is left out.</param>
    public static Line Shape(int columns, PlanRow row, int most, bool isAt, bool isExcluded)
    {
        int digits = Math.Max(2, ByteSize.Count(most).Length), hosts = columns < 100 ? Math.Clamp(columns / 4 - 2, 10, 60) : columns / 3, totals = columns < 70 ? 20 : 23;
        var role = isExcluded ? Role.Quiet : Role.Plain;
        var line = Framing.Row(columns, isAt, isMarked: false).Cell(row.Letter, 2 + row.Letter.Length, role)
            .Cell(ByteSize.Count(row.Count), digits, role, toTheRight: true).Cell(row.Count == 1 ? " host" : " hosts", 8, role)
            .Cell(TextColumns.Cut(row.Folded, hosts - 2), hosts, role);
        if (row.State is { } state)
        {
            line.Cell(state.Word(), totals, StateRoles.Of(state));
        }
        else if (row.Totals is not { } known || TotalsText.ChangesNothing(known))
        {
            line.Cell(row.Totals is null ? "-" : "no changes", totals, Role.Quiet);
        }
        else
        {
            line.Cell($"{TotalsText.Changes(known)} {ShortText.Size(known.Bytes)}", totals, role);
        }

        line.Add(isExcluded ? "left out (e)" : row.Note is { } note ? $"! {note}" : string.Empty, isExcluded ? Role.Quiet : Role.Warning);
        return Framing.Made(line, isAt);
    }

    /// <summary>A change: what, how, size.</summary>
    public static Line Changed(int columns, Change? change, bool isAt)
    {
        var line = new LineMaker(columns);
        if (change is null)
        {
            return line.Add(" ? ", Role.Warning).Add("a line that cannot be read").Make();
        }

        var (sign, role, why) = change.Kind switch
        {
            ChangeKind.New => ("+", Role.Good, Time(change)),
            ChangeKind.Changed => ("~", Role.Warning, Time(change)),
            ChangeKind.Deleted => ("-", Role.Bad, "not in origin"),
            _ => ("=", Role.Quiet, "attributes"),
        };
        int size = 10, reason = columns < 70 ? 0 : 16;
        line.Add($" {sign} ", role).Cell(Name(change), Math.Max(8, columns - 3 - size - reason - 1)).Add(" ").Cell(why, reason, Role.Quiet).Cell(change.Size is { } bytes ? ShortText.Size(bytes) : "-", size - 1, toTheRight: true);
        return Framing.Made(line, isAt);
    }

    /// <summary>A host of a shape, or of those without one, and why.</summary>
    public static Line Host(int columns, HostStanding host, bool isAt)
    {
        var line = new LineMaker(columns).Add("   ").Cell(TextColumns.Cut(host.Host, columns / 3 - 1), Math.Max(12, columns / 3)).Cell(host.State.Word(), 12, StateRoles.Of(host.State))
            .Add(host.Reason ?? host.Warning ?? host.Waiting ?? string.Empty, Role.Quiet);
        return Framing.Made(line, isAt);
    }

    /// <summary>The name of what is changed, with a slash behind a directory and what a link points to.</summary>
    public static string Name(Change change)
    {
        string name = ByteText.FromBytes(change.Name.Span);
        return name + (change.Type == 'd' && name != "." ? "/" : string.Empty) + (change.Link is { } link ? " -> " + ByteText.FromBytes(link.Span) : string.Empty);
    }

    /// <summary>When it was changed at the origin, to the minute.</summary>
    private static string Time(Change change) =>
        DateTimeOffset.TryParseExact(change.Time, "yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.ToString("MMM dd HH:mm'Z'", CultureInfo.InvariantCulture) : string.Empty;
}
