using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Output;
using Deploy.Tui.Filters;
using Deploy.Tui.State;

namespace Deploy.Tui.Screens.Jobs;

/// <summary>The jobs of a list, filtered and sorted. Made when something changes, not when it is drawn.</summary>
internal sealed class JobRows
{
    /// <summary>What a filter of jobs may ask for.</summary>
    public static readonly IReadOnlyList<FilterField<JobView>> Fields =
    [
        FilterField<JobView>.Text("what", job => $"{Word(job)} {job.What} {job.Id}"),
        FilterField<JobView>.Word("order", Word, ["status", "rlist", "plan", "rsync", "rkill", "exec"]),
        FilterField<JobView>.Word("state", job => job.State.Word(), [.. Enum.GetValues<JobState>().Select(state => state.Word())]),
        FilterField<JobView>.Words("host-state", job => job.Summary.Counts.Where(count => count.Value > 0).Select(count => count.Key), [.. Enum.GetValues<HostState>().Select(state => state.Word())]),
        new("host", "web-001", (comparison, piece) => comparison is FilterComparison.None or FilterComparison.Equal ? job => Has(job, piece) : null),
        FilterField<JobView>.Text("by", job => job.By),
        FilterField<JobView>.Text("why", job => $"{job.Why} {job.Reason}"),
        FilterField<JobView>.Number("bad", job => Bad(job.Summary)),
        FilterField<JobView>.Number("hosts", job => job.Summary.Hosts),
    ];

    /// <summary>By what lists of jobs can be sorted.</summary>
    public static readonly IReadOnlyList<string> Columns = ["when", "order", "hosts", "state", "bad", "who"];

    private readonly JobBook book;
    private readonly ListState list;
    private readonly TimeSpan? since;

    private JobRows(JobBook book, ListState list, TimeSpan? since, IReadOnlyList<JobView> rows, int all) =>
        (this.book, this.list, this.since, Rows, All, Keys) = (book, list, since, rows, all, [.. rows.Select(job => job.Id.ToString())]);

    public IReadOnlyList<JobView> Rows { get; }

    /// <summary>Their ids.</summary>
    public IReadOnlyList<string> Keys { get; }

    /// <summary>How many there are without the filter.</summary>
    public int All { get; }

    /// <summary>The rows; those that are given, where nothing has changed since they were made.</summary>
    /// <param name="before">From the last time; null for none.</param>
    /// <param name="model">The jobs, and the moment.</param>
    /// <param name="list">Filter and sort.</param>
    /// <param name="ended">Those alone that have ended, the last first; else what runs first, and then the newest.</param>
    public static JobRows Of(JobRows? before, TuiModel model, ListState list, bool ended)
    {
        TimeSpan? since = list.Filter.Contains("since:", StringComparison.Ordinal) ? TimeSpan.FromMinutes((int)(model.Now - DateTimeOffset.UnixEpoch).TotalMinutes) : null;
        if (before is not null && before.book == model.Jobs && before.since == since
            && (before.list == list || (before.list.Filter == list.Filter && before.list.Sort == list.Sort && before.list.IsDescending == list.IsDescending && before.list.ProblemsFirst == list.ProblemsFirst)))
        {
            return before;
        }

        var all = model.Jobs.Newest.Select(id => model.Jobs.Find(id)?.View).OfType<JobView>().Where(job => !ended || job.State.IsTerminal()).ToList();
        var filter = Read(list.Filter, model.Now).Filter ?? Filter<JobView>.None;
        var rows = filter.IsNone ? all : all.FindAll(filter.Lets);
        return new JobRows(model.Jobs, list, since, Sorted(rows, list, ended), all.Count);
    }

    /// <summary>Reads a filter of jobs; <c>since:2h</c> is of those that were accepted no longer ago.</summary>
    public static FilterReading<JobView> Read(string filter, DateTimeOffset now) => Filter<JobView>.Parse(filter, [.. Fields, Since(now)]);

    /// <summary><c>since:2h</c>: those of this time and later.</summary>
    public static FilterField<JobView> Since(DateTimeOffset now)
    {
        var age = FilterField<JobView>.Age("since", job => now - job.Accepted);
        return new("since", "2h", (comparison, text) => age.Read(comparison == FilterComparison.None ? FilterComparison.AtMost : comparison, text));
    }

    /// <summary>The order's word; a plan is one of its own.</summary>
    public static string Word(JobView job) => job.IsPlan ? "plan" : job.Order.Word();

    /// <summary>Hosts that ended and are not well.</summary>
    public static int Bad(JobSummary summary)
    {
        int bad = 0;
        foreach (var (word, count) in summary.Counts)
        {
            bad += HostStates.TryParse(word, out var state) && state.IsTerminal() && !state.IsGood() ? count : 0;
        }

        return bad;
    }

    /// <summary>Hosts that are well.</summary>
    public static int Good(JobSummary summary) => CountText.In(summary, HostState.Ok) + CountText.In(summary, HostState.Unchanged);

    private static List<JobView> Sorted(List<JobView> rows, ListState list, bool ended)
    {
        IOrderedEnumerable<JobView> sorted = list.Sort switch
        {
            null when ended => rows.OrderByDescending(job => job.Ended ?? job.Accepted),
            null => rows.OrderBy(job => job.State.IsTerminal()),
            "order" => By(Word, StringComparer.Ordinal),
            "hosts" => By(job => job.Summary.Hosts, null),
            "state" => By(job => job.State, null),
            "bad" => By(job => Bad(job.Summary), null),
            "who" => By(job => job.By ?? string.Empty, StringComparer.OrdinalIgnoreCase),
            _ => By(job => ended ? job.Ended ?? job.Accepted : job.Accepted, null),
        };
        var order = list.ProblemsFirst ? sorted.ToList().OrderByDescending(job => Bad(job.Summary) > 0) : (IEnumerable<JobView>)sorted;
        return [.. order];

        IOrderedEnumerable<JobView> By<T>(Func<JobView, T> key, IComparer<T>? comparer) => list.IsDescending ? rows.OrderByDescending(key, comparer) : rows.OrderBy(key, comparer);
    }

    /// <summary>Whether the job has such a host: by its name, or by a piece of the list as it is written.</summary>
    private static bool Has(JobView job, string piece) =>
        job.Hosts.Contains(piece, StringComparison.OrdinalIgnoreCase) || (FrozenHosts.TryParse(job.Hosts, out var hosts, out _) && hosts.Contains(piece));
}
