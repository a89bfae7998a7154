using System.Buffers;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Deploy.Model;
using Deploy.Protocol.Receiving;
using Deploy.Protocol.Ssl;

namespace Deploy.Protocol;

/// <summary>One request of the legacy wire to an agent or a proxy.</summary>
internal sealed record LegacyRequest
{
    /// <summary>A name, an IPv4 or an IPv6 address without brackets.</summary>
    public required string Host { get; init; }

    /// <summary>TCP port.</summary>
    public required int Port { get; init; }

    public required Order Order { get; init; }

    /// <summary>The encoded form; <see cref="LegacyForm.Encode"/>.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The server's public key, for the ssl form; null is the plain form.</summary>
    public PublicKey? Ssl { get; init; }

    /// <summary>The whole wait for this host, from the look-up of its name to the last byte.</summary>
    public required TimeSpan ThreadTimeout { get; init; }

    /// <summary>The wait for each next byte, and for the connection where it is shorter than <see cref="ConnectTimeout"/>.</summary>
    public required TimeSpan SocketTimeout { get; init; }

    /// <summary>The wait for the connection: a host that is down must not cost what a large tree may.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5); // original: deploy-client, socket_timeout

    /// <summary>A host and its port, in words: an IPv6 address has brackets.</summary>
    public static string Shown(string host, int port) =>
        string.Create(CultureInfo.InvariantCulture, $"{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}");
}

/// <summary>
/// Sends legacy requests and reads the answers: one connection each, exactly the original client's bytes. A raw socket, since HttpClient
/// always sends Host, which the original never did.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="budget">Memory that the answers share.</param>
/// <param name="names">Looks names up; null for one of its own.</param>
internal sealed class LegacyExchange(TimeProvider time, ReceiveBudget budget, HostNames? names = null)
{
    private const int ReceiveBytes = 16 * 1024;

    private readonly Dialing dialing = new(time, names ?? new HostNames());

    /// <summary>Does the exchange. Expected failures, and cancellation, are outcomes.</summary>
    public async Task<LegacyOutcome> SendAsync(LegacyRequest request, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(request.ThreadTimeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var passphrase = request.Ssl is null ? null : Passphrase.Random();
        using IAnswerReader reader = passphrase is null ? new ResponseReader(budget) : new SslAnswerReader(budget, passphrase);
        bool sent = false;
        try
        {
            using var socket = await dialing.ConnectAsync(request.Host, request.Port, Shorter(request.SocketTimeout, request.ConnectTimeout), request.ThreadTimeout, stop.Token);
            sent = true; // from here on the order may have started
            await SendRequestAsync(socket, request, passphrase, stop.Token);
            return await ReceiveAsync(socket, reader, request, stop.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new Interrupted(sent);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return new TimedOut(request.ThreadTimeout, sent, sent ? reader.Progress : "no connection yet");
        }
        catch (SocketException error) when (!sent)
        {
            return new NotReached(request.Host, request.Port, Dialing.Words(error.SocketErrorCode));
        }
        catch (SocketException error)
        {
            return new NoAnswer(Dialing.Words(error.SocketErrorCode) + " within the exchange: " + reader.Progress);
        }
    }

    private static async Task SendRequestAsync(Socket socket, LegacyRequest request, Passphrase? passphrase, CancellationToken cancellationToken)
    {
        string head = string.Create(
            CultureInfo.InvariantCulture,
            $"POST /agent/{request.Order.Word()} HTTP/1.1\r\nConnection: close\r\nContent-Length: {request.Body.Length}\r\n\r\n");
        byte[] bytes = [.. Encoding.ASCII.GetBytes(head), .. request.Body.Span];
        ReadOnlyMemory<byte> rest = passphrase is null ? bytes : SslRequest.Seal(request.Ssl!, passphrase, bytes);
        while (!rest.IsEmpty)
        {
            rest = rest[await socket.SendAsync(rest, SocketFlags.None, cancellationToken)..];
        }
    }

    private async Task<LegacyOutcome> ReceiveAsync(Socket socket, IAnswerReader reader, LegacyRequest request, CancellationToken cancellationToken)
    {
        // With equal timeouts thread_timeout has the word (recording direct_mixed_failures), so the other is not armed.
        bool idleFirst = request.SocketTimeout < request.ThreadTimeout;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ReceiveBytes);
        try
        {
            while (true)
            {
                using var patience = idleFirst ? new CancellationTokenSource(request.SocketTimeout, time) : new CancellationTokenSource();
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
                int count;
                try
                {
                    count = await socket.ReceiveAsync(buffer.AsMemory(0, ReceiveBytes), SocketFlags.None, either.Token);
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    return reader.Silent(request.SocketTimeout);
                }

                if (count == 0)
                {
                    return reader.Close();
                }

                if (reader.Feed(buffer.AsSpan(0, count)) is { } outcome)
                {
                    return outcome;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
