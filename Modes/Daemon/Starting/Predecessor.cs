using System.Net;
using System.Net.Sockets;
using Deploy.Logs;

namespace Deploy.Modes.Daemon.Starting;

/// <summary>
/// A daemon that was told to stop and still lets what runs come to its end. The original's init script starts the next one a second after the signal, and the original was gone by then:
/// in the background the next one waits for it. One that goes on listening was not told to stop, and is not waited for.
/// </summary>
/// <param name="isThere">True while another daemon holds what this one needs.</param>
/// <param name="time">Measures the wait.</param>
/// <param name="log">Told of it.</param>
internal sealed class Predecessor(Func<bool> isThere, TimeProvider time, ILog log)
{
    /// <summary>How long it is waited for: its shutdown_grace is not known here, and is 30 s unless it was set.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>How long one that goes on listening is waited for: its signal may be on its way.</summary>
    private static readonly TimeSpan LongestListening = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    /// <summary>Returns once it is gone, or has been waited for long enough.</summary>
    /// <param name="listen">Where it would listen.</param>
    /// <param name="cancellationToken">Ends the wait by its exception.</param>
    public async Task WaitAsync(IReadOnlyList<IPEndPoint> listen, CancellationToken cancellationToken)
    {
        if (!isThere())
        {
            return;
        }

        log.Warning($"another daemon has the state directory: if it is stopping, it is waited for, at most {Longest.TotalSeconds:0} seconds");
        long began = time.GetTimestamp();
        while (isThere() && time.GetElapsedTime(began) is var waited && waited < Longest && (waited < LongestListening || !listen.Any(IsTaken)))
        {
            await Task.Delay(Step, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>True where somebody listens there: this one could not.</summary>
    private static bool IsTaken(IPEndPoint at)
    {
        if (at.Port == 0)
        {
            return false;
        }

        try
        {
            using var socket = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true); // connections that are being answered are no reason
            socket.Bind(at);
            return false;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode == SocketError.AddressAlreadyInUse;
        }
    }
}
