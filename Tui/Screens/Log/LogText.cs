using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Output;
using Deploy.Tui.Pieces;
using Deploy.Tui.State;

namespace Deploy.Tui.Screens.Log;

/// <summary>What was printed in a job as lines, made when something has come, not when it is drawn. The lines' text is as it came: whoever draws one cuts it and makes it safe.</summary>
internal sealed class LogText
{
    private const int ManyHosts = 2000; // from here on it is made no more than once a second while the job runs
    private const int MostBlocks = 200; // of hosts or groups; more are counted
    private const int MostLogs = 100; // of one job, read by themselves; of 64 KiB each at most
    private static readonly TimeSpan Seldom = TimeSpan.FromSeconds(1);

    private readonly object?[] of;
    private readonly DateTimeOffset made;
    private readonly List<LogEntry> entries = [];

    private LogText(object?[] of, DateTimeOffset made) => (this.of, this.made) = (of, made);

    /// <summary>The lines.</summary>
    public IReadOnlyList<LogEntry> Entries => entries;

    /// <summary>What has to be asked for, so that more can be shown: the first of many.</summary>
    public IReadOnlyList<Effect.OfFleet> Missing { get; private set; } = [];

    /// <summary>Groups of equal output, or hosts.</summary>
    public int Blocks { get; private set; }

    /// <summary>The text; the one that is given, where nothing has changed since it was made.</summary>
    public static LogText Of(LogText? before, JobRecord record, LogPane pane, DateTimeOffset now)
    {
        object?[] of = [record.Id, record.Standings, record.Contents, record.Logs, record.View?.State, pane.Host, pane.IsByHost, pane.ShowsOk, pane.IsUnfolded, pane.Markers, pane.Live];
        if (before is not null && before.of.AsSpan().SequenceEqual(of))
        {
            return before;
        }

        bool isSame = before is not null && before.of.Where((_, at) => at is not (1 or 2 or 3 or 10)).SequenceEqual(of.Where((_, at) => at is not (1 or 2 or 3 or 10)));
        if (isSame && record.View?.State.IsTerminal() == false && record.Standings.Rows.Count > ManyHosts && now - before!.made < Seldom)
        {
            return before;
        }

        var text = new LogText(of, now);
        if (pane.Host is { } host)
        {
            text.OfHost(record, host);
        }
        else
        {
            text.OfJob(record, pane);
        }

        text.Live(record, pane);
        text.Mark(pane);
        return text;
    }

    /// <summary>The next line that has a piece of text, from a place on, around the end; -1 for none.</summary>
    /// <param name="piece">Case aside.</param>
    /// <param name="from">The place that is left.</param>
    /// <param name="step">1 or -1.</param>
    public int Find(string piece, int from, int step)
    {
        for (int tried = 1, at = from; tried <= entries.Count; tried++)
        {
            at = (at + step + entries.Count) % entries.Count;
            if (entries[at].Text.Contains(piece, StringComparison.OrdinalIgnoreCase))
            {
                return at;
            }
        }

        return -1;
    }

    private void OfHost(JobRecord record, string host)
    {
        var standing = record.Standings.Find(host);
        List<Effect.OfFleet> missing = [];
        if (standing is null)
        {
            entries.Add(new(LogKind.Head, host, host));
        }
        else
        {
            Head(standing, host, 1, false);
        }

        int before = entries.Count;
        if (Output(record, standing, missing) is { } output)
        {
            Lines(output, host);
        }

        if (record.Logs.TryGetValue(host, out var log))
        {
            Lines(log ?? [], host);
            if (entries.Count == before)
            {
                entries.Add(new(LogKind.Note, log is null ? "What was printed there is not known here any more." : standing?.State.IsTerminal() == false ? "Nothing was kept yet: what is printed is kept when the host has ended." : "Nothing was printed there.", host));
            }
        }
        else if (missing.Count == 0)
        {
            entries.Add(new(LogKind.Note, "being read", host));
        }

        Missing = [new Effect.ReadLog(record.Id, host), .. missing];
        Blocks = 1;
    }

    private void OfJob(JobRecord record, LogPane pane)
    {
        bool isExec = record.View?.Order == Order.Exec;
        var groups = new Dictionary<object, (HostStanding First, List<string> Hosts)>();
        int quiet = 0, waiting = 0, unread = 0;
        foreach (var host in record.Standings.Rows)
        {
            if (!host.State.IsTerminal())
            {
                waiting++;
                continue;
            }

            bool says = isExec && host.Shape is not null;
            if (host.State.IsGood() && !pane.ShowsOk && (!says || pane.IsByHost) && host.Warning is null)
            {
                quiet++;
                continue;
            }

            object key = pane.IsByHost ? host.Host : (host.State, host.ExitCode, host.Reason, host.Warning, says ? (object?)host.Shape : LogKey(record, host.Host));
            if (groups.TryGetValue(key, out var same))
            {
                same.Hosts.Add(host.Host);
            }
            else
            {
                groups.Add(key, (host, [host.Host]));
            }
        }

        List<Effect.OfFleet> missing = [];
        var ordered = groups.Values.OrderBy(group => group.First.State.IsGood() && group.First.ExitCode is null or 0).ThenByDescending(group => group.Hosts.Count).ToList();
        foreach (var (first, hosts) in ordered.Take(MostBlocks))
        {
            if (entries.Count > 0)
            {
                entries.Add(new(LogKind.Gap, string.Empty, null));
            }

            Head(first, HostFold.Fold(hosts), hosts.Count, pane.IsUnfolded);
            if (isExec)
            {
                Lines(Output(record, first, missing) ?? [], first.Host);
            }
            else if (record.Logs.TryGetValue(first.Host, out var log))
            {
                Lines(log ?? [], first.Host);
            }

            if (!isExec && !first.State.IsGood())
            {
                var others = hosts.FindAll(host => !record.Logs.ContainsKey(host));
                int most = Math.Clamp(MostLogs - record.Logs.Count - missing.Count, 0, others.Count);
                missing.AddRange(others.Take(most).Select(host => new Effect.ReadLog(record.Id, host)));
                unread += others.Count - most;
            }
        }

        Note(unread > 0, $"+ the output of {CountText.Hosts(unread)} is read when one is opened: enter");

        Note(ordered.Count > MostBlocks, $"+ {ByteSize.Count(ordered.Count - MostBlocks)} more {(pane.IsByHost ? "hosts" : "kinds of output")}: the rollout has every host");
        Note(quiet > 0, $"+ {CountText.Hosts(quiet)} ok hidden (o show)");
        Note(waiting > 0, $"+ {CountText.Hosts(waiting)} not ended yet");
        Missing = missing;
        Blocks = ordered.Count;
    }

    private void Note(bool isTrue, string text)
    {
        if (isTrue)
        {
            entries.Add(new(LogKind.Note, text, null));
        }
    }

    /// <summary>A group's first line, and the reason below it.</summary>
    private void Head(HostStanding standing, string hosts, int count, bool isUnfolded)
    {
        string code = standing.ExitCode is { } exit ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"  exit {exit}") : string.Empty;
        string took = count == 1 && standing.Ended - standing.Started is { } time ? "  " + ShortText.Took(time) : string.Empty;
        string many = count > 1 ? $"{CountText.Hosts(count)}  " : string.Empty;
        entries.Add(new(LogKind.Head, $"{many}{standing.State.Word()}{code}{took}  {hosts}", standing.Host) { State = standing.State });
        if (isUnfolded && count > 1)
        {
            entries.AddRange(Framing.Broken(hosts.Replace(",", ", ", StringComparison.Ordinal), 76).Select(line => new LogEntry(LogKind.Note, line, standing.Host)));
        }

        foreach (string? said in (string?[])[standing.Reason, standing.Warning is { } warning ? "warning: " + warning : null, standing.Waiting is { } waits ? "waits: " + waits : null])
        {
            Note(said is not null, said ?? string.Empty);
        }
    }

    private void Lines(IEnumerable<LogLine> lines, string host) =>
        entries.AddRange(lines.Select(line => new LogEntry(line.Stream == "stderr" ? LogKind.Error : LogKind.Out, line.Text, host)));

    /// <summary>What a command printed; null where that is not known.</summary>
    private IEnumerable<LogLine>? Output(JobRecord record, HostStanding? standing, List<Effect.OfFleet> missing)
    {
        if (record.View?.Order != Order.Exec || standing?.Shape is not { } digest)
        {
            return null;
        }

        if (!record.Contents.TryGetValue(digest, out var content))
        {
            missing.Add(new Effect.ReadContent(record.Id, digest));
            Note(true, "being read");
            return null;
        }

        var read = content is null ? null : CommandOutput.Read(content);
        Note(read is null, "what it printed is not to be had any more");
        return read?.Lines();
    }

    /// <summary>What makes two logs the same: a hash, how many lines, how many letters. Null for one that was not read.</summary>
    private static (int, int, long)? LogKey(JobRecord record, string host)
    {
        if (record.Logs.GetValueOrDefault(host) is not { } log)
        {
            return null;
        }

        var hash = new HashCode();
        long letters = 0;
        foreach (var line in log)
        {
            hash.Add(line.Stream);
            hash.Add(line.Text);
            letters += line.Text.Length;
        }

        return (hash.ToHashCode(), log.Count, letters);
    }

    private void Live(JobRecord record, LogPane pane)
    {
        bool isFirst = true;
        foreach (var live in pane.Live)
        {
            if (live.Job == record.Id && (pane.Host is null || live.Host == pane.Host))
            {
                if (isFirst)
                {
                    entries.Add(new(LogKind.Head, "as it was printed", null));
                    isFirst = false;
                }

                entries.Add(new(live.Line.Stream == "stderr" ? LogKind.Error : LogKind.Out, live.Line.Text, live.Host) { Time = live.Time, IsLive = pane.Host is null });
            }
        }
    }

    private void Mark(LogPane pane)
    {
        int put = 0;
        foreach (var (time, behind) in pane.Markers)
        {
            entries.Insert(Math.Clamp(behind + put++, 0, entries.Count), new(LogKind.Marker, "marker", null) { Time = time });
        }
    }
}
