using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;
using Deploy.Tests.EndToEnd.Harness;

namespace Deploy.Tests.Attacks;

/// <summary>What came back until the connection's end.</summary>
/// <param name="Status">0 where nothing came.</param>
/// <param name="Body">Behind the head.</param>
internal sealed record RawAnswer(int Status, string Body)
{
    /// <summary>The problem's word, behind <c>urn:deploy:</c>; empty for none.</summary>
    public string Problem => Body.StartsWith('{') && Json().TryGetProperty("type", out var type) ? type.GetString()!.Replace("urn:deploy:", string.Empty, StringComparison.Ordinal) : string.Empty;

    /// <summary>The problem's detail; empty for none.</summary>
    public string Detail => Body.StartsWith('{') && Json().TryGetProperty("detail", out var detail) ? detail.GetString()! : string.Empty;

    public JsonElement Json() => JsonDocument.Parse(Body).RootElement;

    /// <summary>Sends these bytes by TLS 1.3 on a connection of their own, whoever answers, and reads to its end. A handshake that a loaded machine was too slow for is begun again.</summary>
    public static async Task<RawAnswer> ByTlsAsync(string address, byte[] request)
    {
        using var limit = new CancellationTokenSource(Eventually.Limit);
        for (int left = 5; ; left--)
        {
            var tls = new SslStream(await ConnectAsync(address, limit.Token), leaveInnerStreamOpen: false);
            try
            {
                await tls.AuthenticateAsClientAsync(
                    new SslClientAuthenticationOptions { TargetHost = string.Empty, EnabledSslProtocols = SslProtocols.Tls13, RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null }, limit.Token);
            }
            catch (IOException) when (left > 0)
            {
                await tls.DisposeAsync();
                continue;
            }

            return await AskAsync(tls, request, limit.Token);
        }
    }

    /// <summary>The same without TLS.</summary>
    public static async Task<RawAnswer> PlainAsync(string address, byte[] request)
    {
        using var limit = new CancellationTokenSource(Eventually.Limit);
        return await AskAsync(await ConnectAsync(address, limit.Token), request, limit.Token);
    }

    private static async Task<Stream> ConnectAsync(string address, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Parse(address), 3440, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static async Task<RawAnswer> AskAsync(Stream connection, byte[] request, CancellationToken cancellationToken)
    {
        await using var stream = connection;
        using var all = new MemoryStream();
        try
        {
            await stream.WriteAsync(request, cancellationToken);
            await stream.FlushAsync(cancellationToken);
        }
        catch (IOException)
        {
            // Closed under our hands; what it said counts.
        }

        try
        {
            await stream.CopyToAsync(all, cancellationToken);
        }
        catch (IOException)
        {
            // A reset is an end, too.
        }

        return Of(Encoding.UTF8.GetString(all.ToArray()));
    }

    private static RawAnswer Of(string text)
    {
        int body = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return body < 0 ? new RawAnswer(0, text) : new RawAnswer(int.Parse(text.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), text[(body + 4)..]);
    }
}
