using System.Net;
using System.Net.Sockets;
using Deploy.Logs;
using Deploy.Model;

namespace Deploy.Security.Rates;

/// <summary>
/// How often an address may connect and fail, and a key may order: each a bucket of tokens, generous, in bounded memory. An IPv6 peer counts by its network of 64 bits, which is one host's to choose
/// from. The loopback is never made to wait for its failures: it is everybody on this host, root and the local proxy too.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="log">Told once a penalty of each address that has to wait.</param>
internal sealed class RateLimits(TimeProvider time, ILog log)
{
    private readonly RateTable<IPAddress> connections = new(Limits.AddressConnections, Limits.AddressConnectionsPerSecond, time);
    private readonly RateTable<IPAddress> failures = new(Limits.AddressFailures, Limits.AddressFailuresPerSecond, time);
    private readonly RateTable<IPAddress> said = new(1, 1 / Limits.FailurePenalty.TotalSeconds, time);
    private readonly RateTable<string> orders = new(Limits.KeyOrders, Limits.KeyOrdersPerSecond, time);
    private readonly Penalties penalties = new(time);

    /// <summary>True for a connection that may go on. Asked behind the address list, before anything is read.</summary>
    public bool MayConnect(IPAddress peer)
    {
        var address = Counted(peer);
        if (connections.Take(address, out _))
        {
            return true;
        }

        Say(address, $"opens over {Limits.AddressConnectionsPerSecond:0} connections a second: some are closed");
        return false;
    }

    /// <summary>False where a request of this address that did not prove who it is gets 429 and Retry-After in place of a reason. One that did is never asked.</summary>
    /// <param name="peer">Where it comes from.</param>
    /// <param name="retryAfter">How long it waits; zero where it need not.</param>
    public bool MayTry(IPAddress peer, out TimeSpan retryAfter)
    {
        retryAfter = penalties.Left(Counted(peer));
        return retryAfter == TimeSpan.Zero;
    }

    /// <summary>Counts what failed to prove who it is: no, unknown or wrong key or signature. Not what a known one may not do, and not what a proxy passed on: its clients would lock it out.</summary>
    public void Failed(IPAddress peer)
    {
        var address = Counted(peer);
        if (!IPAddress.IsLoopback(address) && !failures.Take(address, out _))
        {
            penalties.Set(address);
            Say(address, $"failed to prove who it is over {Limits.AddressFailures} times in a minute: it is not heard for {Limits.FailurePenalty.TotalSeconds:0} s");
        }
    }

    /// <summary>Takes an order of a key that has proved itself; false where it gave too many, and 429 is the answer.</summary>
    /// <param name="key">Its fingerprint, or an API key's name.</param>
    /// <param name="retryAfter">When it may again; zero where it may.</param>
    public bool TakeOrder(string key, out TimeSpan retryAfter) => orders.Take(key, out retryAfter);

    /// <summary>The address that counts.</summary>
    internal static IPAddress Counted(IPAddress peer)
    {
        if (peer.IsIPv4MappedToIPv6)
        {
            return peer.MapToIPv4();
        }

        if (peer.AddressFamily != AddressFamily.InterNetworkV6 || IPAddress.IsLoopback(peer))
        {
            return peer;
        }

        byte[] network = peer.GetAddressBytes();
        network.AsSpan(8).Clear();
        return new IPAddress(network);
    }

    /// <summary>A counted address as it is told.</summary>
    internal static string Shown(IPAddress counted) => counted.AddressFamily == AddressFamily.InterNetworkV6 && !IPAddress.IsLoopback(counted) ? $"{counted}/64" : counted.ToString();

    private void Say(IPAddress address, string what)
    {
        if (said.Take(address, out _))
        {
            log.Warning($"{Shown(address)} {what}");
        }
    }
}
