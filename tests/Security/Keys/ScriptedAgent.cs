using System.Net.Sockets;

namespace Deploy.Tests.Security.Keys;

/// <summary>Something at a socket that answers each request with the same bytes, or not at all.</summary>
internal sealed class ScriptedAgent : IDisposable
{
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Task serving;

    /// <param name="path">Where.</param>
    /// <param name="answer">With its length; null for silence.</param>
    public ScriptedAgent(string path, byte[]? answer)
    {
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        serving = ServeAsync(answer);
    }

    public void Dispose()
    {
        listener.Dispose();
        serving.Wait(TimeSpan.FromSeconds(20));
    }

    private async Task ServeAsync(byte[]? answer)
    {
        try
        {
            while (true)
            {
                using var peer = await listener.AcceptAsync();
                byte[] buffer = new byte[4096];
                await peer.ReceiveAsync(buffer);
                if (answer is not null)
                {
                    await peer.SendAsync(answer);
                }
                else
                {
                    await peer.ReceiveAsync(buffer); // up to its end
                }
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
