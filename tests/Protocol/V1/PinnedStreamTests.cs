using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Deploy.Protocol.V1;
using Deploy.Security.Channel;
using Deploy.Tests.EndToEnd.Packages;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Protocol.V1;

public class PinnedStreamTests
{
    /// <summary>OpenSSL's own server gives out tickets, and says each step of a handshake.</summary>
    [ToolFact("openssl", Timeout = 60_000)]
    public async Task Each_connection_shows_its_key_and_no_session_is_resumed()
    {
        using var folder = new TempFolder();
        string pem = folder["server.pem"];
        File.WriteAllText(pem, HostKey.MakePem(DateTimeOffset.UtcNow));
        int port = FreePort();
        using var server = Process.Start(new ProcessStartInfo("openssl", ["s_server", "-accept", $"127.0.0.1:{port}", "-cert", pem, "-key", pem, "-tls1_3", "-alpn", "http/1.1", "-naccept", "3", "-rev", "-state"]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
        try
        {
            var said = server.StandardOutput.ReadToEndAsync();
            var errors = server.StandardError.ReadToEndAsync();
            int judged = 0;
            for (int count = 0; count < 3; count++)
            {
                await using var stream = await PinnedStream.WrapAsync(await ConnectAsync(port), new V1Peer("web-1", "127.0.0.1", port), _ => { judged++; return null; }, TimeProvider.System, CancellationToken.None);
                await stream.WriteAsync("abc\n"u8.ToArray());
                byte[] answer = new byte[4];
                await stream.ReadExactlyAsync(answer); // behind the tickets
                Assert.Equal("cba\n"u8.ToArray(), answer);
            }

            await server.WaitForExitAsync();
            Assert.Equal(3, judged);
            string all = await said + await errors;
            Assert.Equal(3, all.Split("SSL_accept:TLSv1.3 write server certificate verify").Length - 1); // a resumed one has none
        }
        finally
        {
            if (!server.HasExited)
            {
                server.Kill();
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<NetworkStream> ConnectAsync(int port)
    {
        for (; ; await Task.Delay(20))
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException)
            {
                socket.Dispose(); // it does not listen yet
            }
        }
    }
}
