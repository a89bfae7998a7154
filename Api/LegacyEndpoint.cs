using System.Net;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Protocol;
using Deploy.Protocol.Sniffing;
using Deploy.Protocol.Ssl;
using Deploy.Security.Rates;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Deploy.Api;

/// <summary>What agent and proxy share of the original's wire: the method checked first, the reply written in its form, refusals and requests logged.</summary>
/// <param name="answer">The routes.</param>
/// <param name="time">Measures how long a request took.</param>
/// <param name="log">Says what was refused, and every request in the access log.</param>
/// <param name="server">The Server header of every answer; null sends none, as the original.</param>
internal sealed class LegacyEndpoint(Func<LegacyCall, Task<LegacyReply>> answer, TimeProvider time, ILog log, string? server = null)
{
    private const int PieceBytes = 64 * 1024; // Kestrel's own bound for what waits to be sent (MaxResponseBufferSize)

    /// <summary>How long sending one answer may take; then the peer's connection is cut.</summary>
    public TimeSpan AnswerTime { get; init; } = Limits.AnswerTime;

    /// <summary>Answers one request.</summary>
    public async Task AnswerAsync(IFeatureCollection context)
    {
        var request = context.GetRequiredFeature<IHttpRequestFeature>();
        var connection = context.GetRequiredFeature<IHttpConnectionFeature>();
        var from = new IPEndPoint(connection.RemoteIpAddress ?? IPAddress.None, connection.RemotePort);
        var sent = context.Get<SentVersion>();
        var access = AccessOf(request, sent, from);
        long began = time.GetTimestamp();
        try
        {
            var reply = await CheckAsync(request, from, () => context.Get<ConnectionShares.Place>()?.Dispose()).ConfigureAwait(false);
            if (reply.Refusal is { } refusal)
            {
                string line = $"{from} refused: {SafeText.Of(request.Method)} {SafeText.Of(access.Path)}: {reply.Status}, {refusal}";
                if (reply.Status == 400) // behind the key
                {
                    log.Notice(line);
                }
                else
                {
                    log.Write(LogLevel.Notice, from.Address, line);
                }
            }

            try
            {
                long body = await WriteAsync(context, reply, from).ConfigureAwait(false);
                long bytes = AnswerHead.Length(context.GetRequiredFeature<IHttpResponseFeature>()) + body;
                log.Write(access with { Status = reply.Status, BytesSent = sent is { Encrypted: true } ? SealedAnswer.WireLength(bytes) : bytes, Duration = time.GetElapsedTime(began), Job = reply.Job?.Id ?? reply.JobId });
            }
            finally
            {
                reply.Sent?.Invoke();
            }
        }
        catch (BadHttpRequestException bad)
        {
            log.Write(access with { Status = bad.StatusCode, Duration = time.GetElapsedTime(began) }); // answered by the server, with nothing of ours
            throw;
        }
    }

    /// <summary>What is known of a request before it is answered.</summary>
    private static AccessEntry AccessOf(IHttpRequestFeature request, SentVersion? sent, IPEndPoint from)
    {
        string path = LoggedPath.Of(request.RawTarget);
        return new AccessEntry(from.Address, request.Method, path, sent?.HttpVersion ?? request.Protocol)
        {
            Order = path.Split('/', StringSplitOptions.RemoveEmptyEntries) is [_, var word, ..] && Orders.TryParse(word, out var order) ? order.Word() : null,
        };
    }

    private async Task<LegacyReply> CheckAsync(IHttpRequestFeature request, IPEndPoint from, Action proved)
    {
        if (!LegacyCall.HasMethod(request))
        {
            return new LegacyReply(405) { Refusal = "only GET and POST" };
        }

        if (request.Headers.TransferEncoding.Count > 0)
        {
            throw new BadHttpRequestException("a body with a transfer coding", 400);
        }

        return await answer(new LegacyCall(request, from) { Proved = proved }).ConfigureAwait(false);
    }

    /// <summary>Writes it; how much of the body went out.</summary>
    private async Task<long> WriteAsync(IFeatureCollection context, LegacyReply reply, IPEndPoint peer)
    {
        var response = context.GetRequiredFeature<IHttpResponseFeature>();
        response.StatusCode = reply.Status;
        response.ReasonPhrase = reply.StatusText;
        response.Headers.ContentType = reply.IsJson ? "application/json; charset=utf-8" : "text/plain; charset=utf-8";
        response.Headers.ContentLength = reply.Length;
        response.Headers.Connection = "close";
        if (reply.Job is { } job)
        {
            response.Headers[JobHeader.Name] = job.Encode();
        }

        if (server is not null)
        {
            response.Headers.Server = server;
        }

        // In pieces: the server copies each into its own memory, and takes the next when the peer has read enough.
        using var limit = new CancellationTokenSource(AnswerTime, time);
        var writer = context.GetRequiredFeature<IHttpResponseBodyFeature>().Writer;
        long sent = 0;
        foreach (var part in reply.Body)
        {
            for (var rest = part; !rest.IsEmpty;)
            {
                var piece = rest[..Math.Min(rest.Length, PieceBytes)];
                bool gone;
                try
                {
                    gone = (await writer.WriteAsync(piece, limit.Token).ConfigureAwait(false)).IsCompleted;
                }
                catch (OperationCanceledException) when (limit.IsCancellationRequested)
                {
                    log.Notice($"{peer} has not read its answer within {AnswerTime.TotalSeconds:0.###} s: cut off after {sent} of {reply.Length} bytes");
                    context.GetRequiredFeature<IHttpRequestLifetimeFeature>().Abort();
                    gone = true;
                }

                if (gone)
                {
                    return sent;
                }

                sent += piece.Length;
                rest = rest[piece.Length..];
            }
        }

        return sent;
    }
}
