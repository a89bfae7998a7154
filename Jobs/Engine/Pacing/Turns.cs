namespace Deploy.Jobs.Engine.Pacing;

/// <summary>Whose host starts next: jobs take turns, one host each, so that a large one does not keep a small one waiting; so many hosts run at once in all.</summary>
/// <param name="most">Hosts that run at once.</param>
internal sealed class Turns(int most)
{
    private readonly Lock gate = new();
    private readonly Queue<LiveJob> line = new();
    private int running;
    private bool closed;

    /// <summary>Hosts that run.</summary>
    public int Running => Volatile.Read(ref running);

    /// <summary>Jobs that may have a host to start.</summary>
    public int Jobs
    {
        get
        {
            lock (gate)
            {
                return line.Count;
            }
        }
    }

    /// <summary>A job may have a host to start: it is new, goes on, or one of its hosts has ended.</summary>
    public void Offer(LiveJob job)
    {
        lock (gate)
        {
            if (!job.IsInLine)
            {
                job.IsInLine = true;
                line.Enqueue(job);
            }
        }
    }

    /// <summary>Takes the next host that may start; false where none may, or there is no room.</summary>
    public bool TryTake(out LiveJob job, out int place)
    {
        lock (gate)
        {
            while (!closed && running < most && line.TryDequeue(out job!))
            {
                if (job.TryTake(out place))
                {
                    running++;
                    line.Enqueue(job);
                    return true;
                }

                job.IsInLine = false;
            }
        }

        (job, place) = (null!, 0);
        return false;
    }

    /// <summary>A host that was taken has left.</summary>
    public void Leave()
    {
        lock (gate)
        {
            running--;
        }
    }

    /// <summary>A host that had left is back; room or not, it runs.</summary>
    public void Return()
    {
        lock (gate)
        {
            running++;
        }
    }

    /// <summary>Starts no other host.</summary>
    public void Close()
    {
        lock (gate)
        {
            closed = true;
        }
    }
}
