using System.Net.Sockets;
using Deploy.Model;
using Deploy.Protocol;
using Deploy.Protocol.V1;
using Deploy.Security.Channel;

namespace Deploy.Modes.Client.Trust;

/// <summary>Reads which key a daemon shows; nothing is sent to it but the handshake.</summary>
/// <param name="time">The clock.</param>
internal sealed class KeyReading(TimeProvider time)
{
    private readonly Dialing dialing = new(time, new HostNames());

    /// <summary>The pin of its key.</summary>
    /// <exception cref="V1Failure">It is not there, or speaks no TLS.</exception>
    public async Task<Pin> ReadAsync(V1Peer peer, CancellationToken cancellationToken)
    {
        Socket socket;
        try
        {
            socket = await dialing.ConnectAsync(peer.Host, peer.Port, V1Limits.ConnectTime, TimeSpan.MaxValue, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException error)
        {
            throw new V1Failure(V1Fault.NotReached, peer, $"can't connect: {Dialing.Words(error.SocketErrorCode)}");
        }

        await using var plain = new NetworkStream(socket, ownsSocket: true);
        Pin? shown = null;
        await using var tls = await PinnedStream.WrapAsync(plain, peer, certificate =>
        {
            shown = Pin.Of(certificate);
            return null;
        }, time, cancellationToken).ConfigureAwait(false);
        return shown!;
    }
}
