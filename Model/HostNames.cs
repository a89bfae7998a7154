using System.Net;

namespace Deploy.Model;

/// <summary>Looks host names up. getaddrinfo(3) cannot be called off and may take half a minute: each look-up has a thread of its own, and who waits may leave.</summary>
internal static class HostNames
{
    /// <summary>The addresses of a name; an address is its own.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">It has none, or no name server answers.</exception>
    /// <exception cref="OperationCanceledException">The token fired first; the look-up ends by itself.</exception>
    public static Task<IPAddress[]> FindAsync(string name, CancellationToken cancellationToken) =>
        IPAddress.TryParse(name, out var literal)
            ? Task.FromResult<IPAddress[]>([literal])
            : Task.Factory.StartNew(() => Dns.GetHostAddresses(name), CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default)
                .WaitAsync(cancellationToken);
}
