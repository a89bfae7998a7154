using System.Globalization;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Output;
using Deploy.Output.Live;
using Deploy.Tui.Pieces;
using Deploy.Tui.Screen;
using Deploy.Tui.State;
using Deploy.Tui.Views;

namespace Deploy.Tui.Screens.Rollout;

/// <summary>What is told of a job as a whole: its title, how far it is, how its hosts stand, how fast it goes.</summary>
internal static class RolloutHead
{
    /// <summary>The states in the order in which one asks for them.</summary>
    private static readonly HostState[] Told =
    [
        HostState.Ok, HostState.Unchanged, HostState.Running, HostState.Connecting, HostState.Queued, HostState.Partial, HostState.Failed, HostState.Refused,
        HostState.Timeout, HostState.Unreachable, HostState.Unknown, HostState.Cancelled, HostState.Skipped,
    ];

    /// <summary><c> Job 01JD..8K2  rsync site -> web (40)   parallel 10  max-fail 3    01:12 ETA 2:40</c>.</summary>
    public static Line Title(TuiModel model, JobView job, int columns)
    {
        string right = Clock(model, job);
        List<string> how = [];
        if (job.State is not JobState.Running)
        {
            how.Add(job.State.Word());
        }

        if (job.Rollout is { } rollout)
        {
            how.AddRange(rollout.MaxParallel is { } parallel ? [string.Create(CultureInfo.InvariantCulture, $"parallel {parallel}")] : []);
            how.AddRange(rollout.MaxFailures is { } failures ? [$"max-fail {failures}"] : []);
        }

        if (job.Summary is { Batch: { } batch, Batches: { } all } && !job.State.IsTerminal() && (all > 1 || batch == 0))
        {
            how.Add(batch == 0 ? "canary" : string.Create(CultureInfo.InvariantCulture, $"batch {batch}/{all}"));
        }

        string middle = string.Join("  ", how);
        string start = $" Job {JobTag.Of(job.Id)}  {LiveText.Subject(job)} -> ";
        var line = new LineMaker(columns).Add(start, Role.Title);
        int room = columns - line.Used - middle.Length - right.Length - 5;
        if (room < 8)
        {
            room += middle.Length; // of a narrow line the clock says more than how
            middle = string.Empty;
        }

        line.Add(HostsText.Of(model, job, Math.Max(4, room)), Role.Title).Add("   ").Add(middle, job.State is JobState.Running or JobState.Accepted ? Role.Quiet : StateRoles.Of(job.State));
        return line.Left > right.Length ? line.ToEnd(right.Length).Add(right).Make() : line.Make();
    }

    /// <summary>The lines above the hosts: bar, counts, rate; and why the job stands where it does.</summary>
    public static IEnumerable<Line> Lines(TuiModel model, JobRecord record, RolloutTally tally, int columns)
    {
        var job = record.View!;
        yield return Bar(job.Summary, columns, model.Setup.IsAscii);
        yield return Counts(job.Summary, record.Standings.Rows.Count >= job.Summary.Hosts ? tally : null, columns);
        yield return Rate(record, tally, columns, model.Setup.IsAscii);
        if (job.Reason is { } why)
        {
            yield return new LineMaker(columns).Add($" {job.State.Word()}: ", StateRoles.Of(job.State)).Add(why).Make();
        }
    }

    private static Line Bar(JobSummary summary, int columns, bool isAscii)
    {
        int ended = CountText.Ended(summary);
        bool byBytes = summary.BytesTotal > 0;
        bool isGood = ended == summary.Hosts && summary.Counts.Where(count => count.Key is "ok" or "unchanged").Sum(count => count.Value) == summary.Hosts;
        double part = byBytes && !isGood ? Math.Min(1, (double)summary.BytesDone / summary.BytesTotal!.Value) : summary.Hosts == 0 ? 1 : (double)ended / summary.Hosts;
        string bytes = byBytes ? ShortText.Of(summary.BytesDone, summary.BytesTotal!.Value) : $"{ByteSize.Count(ended)}/{ByteSize.Count(summary.Hosts)} hosts{(summary.BytesDone > 0 ? "  " + ByteSize.Format(summary.BytesDone) : string.Empty)}";
        string text = string.Create(CultureInfo.InvariantCulture, $"{(part >= 1 ? " 100" : $"{(int)(part * 100),3}")}%  {bytes}{(summary.BytesPerSecond is { } rate && ended < summary.Hosts ? $"  {ByteSize.Format(rate)}/s" : string.Empty)}");
        var line = new LineMaker(columns).Add(" ");
        return Strokes.Bar(line, part, Math.Clamp(columns - 28, 12, 122), isAscii, isGood ? Role.Good : Role.Running).Add(text).Make();
    }

    private static Line Counts(JobSummary summary, RolloutTally? tally, int columns)
    {
        List<(string Text, Role Role, bool IsBad)> parts = [];
        foreach (var state in Told)
        {
            int count = tally?.Counts[(int)state] ?? CountText.In(summary, state);
            if (count > 0)
            {
                parts.Add(($"{state.Word()} {ByteSize.Count(count)}", StateRoles.Of(state), state.IsTerminal() && !state.IsGood()));
            }
        }

        parts.AddRange(summary.Stalled > 0 ? [($"stalled {ByteSize.Count(summary.Stalled)}", Role.Warning, false)] : []);
        parts.AddRange(summary.Slow > 0 ? [($"slow {ByteSize.Count(summary.Slow)}", Role.Warning, false)] : []);
        int letters = 1 + parts.Sum(part => part.Text.Length);
        string gap = letters + 3 * parts.Count <= columns ? "   " : letters + 2 * parts.Count <= columns ? "  " : " ";
        var line = new LineMaker(columns).Add(" ");
        foreach (var (text, role, _) in letters + parts.Count <= columns ? parts : [.. parts.OrderByDescending(part => part.IsBad)]) // what is not well is never cut off
        {
            line.Add(text, role).Add(gap);
        }

        return line.Make();
    }

    private static Line Rate(JobRecord record, RolloutTally tally, int columns, bool isAscii)
    {
        string behind = (tally.Half is { } half ? $"  p50 {ShortText.Took(half)}" : string.Empty) + (tally.Most is { } most ? $"  p95 {ShortText.Took(most)}" : string.Empty)
            + (tally.Slowest is { } slow ? $"  slow {TextColumns.Cut(slow, 24)}" : string.Empty);
        string spark = Strokes.Spark(record.Rates, Math.Min(120, columns - 7 - behind.Length - 1), isAscii);
        var line = new LineMaker(columns).Add(" rate  ", Role.Frame);
        return (spark.Length > 0 ? line.Add(spark, Role.Running) : line.Add("-", Role.Quiet)).Add(behind).Make();
    }

    /// <summary>How long it runs and how long it will; of one that has ended when, and how long it took.</summary>
    private static string Clock(TuiModel model, JobView job)
    {
        if (job.Ended is { } end)
        {
            return $"{ShortText.WhenExactly(end, model.Now, model.Setup.Zone)} took {ShortText.Took(end - (job.Started ?? job.Accepted))}";
        }

        string eta = job.Summary.EtaSeconds is { } seconds ? $" ETA {LiveText.Clock(TimeSpan.FromSeconds(seconds))}" : string.Empty;
        return ShortText.Clock(model.Now - (job.Started ?? job.Accepted)) + eta;
    }
}
