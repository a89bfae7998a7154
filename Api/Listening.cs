using System.Net;
using System.Net.Sockets;

namespace Deploy.Api;

/// <summary>Where an HTTP server listens, and how.</summary>
/// <param name="At">Addresses; port 0 takes a free one.</param>
/// <param name="Backlog">Connections that the kernel holds for us; it caps the number itself.</param>
internal sealed record Listening(IReadOnlyList<IPEndPoint> At, int Backlog)
{
    private const int TcpLevel = 6;     // IPPROTO_TCP, netinet/in.h
    private const int DeferAccept = 9;  // TCP_DEFER_ACCEPT, netinet/tcp.h
    private const int DeferSeconds = 1; // original: 1; a peer that is silent for longer is handed over all the same, tcp(7)

    /// <summary>Whether the kernel holds a connection back until its peer has sent something.</summary>
    public bool Defers { get; init; }

    /// <summary>Binds a socket that is not bound yet, and sets its options. <c>[::]</c> takes IPv4 too, as everywhere on Linux, unless an IPv4 address is listened on at the same port.</summary>
    /// <exception cref="SocketException">The address cannot be bound.</exception>
    public void Prepare(Socket socket, IPEndPoint endPoint)
    {
        if (Defers)
        {
            socket.SetRawSocketOption(TcpLevel, DeferAccept, BitConverter.GetBytes(DeferSeconds));
        }

        if (socket.IsBound)
        {
            return; // whoever bound it chose how
        }

        if (endPoint.Address.Equals(IPAddress.IPv6Any))
        {
            socket.DualMode = !At.Any(other => other.AddressFamily == AddressFamily.InterNetwork && other.Port == endPoint.Port);
        }

        socket.Bind(endPoint);
    }
}
