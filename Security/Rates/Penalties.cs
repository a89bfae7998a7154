using System.Net;
using Deploy.Model;

namespace Deploy.Security.Rates;

/// <summary>The addresses that have to wait, and until when. Any thread.</summary>
/// <param name="time">The clock.</param>
/// <param name="most">Addresses that are remembered; beyond it the one that has waited longest is free.</param>
internal sealed class Penalties(TimeProvider time, int most = Limits.RatesRemembered)
{
    private readonly Lock gate = new();
    private readonly Dictionary<IPAddress, long> since = [];
    private readonly Queue<(IPAddress Address, long Since)> order = new(); // as they were set; those that were set again stand in it twice

    /// <summary>Addresses that are remembered now.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return since.Count;
            }
        }
    }

    /// <summary>Has this address wait from now on, for <see cref="Limits.FailurePenalty"/>.</summary>
    public void Set(IPAddress address)
    {
        lock (gate)
        {
            long now = time.GetTimestamp();
            if (since.TryGetValue(address, out long former) && time.GetElapsedTime(former, now) < Limits.FailurePenalty)
            {
                return; // it waits already
            }

            since[address] = now;
            order.Enqueue((address, now));
            while (order.TryPeek(out var oldest) && (order.Count > most || time.GetElapsedTime(oldest.Since, now) >= Limits.FailurePenalty))
            {
                order.Dequeue();
                if (since.TryGetValue(oldest.Address, out long still) && still == oldest.Since)
                {
                    since.Remove(oldest.Address);
                }
            }
        }
    }

    /// <summary>How long this address still waits; zero for not.</summary>
    public TimeSpan Left(IPAddress address)
    {
        lock (gate)
        {
            return since.TryGetValue(address, out long at) && Limits.FailurePenalty - time.GetElapsedTime(at) is { Ticks: > 0 } left ? left : TimeSpan.Zero;
        }
    }
}
