using System.Net;
using System.Net.Sockets;
using Deploy.Model;

namespace Deploy.Protocol;

/// <summary>Makes connections: looks a name up, and tries its addresses in turn. Nothing is sent.</summary>
/// <param name="time">The clock.</param>
/// <param name="names">Looks names up.</param>
internal sealed class Dialing(TimeProvider time, HostNames names)
{
    /// <summary>Tries each address of the host in turn; each gets its share of the time.</summary>
    /// <param name="host">Name or address, without brackets.</param>
    /// <param name="port">TCP port.</param>
    /// <param name="patience">The wait for all addresses together.</param>
    /// <param name="whole">What the caller bounds itself, by the token; where it is no longer than the patience, a single address is left to it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SocketException">The last address's; none, and its look-up's, are exceptions of this kind too.</exception>
    public async Task<Socket> ConnectAsync(string host, int port, TimeSpan patience, TimeSpan whole, CancellationToken cancellationToken)
    {
        var addresses = await names.FindAsync(host, cancellationToken).ConfigureAwait(false);
        var share = (patience < whole ? patience : whole) / Math.Max(1, addresses.Length);
        var failure = new SocketException((int)SocketError.HostNotFound);
        foreach (var address in addresses)
        {
            // Alone on the whole time when that is not longer: then it decides, as in the original.
            bool bounded = addresses.Length > 1 || patience < whole;
            using var turn = bounded ? new CancellationTokenSource(share, time) : new CancellationTokenSource();
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, turn.Token);
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), either.Token).ConfigureAwait(false);
                return socket;
            }
            catch (SocketException error)
            {
                failure = error;
                socket.Dispose();
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                failure = new SocketException((int)SocketError.TimedOut);
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw failure;
    }

    /// <summary>A network's error in words.</summary>
    public static string Words(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "name not found",
        SocketError.TooManyOpenSockets => "this host has no descriptor or thread left for it",
        SocketError.TimedOut => "no reply to the connection",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "no route to it",
        SocketError.ConnectionReset => "it reset the connection",
        _ => "network error " + error,
    };
}
