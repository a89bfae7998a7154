using System.Net;
using System.Net.Sockets;

namespace Deploy.Tests.Fixtures;

/// <summary>A TCP server on 127.0.0.x that plays a script on every connection; stopped and awaited at its end.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource stop = new();
    private readonly List<Task> connections = [];
    private readonly Task accepting;
    private int open;
    private int most;
    private int count;

    /// <param name="script">What is done with a connection once its request has come; it is closed afterwards.</param>
    /// <param name="address">Loopback.</param>
    /// <param name="port">0 takes a free one.</param>
    public ScriptedServer(Func<Peer, Task> script, string address = "127.0.0.1", int port = 0)
    {
        listener.Bind(new IPEndPoint(IPAddress.Parse(address), port));
        listener.Listen(512);
        Address = address;
        Port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        accepting = AcceptAsync(script);
    }

    public string Address { get; }

    public int Port { get; }

    /// <summary>Most connections that were open at once.</summary>
    public int MostAtOnce => most;

    /// <summary>Connections so far.</summary>
    public int Connections => count;

    /// <summary>Plays these bytes and closes.</summary>
    public static ScriptedServer Answering(byte[] answer) => new(peer => peer.SendAsync(answer));

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await accepting;
        await Task.WhenAll(connections).WaitAsync(TimeSpan.FromSeconds(10));
        stop.Dispose();
    }

    private async Task AcceptAsync(Func<Peer, Task> script)
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptAsync(stop.Token);
                connections.Add(ServeAsync(socket, script));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(Socket socket, Func<Peer, Task> script)
    {
        Interlocked.Increment(ref count);
        int now = Interlocked.Increment(ref open);
        for (int seen = most; now > seen; seen = most)
        {
            Interlocked.CompareExchange(ref most, now, seen);
        }

        try
        {
            using (socket)
            {
                byte[] request = new byte[64 * 1024];
                int length = await socket.ReceiveAsync(request, stop.Token);
                await script(new Peer(socket, request[..length], stop.Token));
                if (socket.Connected)
                {
                    socket.Shutdown(SocketShutdown.Send);
                }
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            // The client has gone, or the test is over.
        }
        finally
        {
            Interlocked.Decrement(ref open);
        }
    }

    /// <summary>One connection in a script.</summary>
    internal sealed class Peer(Socket socket, byte[] request, CancellationToken stopped)
    {
        /// <summary>The request as it came in one read.</summary>
        public byte[] Request => request;

        public CancellationToken Stopped => stopped;

        public async Task SendAsync(ReadOnlyMemory<byte> bytes)
        {
            while (!bytes.IsEmpty)
            {
                bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, stopped)..];
            }
        }

        /// <summary>What the client sends next; empty at its end.</summary>
        public async Task<ReadOnlyMemory<byte>> ReceiveAsync()
        {
            byte[] bytes = new byte[4096];
            return bytes.AsMemory(0, await socket.ReceiveAsync(bytes, stopped));
        }

        /// <summary>Says nothing more, and keeps the connection.</summary>
        public Task HangAsync() => Task.Delay(Timeout.Infinite, stopped);

        /// <summary>Closes with a reset.</summary>
        public void Reset()
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Dispose();
        }
    }
}
