using System.Globalization;
using Deploy.Model;
using Deploy.Protocol;

namespace Deploy.Jobs.Relay.Judging;

/// <summary>A report with what one of our agents says beside the original's body: the job's own state, why, and what the counts leave out.</summary>
internal static class Refined
{
    /// <summary>The report of an agent's answer, refined; unchanged where there is no header, as from an original agent.</summary>
    public static HostReport By(JobHeader? job, Order order, HostReport report) => (job, order) switch
    {
        (null, _) => report,
        (_, Order.Status or Order.Rlist) when report.Changes is not null => Preview(job, report),
        (_, Order.Rsync) when report.State == HostState.Ok => Sync(job, report),
        ({ State: HostState.Failed or HostState.Partial or HostState.Timeout }, _) when report.State == HostState.Failed =>
            report with { State = job.State, Note = order == Order.Exec && job.Reason is { Length: > 0 } why ? why : report.Note },
        _ => report,
    };

    private static HostReport Preview(JobHeader job, HostReport report)
    {
        bool work = (job.Changes ?? report.Changes) > 0;
        var notes = new List<string> { report.Note };
        if (report.Changes == 0 && work)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"no files, {job.Changes} links, directories or attributes"));
        }

        if (job.Reason is { Length: > 0 } reason)
        {
            notes.Add(reason);
        }

        // A sync that failed matters while there is work left; else it is history.
        bool bad = job.LastSync is not null;
        if (bad)
        {
            notes.Add("the last sync: " + job.LastSync);
        }

        return report with
        {
            State = !work ? HostState.Unchanged
                : !bad ? HostState.Ok
                : job.LastSync!.StartsWith(HostState.Partial.Word(), StringComparison.Ordinal) ? HostState.Partial : HostState.Failed,
            Note = string.Join("; ", notes.Where(note => note.Length > 0)),
            NextStep = bad && work ? Hints.LastSync : report.NextStep,
        };
    }

    private static HostReport Sync(JobHeader job, HostReport report) => job.State switch
    {
        HostState.Running => report with { Note = "the sync runs; the status order says what becomes of it" },
        HostState.Unchanged => report with { State = HostState.Unchanged, Note = "nothing was to do" },
        _ => report with { Note = job.Reason is { Length: > 0 } warning ? "done; " + warning : "done" },
    };
}
