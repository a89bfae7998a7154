using System.Threading.Channels;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Protocol.V1;

namespace Deploy.Jobs.Remote.Watching;

/// <summary>
/// Asks the hosts how they are, as long as somebody looks or a job runs, and not otherwise: each once a period, one question at a time, spread over it; one that does not answer less often.
/// A host that was heard of meanwhile, by a job that it does, is not asked.
/// </summary>
/// <param name="wire">Carries the questions; one that keeps connections.</param>
/// <param name="hosts">The hosts of v1, by name; another object where they changed.</param>
/// <param name="contacts">Takes what is learned.</param>
/// <param name="isWanted">Whether somebody looks.</param>
/// <param name="time">The clock.</param>
internal sealed class HostWatch(V1Wire wire, Func<IReadOnlyDictionary<string, V1Peer>> hosts, HostContacts contacts, Func<bool> isWanted, TimeProvider time)
{
    private readonly Channel<bool> woken = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Dictionary<string, Watched> watched = new(HostName.Comparer);
    private readonly PriorityQueue<Watched, long> due = new();
    private IReadOnlyDictionary<string, V1Peer>? known;

    public WatchSettings Settings { get; init; } = new();

    /// <summary>Looks whether it is wanted: from any thread, and never waits.</summary>
    public void Wake() => woken.Writer.TryWrite(true);

    /// <summary>Until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var asking = new List<Task>();
        try
        {
            while (true)
            {
                while (!isWanted())
                {
                    await woken.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                }

                var period = Take();
                asking.RemoveAll(task => task.IsCompleted);
                for (int begun = 0; begun < Settings.AtOnce && asking.Count < Settings.Open && Next() is { } host; begun++)
                {
                    asking.Add(AskAsync(host, period, cancellationToken));
                }

                await Task.Delay(Settings.Tick, time, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await Task.WhenAll(asking).ConfigureAwait(false);
        }
    }

    /// <summary>Takes in hosts that are new and lets go of those that are not there any more; how often each is asked.</summary>
    private TimeSpan Take()
    {
        var now = hosts();
        lock (watched)
        {
            if (!ReferenceEquals(now, known))
            {
                known = now;
                foreach (string gone in watched.Keys.Where(name => !now.TryGetValue(name, out var peer) || peer != watched[name].Peer).ToList())
                {
                    watched[gone].IsGone = true;
                    watched.Remove(gone);
                }

                foreach (var (name, peer) in now.Where(host => !watched.ContainsKey(host.Key)))
                {
                    var host = watched[name] = new Watched(peer);
                    due.Enqueue(host, time.GetTimestamp());
                }
            }
        }

        var least = TimeSpan.FromSeconds(now.Count / Settings.PerSecond);
        return least > Settings.Period ? least : Settings.Period;
    }

    /// <summary>The next host whose turn has come; null for none.</summary>
    private Watched? Next()
    {
        lock (watched)
        {
            while (due.TryPeek(out var host, out long at) && at <= time.GetTimestamp())
            {
                due.Dequeue();
                if (!host.IsGone)
                {
                    return host;
                }
            }

            return null;
        }
    }

    private async Task AskAsync(Watched host, TimeSpan period, CancellationToken cancellationToken)
    {
        await Task.Yield();
        var next = period;
        try
        {
            var contact = contacts.Of(host.Peer.Name);
            if (contact is { IsReachable: true, Last: { } last } && time.GetUtcNow() - last is var ago && ago >= TimeSpan.Zero && ago < period / 2)
            {
                next = period - ago; // by its job
                return;
            }

            host.Misses = await ReachesAsync(host.Peer, cancellationToken).ConfigureAwait(false) ? 0 : host.Misses + 1;
            var least = period * Math.Pow(2, Math.Min(host.Misses, 10));
            next = host.Misses == 0 ? period : least < Settings.MostPeriod ? least : Settings.MostPeriod > period ? Settings.MostPeriod : period;
        }
        finally
        {
            // The first time anywhere in the period, so that hosts which were asked together are not again; then nearly once a period.
            double part = host.WasAsked ? 0.95 + (Random.Shared.NextDouble() / 10) : 0.5 + (Random.Shared.NextDouble() / 2);
            host.WasAsked = true;
            lock (watched)
            {
                due.Enqueue(host, time.GetTimestamp() + (long)(next.TotalSeconds * part * time.TimestampFrequency));
            }
        }
    }

    /// <summary>Asks it; whether it answered. What it says is kept.</summary>
    private async Task<bool> ReachesAsync(V1Peer peer, CancellationToken cancellationToken)
    {
        try
        {
            var asked = time.GetUtcNow();
            long begun = time.GetTimestamp();
            var self = await new V1Client(wire, peer) { Silence = Settings.Silence }.SelfAsync(cancellationToken).ConfigureAwait(false);
            var now = time.GetUtcNow();
            contacts.Heard(peer.Name, now, self.Time - asked - (time.GetElapsedTime(begun) / 2), Versions.Short(self.Version), Versions.Short(self.Rsync?.Version));
            return true;
        }
        catch (V1Failure failure) when (failure.Problem is { } problem)
        {
            contacts.Heard(peer.Name, time.GetUtcNow(), null, null, null, problem.Type is ProblemTypes.Unauthenticated or ProblemTypes.ClockSkew ? Reasons.Unauthenticated : null);
            return problem.Type is not (ProblemTypes.Unauthenticated or ProblemTypes.ClockSkew); // asked less often: each counts there as one who cannot prove who he is
        }
        catch (V1Failure failure)
        {
            contacts.Missed(peer.Name, failure.IsOtherKey);
            return false;
        }
        catch (OperationCanceledException)
        {
            return false; // the proxy stops
        }
    }

    /// <summary>One host.</summary>
    private sealed class Watched(V1Peer peer)
    {
        public V1Peer Peer => peer;

        /// <summary>Questions in a row without an answer.</summary>
        public int Misses { get; set; }

        public bool WasAsked { get; set; }

        /// <summary>No longer configured, or under another address.</summary>
        public bool IsGone { get; set; }
    }
}

/// <summary>How often hosts are asked.</summary>
internal sealed record WatchSettings
{
    /// <summary>Each once in this time, of up to 1,000 hosts.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Questions a second, of more hosts; so many make the period longer.</summary>
    public double PerSecond { get; init; } = 100;

    /// <summary>How often a host is asked that does not answer, at last.</summary>
    public TimeSpan MostPeriod { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often turns are looked at, and how many may begin in one: together <see cref="PerSecond"/>.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc cref="Tick"/>
    public int AtOnce { get; init; } = 10;

    /// <summary>Questions that wait for their answer, at most; one that is not reached takes 5 s.</summary>
    public int Open { get; init; } = 256;

    /// <summary>The wait for an answer.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>How long a connection is kept for the next question: less than the 15 s after which an agent closes it.</summary>
    public static readonly TimeSpan KeptTime = TimeSpan.FromSeconds(14);
}
