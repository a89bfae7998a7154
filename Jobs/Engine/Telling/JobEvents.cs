using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Jobs.Engine.Telling;

/// <summary>What an engine tells its hub, which gives the numbers and the time.</summary>
internal static class JobEvents
{
    /// <param name="job">Its job.</param>
    /// <param name="standing">Where the host stands.</param>
    /// <param name="content">Of its shape; it goes along where it is small.</param>
    public static JobEvent Host(JobId job, HostStanding standing, ShapeContent? content = null) => Of(EventType.HostState, job) with
    {
        Host = standing.Host,
        Standing = standing,
        Content = content is { Bytes.Length: <= JobContents.Small } ? content : null,
    };

    public static JobEvent Progress(JobId job, HostStanding standing) => Of(EventType.HostProgress, job) with { Host = standing.Host, Standing = standing };

    public static JobEvent Log(JobId job, string host, LogLine line) => Of(EventType.HostLog, job) with { Host = host, Log = line };

    /// <summary>Of job.state, job.summary and end.</summary>
    public static JobEvent Job(EventType type, JobId job, JobSummary summary, string? reason = null) => Of(type, job) with { Summary = summary, Reason = reason };

    private static JobEvent Of(EventType type, JobId job) => new() { Seq = 0, Epoch = string.Empty, Time = default, Type = type, Job = job };
}
