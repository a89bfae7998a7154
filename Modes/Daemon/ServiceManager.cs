using System.Net.Sockets;

namespace Deploy.Modes.Daemon;

/// <summary>Tells the service manager where a daemon stands (sd_notify(3)): a datagram to the Unix socket that NOTIFY_SOCKET names, <c>@</c> meaning NUL.</summary>
/// <param name="socketPath">NOTIFY_SOCKET, or null: then nothing is sent.</param>
/// <param name="time">Its monotonic clock stamps a reload.</param>
internal sealed class ServiceManager(string? socketPath, TimeProvider time)
{
    /// <summary>Orders are accepted; also ends a reload.</summary>
    public void Ready(string status) => Send($"READY=1\nSTATUS={status}");

    /// <summary>The configuration is read again; <see cref="Ready"/> must follow.</summary>
    public void Reloading() => Send($"RELOADING=1\nMONOTONIC_USEC={(long)(time.GetTimestamp() * (1_000_000.0 / time.TimestampFrequency))}");

    /// <summary>A stop has begun.</summary>
    public void Stopping(string status) => Send($"STOPPING=1\nSTATUS={status}");

    private void Send(string message)
    {
        if (string.IsNullOrEmpty(socketPath))
        {
            return;
        }

        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(System.Text.Encoding.UTF8.GetBytes(message), new UnixDomainSocketEndPoint(socketPath[0] == '@' ? '\0' + socketPath[1..] : socketPath));
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            // A service manager that does not listen is no reason to stop: it will say so itself.
        }
    }
}
