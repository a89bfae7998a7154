using Deploy.Model.Jobs;

namespace Deploy.Jobs.Events;

/// <summary>
/// Events in the order of their numbers, of which those that newer ones replaced are left out: a reader at any number finds what changed since, in the log's own size. So a reader costs nothing but
/// its number, however slow it is. Not for two threads at once: the hub's lock is held.
/// </summary>
internal sealed class EventLog
{
    private const int Slack = 64; // ours: places of replaced ones that are not worth clearing out

    private readonly List<EventEntry> entries = [];
    private int cleared;
    private TaskCompletionSource? more;

    /// <summary>The highest number that was taken out without a newer one in its place: a reader that is not that far has a gap.</summary>
    public long Evicted { get; private set; }

    /// <summary>How many events it holds.</summary>
    public int Count => entries.Count - cleared;

    /// <summary>The events that it holds.</summary>
    public IEnumerable<EventEntry> Entries => entries.Where(entry => entry.Event is not null);

    public void Append(EventEntry entry)
    {
        entries.Add(entry);
        more?.TrySetResult();
        more = null;
    }

    /// <summary>One of its entries was cleared.</summary>
    public void Cleared()
    {
        cleared++;
        if (cleared > Slack && cleared > entries.Count / 2)
        {
            entries.RemoveAll(entry => entry.Event is null);
            cleared = 0;
        }
    }

    /// <summary>One of its entries goes, and nothing takes its place.</summary>
    public void Evict(long seq) => Evicted = Math.Max(Evicted, seq);

    /// <summary>Fills in the next events behind a number; how many they are.</summary>
    public int Read(long after, Span<JobEvent> into)
    {
        int count = 0;
        for (int at = FirstBehind(after); at < entries.Count && count < into.Length; at++)
        {
            if (entries[at].Event is { } what)
            {
                into[count++] = what;
            }
        }

        return count;
    }

    /// <summary>Ends when the next event comes.</summary>
    public Task More() => (more ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    private int FirstBehind(long seq)
    {
        int low = 0;
        int high = entries.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = entries[middle].Seq > seq ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}
