using Deploy.Model.Jobs;

namespace Deploy.Jobs.Events;

/// <summary>How often one thing is told, at most: of what comes too early the newest waits.</summary>
/// <param name="topic">Its job.</param>
/// <param name="least">The time between two.</param>
internal sealed class Pace(JobTopic topic, TimeSpan least)
{
    public JobTopic Topic => topic;

    public TimeSpan Least => least;

    /// <summary>When the next may be told, a timestamp of the clock; null is at once.</summary>
    public long? Next { get; set; }

    /// <summary>What waits for that; null for nothing.</summary>
    public JobEvent? Waiting { get; set; }

    /// <summary>True while it stands in the hub's queue.</summary>
    public bool IsQueued { get; set; }

    /// <summary>The entry that was told last; null where there is none, or something newer says more.</summary>
    public EventEntry? Told { get; set; }
}
