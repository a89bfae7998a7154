using System.Globalization;
using System.Text;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Model.Text;

namespace Deploy.Output.Live;

/// <summary>The lines of the live block: what runs, how far all hosts are together, and the few that need an eye. Ten at most, none wider than the terminal.</summary>
internal static class LiveText
{
    private const int MostHosts = 6; // lines of single hosts; with those above them ten
    private const int BarWidth = 24;

    /// <summary>The block.</summary>
    /// <param name="picture">The job.</param>
    /// <param name="since">How long it is followed.</param>
    /// <param name="width">Columns; a line is one less, so that no terminal breaks it.</param>
    /// <param name="most">Lines at most.</param>
    public static IReadOnlyList<string> Lines(JobPicture picture, TimeSpan since, int width, int most)
    {
        var (job, summary) = (picture.Job, picture.Summary);
        List<string> lines =
        [
            $"{Subject(job)}  {job.State.Word()}{Batch(summary)}  {Clock(since)}",
            Bar(summary),
            CountText.Of(summary),
        ];
        if (Rate(summary) is { Length: > 0 } rate)
        {
            lines.Add(rate);
        }

        lines.AddRange(Eyed(picture.Hosts).Take(MostHosts));
        return [.. lines.Take(Math.Max(1, most)).Select(line => Cut(line, Math.Max(1, width - 1)))];
    }

    /// <summary><c>rsync site</c>.</summary>
    public static string Subject(JobView job) => SafeText.Of($"{(job.IsPlan ? "plan" : job.Order.Word())} {job.What}".TrimEnd());

    /// <summary><c>0:07</c>, <c>1:02:03</c>.</summary>
    public static string Clock(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}")
        : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time.Seconds:00}");

    private static string Batch(JobSummary summary) => summary switch
    {
        { Batch: 0 } => ", canary",
        { Batch: { } batch, Batches: { } all } when all > 1 => $", batch {batch} of {all}",
        _ => string.Empty,
    };

    /// <summary>By bytes where all are known, else by hosts.</summary>
    private static string Bar(JobSummary summary)
    {
        int ended = CountText.Ended(summary);
        double part = summary.BytesTotal is > 0 and var bytes && ended < summary.Hosts
            ? Math.Min(1, (double)summary.BytesDone / bytes)
            : summary.Hosts == 0 ? 1 : (double)ended / summary.Hosts;
        int full = (int)(part * BarWidth);
        return string.Create(CultureInfo.InvariantCulture, $"[{new string('#', full)}{new string('.', BarWidth - full)}] {(int)(part * 100),3}%  {ByteSize.Count(ended)}/{ByteSize.Count(summary.Hosts)} hosts");
    }

    private static string Rate(JobSummary summary)
    {
        var parts = new List<string>();
        if (summary.BytesDone > 0 || summary.BytesTotal > 0)
        {
            parts.Add(summary.BytesTotal is { } total ? $"{ByteSize.Format(summary.BytesDone)} of {ByteSize.Format(total)}" : ByteSize.Format(summary.BytesDone));
        }

        if (summary.BytesPerSecond is { } rate)
        {
            parts.Add(ByteSize.Format(rate) + "/s");
        }

        if (summary.EtaSeconds is { } eta)
        {
            parts.Add($"{Clock(TimeSpan.FromSeconds(eta))} to go");
        }

        if (summary.Stalled + summary.Slow > 0)
        {
            parts.Add($"{ByteSize.Count(summary.Stalled)} stalled, {ByteSize.Count(summary.Slow)} slow");
        }

        return string.Join("  ", parts);
    }

    /// <summary>Who needs an eye: those that ended badly, by reason; those on which nothing moves; those that wait; then those that are least far.</summary>
    private static IEnumerable<string> Eyed(IReadOnlyList<HostStanding> hosts)
    {
        foreach (var same in hosts.Where(host => host.State.IsTerminal() && !host.State.IsGood()).GroupBy(host => (host.State, host.Reason)).OrderByDescending(group => group.Count()))
        {
            yield return $"  {same.Key.State.Word(),-11} {Fold(same)}{Said(same.Key.Reason)}";
        }

        var running = hosts.Where(host => host.State == HostState.Running).OrderBy(host => host.Host, HostOrder.Natural).ToList();
        foreach (var host in running.Where(host => host.Progress?.StalledSeconds > 0).OrderByDescending(host => host.Progress!.StalledSeconds))
        {
            yield return $"  {"stalled",-11} {SafeText.Of(host.Host)}  nothing moved for {host.Progress!.StalledSeconds} s";
        }

        foreach (var same in running.Where(host => host.Waiting is not null).GroupBy(host => host.Waiting))
        {
            yield return $"  {"waiting",-11} {Fold(same)}{Said(same.Key)}";
        }

        foreach (var host in running.Where(host => host.Progress is { BytesTotal: > 0, StalledSeconds: null or 0 }).OrderBy(host => (double)host.Progress!.BytesDone / host.Progress.BytesTotal!.Value))
        {
            var progress = host.Progress!;
            string rate = progress.BytesPerSecond is { } speed ? $"  {ByteSize.Format(speed)}/s" : string.Empty;
            yield return $"  {"running",-11} {SafeText.Of(host.Host)}  {Math.Min(100, progress.BytesDone * 100.0 / progress.BytesTotal!.Value):0}%{rate}";
        }
    }

    private static string Fold(IEnumerable<HostStanding> hosts) => SafeText.Of(HostFold.Fold(hosts.Select(host => host.Host)));

    private static string Said(string? reason) => reason is null ? string.Empty : "  " + SafeText.Of(reason);

    /// <summary>The first columns, one a rune.</summary>
    internal static string Cut(string line, int columns)
    {
        if (line.Length <= columns)
        {
            return line;
        }

        var cut = new StringBuilder();
        foreach (var rune in line.EnumerateRunes().Take(columns - 1))
        {
            cut.Append(rune);
        }

        return cut.Append('…').ToString();
    }
}
