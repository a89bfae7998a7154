using System.Globalization;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Output;
using Deploy.Output.Folded;
using Deploy.Tui.Pieces;
using Deploy.Tui.Screen;

namespace Deploy.Tui.Screens.Rollout;

/// <summary>How the hosts of a job stand in its list: by bytes where they are synced, else by time and exit code.</summary>
internal sealed class RolloutTable
{
    private const int StateWidth = 12; // "unreachable" and a blank; "running  S"
    private const int FilesWidth = 9;
    private const int RateWidth = 9;

    private readonly int columns, host, bar;
    private readonly bool isSync, isAscii, hasFiles, hasRate;
    private readonly RolloutRows rows;
    private readonly DateTimeOffset now;

    /// <param name="columns">The screen's.</param>
    /// <param name="rows">All hosts.</param>
    /// <param name="order">The job's.</param>
    /// <param name="isAscii">Whether blocks are <c>#</c>.</param>
    /// <param name="now">For what runs.</param>
    public RolloutTable(int columns, RolloutRows rows, Order order, bool isAscii, DateTimeOffset now)
    {
        (this.columns, this.rows, this.isAscii, this.now) = (columns, rows, isAscii, now);
        isSync = order == Order.Rsync;
        host = Math.Clamp(rows.Tally.LongestName + 3, 10, Math.Max(10, columns / 4));
        bar = columns < 70 ? 12 : columns < 110 ? 22 : columns < 160 ? 32 : 42;
        (hasFiles, hasRate) = (columns >= 64, columns >= 74);
    }

    /// <summary>The names of the columns.</summary>
    public Line Head()
    {
        var line = new LineMaker(columns).Add("   ").Cell("HOST", host, Role.Frame).Cell("STATE", StateWidth, Role.Frame);
        if (isSync)
        {
            line.Cell("PROGRESS", bar + 4, Role.Frame).Cell("FILES", hasFiles ? FilesWidth : 0, Role.Frame, toTheRight: true).Cell("RATE", hasRate ? RateWidth : 0, Role.Frame, toTheRight: true).Add("   ");
            return line.Add("ETA", Role.Frame).Make();
        }

        return line.Cell("TIME", 8, Role.Frame).Cell("EXIT", 6, Role.Frame).Add("WHY", Role.Frame).Make();
    }

    /// <summary>A host's row.</summary>
    /// <param name="standing">The host.</param>
    /// <param name="turn">Its place among those that wait, from 1; 0 where that is not known.</param>
    /// <param name="isAt">Whether the cursor is on it.</param>
    /// <param name="isMarked">Whether it is marked.</param>
    public Line Row(HostStanding standing, int turn, bool isAt, bool isMarked)
    {
        bool isBad = standing.State.IsTerminal() && !standing.State.IsGood();
        var line = Framing.Row(columns, isAt, isMarked, isBad);
        line.Cell(TextColumns.Cut(standing.Host, host - 1), host).Cell(standing.State.Word().PadRight(StateWidth - 3) + (rows.IsStraggler(standing) ? "S" : string.Empty), StateWidth, StateRoles.Of(standing.State));
        if (standing.State == HostState.Queued)
        {
            line.Add(turn > 0 ? string.Create(CultureInfo.InvariantCulture, $"#{turn}") : "-", Role.Quiet).Add(standing.Batch is { } batch ? $"  {Batch(batch)}" : string.Empty, Role.Quiet);
        }
        else if (!isSync)
        {
            Other(line, standing);
        }
        else if (standing.State.IsTerminal())
        {
            Ended(line, standing);
        }
        else
        {
            Moving(line, standing);
        }

        return Framing.Made(line, isAt, isMarked);
    }

    /// <summary><c>canary</c>, <c>batch 2</c>.</summary>
    public static string Batch(int batch) => batch == 0 ? "canary" : string.Create(CultureInfo.InvariantCulture, $"batch {batch}");

    /// <summary>What is said at the end of a row of one that is not well: the exit code, else the start of the reason.</summary>
    private static string Why(HostStanding standing) => (standing.ExitCode is { } code and not 0 ? string.Create(CultureInfo.InvariantCulture, $"rc={code} ") : string.Empty) + (standing.Reason ?? standing.Warning ?? string.Empty);

    private void Moving(LineMaker line, HostStanding standing)
    {
        var progress = standing.Progress;
        if (standing.Waiting is { } waits)
        {
            line.Add("waits: ", Role.Quiet).Add(waits, Role.Quiet);
            return;
        }

        double? part = progress is { BytesTotal: { } total } ? total <= 0 ? 0 : Math.Min(1, (double)progress.BytesDone / total) : null;
        if (part is { } known)
        {
            Strokes.Bar(line, known, bar, isAscii).Cell(string.Create(CultureInfo.InvariantCulture, $"{(int)(known * 100)}%"), 4, toTheRight: true);
        }
        else
        {
            line.Cell(progress is { BytesDone: > 0 } ? ShortText.Size(progress.BytesDone) : "-", bar + 4, Role.Quiet);
        }

        line.Cell(progress is null ? "-" : progress.FilesTotal is { } files ? $"{progress.FilesDone}/{files}" : progress.FilesDone.ToString(CultureInfo.InvariantCulture), hasFiles ? FilesWidth : 0, toTheRight: true);
        line.Cell(progress?.BytesPerSecond is { } rate ? ShortText.Size(rate) + "/s" : "-", hasRate ? RateWidth : 0, rows.IsStraggler(standing) ? Role.Warning : Role.Plain, toTheRight: true).Add("   ");
        line.Add(
            progress?.StalledSeconds is > 0 and var stalled ? $"still {ShortText.Took(TimeSpan.FromSeconds(stalled))}"
            : progress is { BytesPerSecond: > 0, BytesTotal: { } all } ? ShortText.Clock(TimeSpan.FromSeconds(Math.Min(359999, Math.Max(0, (all - progress.BytesDone) / (double)progress.BytesPerSecond)))) : "-",
            progress?.StalledSeconds is > 0 ? Role.Warning : Role.Plain);
    }

    private void Ended(LineMaker line, HostStanding standing)
    {
        string changes = standing.Totals is not { } totals ? "-" : TotalsText.ChangesNothing(totals) ? "no changes" : $"{TotalsText.Changes(totals)}  {ShortText.Size(totals.Bytes)}";
        line.Cell(TextColumns.Cut(changes, bar + 3), bar + 4, Role.Quiet)
            .Cell(standing.Totals is { } done ? done.Files.ToString(CultureInfo.InvariantCulture) : "-", hasFiles ? FilesWidth : 0, toTheRight: true)
            .Cell(standing.Ended - standing.Started is { } time ? ShortText.Took(time) : "-", hasRate ? RateWidth : 0, Role.Quiet, toTheRight: true).Add("   ").Add(Why(standing), standing.State.IsGood() ? Role.Warning : StateRoles.Of(standing.State));
    }

    private void Other(LineMaker line, HostStanding standing)
    {
        string changes = standing is { Totals: { } totals } && standing.State.IsGood() ? TotalsText.Whole(totals) + "  " : string.Empty;
        line.Cell(standing.Started is { } began ? ShortText.Took((standing.Ended ?? now) - began) : "-", 8, Role.Quiet)
            .Cell(standing.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "-", 6, standing.ExitCode is null or 0 ? Role.Quiet : Role.Bad)
            .Add(changes).Add(standing.Reason ?? standing.Warning ?? standing.Waiting ?? string.Empty, standing.State.IsGood() ? Role.Quiet : StateRoles.Of(standing.State));
    }
}
