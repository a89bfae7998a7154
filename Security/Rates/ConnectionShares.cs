using System.Net;
using Deploy.Model;

namespace Deploy.Security.Rates;

/// <summary>
/// How many of a daemon's places one address holds with connections that have not shown who they are: a share, or one address would shut all others out. A connection whose peer has proved itself does
/// not count any more: behind one address may be a whole network, or a proxy. An IPv6 peer counts by its network of 64 bits. The loopback has no share: it is everybody on this host, root and the local
/// proxy too, and has as many addresses as anybody there wants. Any thread.
/// </summary>
/// <param name="share">Places of one address.</param>
/// <param name="isSpared">Which addresses have no share; null is the loopback.</param>
internal sealed class ConnectionShares(int share = Limits.AddressShare, Func<IPAddress, bool>? isSpared = null)
{
    private readonly Func<IPAddress, bool> isSpared = isSpared ?? IPAddress.IsLoopback;
    private readonly Lock gate = new();
    private readonly Dictionary<IPAddress, int> held = []; // no more than there are connections

    /// <summary>A place for a new connection, to be given back when it ends; null where its address has its share.</summary>
    public Place? Take(IPAddress peer)
    {
        var address = RateLimits.Counted(peer);
        lock (gate)
        {
            int now = held.GetValueOrDefault(address);
            if (now >= share && !isSpared(address))
            {
                return null;
            }

            held[address] = now + 1;
            return new Place(this, address);
        }
    }

    private void GiveBack(IPAddress address)
    {
        lock (gate)
        {
            if (--held[address] == 0)
            {
                held.Remove(address);
            }
        }
    }

    /// <summary>One connection's; a feature of it.</summary>
    internal sealed class Place(ConnectionShares shares, IPAddress address) : IDisposable
    {
        private int isGivenBack;

        /// <summary>Its peer has shown who it is, or it has ended: it counts no more. Again does nothing.</summary>
        public void Dispose()
        {
            if (Interlocked.Exchange(ref isGivenBack, 1) == 0)
            {
                shares.GiveBack(address);
            }
        }
    }
}
