using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tui.State;

namespace Deploy.Tui;

/// <summary>What the dashboard wants done beside drawing: a value, so that updating does nothing itself.</summary>
internal abstract record Effect
{
    private Effect()
    {
    }

    /// <summary>Ends the dashboard.</summary>
    /// <param name="Say">A line for the shell, e.g. that a job goes on; null for none.</param>
    internal sealed record Quit(string? Say) : Effect;

    /// <summary>Ctrl-Z: gives the terminal back and stops the process; it goes on with <see cref="Message.Resumed"/>.</summary>
    internal sealed record Suspend : Effect;

    /// <summary>Draws everything anew: Ctrl-L.</summary>
    internal sealed record Redraw : Effect;

    /// <summary>Puts a text on the clipboard of the operator's terminal (OSC 52).</summary>
    /// <param name="Text">What.</param>
    /// <param name="What">What it is called in the line that says so, e.g. <c>the command line</c>.</param>
    internal sealed record Copy(string Text, string What) : Effect;

    /// <summary>Writes a new file into the working directory.</summary>
    /// <param name="Name">The start of its name, e.g. <c>deploy-fleet</c>; moment and number are put behind it.</param>
    /// <param name="Text">What.</param>
    internal sealed record Export(string Name, string Text) : Effect;

    /// <summary>Keeps the operator's choices for the next time.</summary>
    internal sealed record Remember(Kept Kept) : Effect;

    /// <summary>For the fleet: never waited for, answered by messages.</summary>
    internal abstract record OfFleet : Effect;

    /// <summary>Jobs, newest first: <see cref="Message.JobsTold"/>.</summary>
    internal sealed record ReadJobs(JobQuery Query) : OfFleet;

    /// <summary>A job and where all of its hosts stand: <see cref="Message.JobsTold"/>, <see cref="Message.StandingsTold"/>.</summary>
    internal sealed record ReadJob(JobId Job) : OfFleet;

    /// <summary><see cref="Message.ShapesTold"/>.</summary>
    internal sealed record ReadShapes(JobId Job) : OfFleet;

    /// <summary><see cref="Message.ContentTold"/>.</summary>
    internal sealed record ReadContent(JobId Job, string Digest) : OfFleet;

    /// <summary><see cref="Message.LogTold"/>.</summary>
    internal sealed record ReadLog(JobId Job, string Host) : OfFleet;

    /// <summary>The lines of one job from now on, as they are printed: <see cref="Message.Printed"/>. Ends what was followed before; null follows none.</summary>
    internal sealed record FollowLog(JobId? Job) : OfFleet;

    /// <summary>Records of the audit log, newest first; null is from the newest on: <see cref="Message.AuditTold"/>.</summary>
    internal sealed record ReadAudit(string? Cursor) : OfFleet;

    /// <summary>What is known of the hosts, now: <see cref="Message.HostsTold"/>. The fleet tells it by itself too.</summary>
    internal sealed record ReadHosts : OfFleet;

    /// <summary>A new job: <see cref="Message.Answered"/>.</summary>
    internal sealed record Submit(long Ticket, JobWish Wish) : OfFleet;

    /// <summary>Something of a job: <see cref="Message.Answered"/>.</summary>
    internal sealed record Act(long Ticket, JobId Job, JobAct What) : OfFleet;
}
