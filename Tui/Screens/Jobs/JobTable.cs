using Deploy.Model.Jobs;
using Deploy.Output;
using Deploy.Tui.Pieces;
using Deploy.Tui.Screen;
using Deploy.Tui.State;
using Deploy.Tui.Views;

namespace Deploy.Tui.Screens.Jobs;

/// <summary>How jobs stand in a list: the columns that the width has room for, the needed ones first.</summary>
internal sealed class JobTable
{
    private const int IdWidth = 10;
    private const int StateWidth = 13; // "running 100%"
    private const int CountWidth = 6;

    private readonly int columns, what, hosts, who, when, took, why;
    private readonly bool ended;

    /// <param name="columns">The screen's.</param>
    /// <param name="ended">Whether only jobs are shown that have ended.</param>
    public JobTable(int columns, bool ended)
    {
        (this.columns, this.ended) = (columns, ended);
        bool isWide = columns >= 100;
        (when, took) = (isWide ? 12 : 8, isWide ? 8 : 0);
        int rest = Math.Max(0, columns - 3 - IdWidth - StateWidth - 2 * CountWidth - 1 - when - took);
        who = rest >= 30 ? Math.Clamp(rest / 5, 8, 18) : 0;
        rest -= who;
        hosts = rest >= 24 ? Math.Min(32, rest / 2) : 0;
        what = Math.Min(36, rest - hosts);
        why = rest - hosts - what;
    }

    /// <summary>The names of the columns.</summary>
    public Line Head() => new LineMaker(columns).Add("   ").Cell("JOB", IdWidth, Role.Frame).Cell("WHAT", what, Role.Frame).Cell("HOSTS", hosts, Role.Frame).Cell("STATE", StateWidth, Role.Frame)
        .Cell("OK", CountWidth, Role.Frame, toTheRight: true).Cell("BAD", CountWidth, Role.Frame, toTheRight: true).Add(" ")
        .Cell(ended ? "ENDED" : "WHEN", when, Role.Frame).Cell(took > 0 ? "TOOK" : string.Empty, took, Role.Frame).Cell("WHO", who, Role.Frame).Cell(why > 0 ? "WHY" : string.Empty, why, Role.Frame).Make();

    /// <summary>A job's row.</summary>
    public Line Row(TuiModel model, JobView job, bool isAt)
    {
        var summary = job.Summary;
        int bad = JobRows.Bad(summary), good = JobRows.Good(summary);
        var line = Framing.Row(columns, isAt, isMarked: false, isProblem: bad > 0 || job.State is JobState.Stopped or JobState.Cancelled);
        line.Cell(JobTag.Of(job.Id), IdWidth)
            .Cell($"{JobRows.Word(job)} {job.What}", Math.Max(0, what - 1)).Cell(string.Empty, Math.Min(1, what))
            .Cell(hosts > 0 ? HostsText.Of(model, job, hosts - 1) : string.Empty, hosts)
            .Cell(State(job), StateWidth, bad > 0 && job.State == JobState.Done ? Role.Warning : StateRoles.Of(job.State))
            .Cell(ByteSize.Count(good), CountWidth, good > 0 ? Role.Good : Role.Quiet, toTheRight: true)
            .Cell(ByteSize.Count(bad), CountWidth, bad > 0 ? Role.Bad : Role.Quiet, toTheRight: true).Add(" ")
            .Cell(When(model, job), when)
            .Cell(took > 0 && job.Ended - (job.Started ?? job.Accepted) is { } time ? ShortText.Took(time) : string.Empty, took, Role.Quiet)
            .Cell(who > 0 ? TextColumns.Cut(Who(job.By ?? "-"), who - 1) : string.Empty, who)
            .Cell(why > 0 ? job.Why ?? job.Reason ?? string.Empty : string.Empty, why, Role.Quiet);
        return Framing.Made(line, isAt);
    }

    /// <summary>The state, and how far one is that runs: by bytes where they are known, else by hosts.</summary>
    private static string State(JobView job)
    {
        if (job.State.IsTerminal() || job.Summary.Hosts == 0)
        {
            return job.State.Word();
        }

        double part = job.Summary.BytesTotal is > 0 and var bytes ? (double)job.Summary.BytesDone / bytes : (double)CountText.Ended(job.Summary) / job.Summary.Hosts;
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{job.State.Word()} {(int)(Math.Clamp(part, 0, 1) * 100)}%");
    }

    /// <summary>Of <c>alice@desk</c> the name alone, where there is no room for more.</summary>
    private string Who(string by) => by.Length >= who && by.IndexOf('@', StringComparison.Ordinal) is > 0 and var at ? by[..at] : by;

    private string When(TuiModel model, JobView job) => ended && job.Ended is { } end
        ? ShortText.When(end, model.Now, model.Setup.Zone)
        : ShortText.When(job.Accepted, model.Now, model.Setup.Zone);
}
