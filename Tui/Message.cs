using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tui.Keys;

namespace Deploy.Tui;

/// <summary>What reaches the dashboard: from the terminal, from the clock, from the fleet. The only things that change its model.</summary>
internal abstract record Message
{
    private Message()
    {
    }

    /// <summary>When it was taken up, by the dashboard's clock; the loop sets it, so that updating needs no clock.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>A key was pressed.</summary>
    internal sealed record Pressed(Key Key) : Message;

    /// <summary>Text was pasted (bracketed paste): only places that take text take it, and it never acts as keys.</summary>
    internal sealed record Pasted(string Text) : Message;

    /// <summary>The terminal's size, at the start and whenever it changes.</summary>
    internal sealed record Resized(int Columns, int Rows) : Message;

    /// <summary>The moment that the model asked to be woken at has come.</summary>
    internal sealed record Woke : Message;

    /// <summary>The dashboard is in front again after Ctrl-Z.</summary>
    internal sealed record Resumed : Message;

    /// <summary>A daemon answers, for the first time or again.</summary>
    /// <param name="Source">What it is called: the proxy's name, or the agent's.</param>
    /// <param name="Self">What it tells of itself, and of the asker's rights.</param>
    /// <param name="Latency">How long a question takes.</param>
    internal sealed record Connected(string Source, DaemonSelf Self, TimeSpan Latency) : Message;

    /// <summary>Its stream says that it lives; with how long a question took, where one was asked.</summary>
    internal sealed record Heard(string Source, TimeSpan? Latency = null) : Message;

    /// <summary>It does not answer any more; it is asked again by itself.</summary>
    /// <param name="Source">Which.</param>
    /// <param name="Why">One line, with the next step where there is one.</param>
    /// <param name="Again">When it is asked again; null where it is not, because asking again does not help.</param>
    internal sealed record Lost(string Source, string Why, DateTimeOffset? Again) : Message;

    /// <summary>What is known of some hosts, each whole.</summary>
    /// <param name="Hosts">By name.</param>
    /// <param name="IsAll">Whether these are all that there are: others are gone.</param>
    internal sealed record HostsTold(IReadOnlyList<HostFacts> Hosts, bool IsAll) : Message;

    /// <summary>The host groups; all of them.</summary>
    internal sealed record GroupsTold(IReadOnlyList<GroupFacts> Groups) : Message;

    /// <summary>Jobs as they stand, in any order; of one that is known the newer view counts.</summary>
    /// <param name="Jobs">Some.</param>
    /// <param name="Of">The question that this answers; null where nobody asked.</param>
    /// <param name="Cursor">For older ones; null where there are none, or nobody asked.</param>
    internal sealed record JobsTold(IReadOnlyList<JobView> Jobs, Effect.ReadJobs? Of = null, string? Cursor = null) : Message;

    /// <summary>What happened, in order: as the events of <c>GET /v1/events</c>. At most every 50 ms, many at once.</summary>
    internal sealed record Happened(string Source, IReadOnlyList<JobEvent> Events) : Message;

    /// <summary>Lines of the job that <see cref="Effect.FollowLog"/> names, as they are printed: its <c>host.log</c> events and no others.</summary>
    internal sealed record Printed(IReadOnlyList<JobEvent> Events) : Message;

    /// <summary>Where hosts of a job stand.</summary>
    /// <param name="Job">Which.</param>
    /// <param name="Hosts">Each whole; one that is not newer than what is known says nothing.</param>
    /// <param name="IsAll">Whether the job has no others.</param>
    internal sealed record StandingsTold(JobId Job, IReadOnlyList<HostStanding> Hosts, bool IsAll) : Message;

    /// <summary>The shapes of a job; null where the job is not known any more.</summary>
    internal sealed record ShapesTold(JobId Job, IReadOnlyList<Shape>? Shapes) : Message;

    /// <summary>The content of a shape; null where it is not there.</summary>
    internal sealed record ContentTold(JobId Job, string Digest, ShapeContent? Content) : Message;

    /// <summary>What was printed on a host in a job; null where it is not there.</summary>
    internal sealed record LogTold(JobId Job, string Host, IReadOnlyList<LogLine>? Lines) : Message;

    /// <summary>Records of the audit log, newest first.</summary>
    /// <param name="Records">A page.</param>
    /// <param name="Of">The question.</param>
    /// <param name="Cursor">For older ones; null where there are none.</param>
    internal sealed record AuditTold(IReadOnlyList<AuditRecord> Records, Effect.ReadAudit Of, string? Cursor) : Message;

    /// <summary>What came of a wish or an act.</summary>
    /// <param name="Ticket">The wish's.</param>
    /// <param name="Job">As it stands; null where it was refused.</param>
    /// <param name="Refusal">Why it was refused, or why nobody knows (then <paramref name="MayHaveBeenTaken"/>), and the next step: one line; null where it was taken.</param>
    /// <param name="MayHaveBeenTaken">True where the answer was lost on the way.</param>
    internal sealed record Answered(long Ticket, JobView? Job, string? Refusal, bool MayHaveBeenTaken = false) : Message;

    /// <summary>A question could not be answered.</summary>
    /// <param name="Of">The question.</param>
    /// <param name="Why">One line.</param>
    internal sealed record Unanswered(Effect.OfFleet Of, string Why) : Message;

    /// <summary>Something that the operator should read, in one line: where an export went, that a key was copied, why it was not.</summary>
    internal sealed record Said(string Text, bool IsTrouble) : Message;
}
