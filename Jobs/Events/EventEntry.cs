using Deploy.Model.Jobs;

namespace Deploy.Jobs.Events;

/// <summary>One event in the logs that hold it, until a newer one takes its place.</summary>
internal sealed class EventEntry(JobTopic topic, JobEvent what)
{
    public JobTopic Topic => topic;

    public long Seq { get; } = what.Seq;

    /// <summary>Null once a newer one took its place.</summary>
    public JobEvent? Event { get; private set; } = what;

    /// <summary>True where its job has ended, and its room counts as that of recent jobs.</summary>
    public bool IsRecent { get; set; }

    public void Clear() => Event = null;

    /// <summary>Bytes of the content that it carries; 0 once it is cleared.</summary>
    public int ContentBytes => Event?.Content?.Bytes.Length ?? 0;
}
