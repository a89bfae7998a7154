using System.Net;
using Deploy.Logs;
using Deploy.Model.Text;
using Deploy.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Deploy.Api;

/// <summary>What agent and proxy share of the original's wire: the method checked first, the reply written in its form, refusals logged.</summary>
/// <param name="answer">The routes.</param>
/// <param name="log">Says what was refused.</param>
internal sealed class LegacyEndpoint(Func<LegacyCall, Task<LegacyReply>> answer, ILog log)
{
    private const int PieceBytes = 64 * 1024; // Kestrel's own bound for what waits to be sent (MaxResponseBufferSize)

    /// <summary>Answers one request.</summary>
    public async Task AnswerAsync(IFeatureCollection context)
    {
        var request = context.GetRequiredFeature<IHttpRequestFeature>();
        var connection = context.GetRequiredFeature<IHttpConnectionFeature>();
        var from = new IPEndPoint(connection.RemoteIpAddress ?? IPAddress.None, connection.RemotePort);
        var reply = await CheckAsync(request, from).ConfigureAwait(false);
        if (reply.Refusal is { } refusal)
        {
            log.Notice($"{from} refused: {SafeText.Of(request.Method)} {SafeText.Of(LegacyCall.PathOf(request))}: {reply.Status}, {refusal}");
        }

        await WriteAsync(context, reply).ConfigureAwait(false);
    }

    private async Task<LegacyReply> CheckAsync(IHttpRequestFeature request, IPEndPoint from)
    {
        if (!LegacyCall.HasMethod(request))
        {
            return new LegacyReply(405) { Refusal = "only GET and POST" };
        }

        if (request.Headers.TransferEncoding.Count > 0 || request.Headers["Content-Length"].ToString().Any(digit => !char.IsAsciiDigit(digit)))
        {
            throw new BadHttpRequestException("a body with a transfer coding, or a length that is no number", 400);
        }

        return await answer(new LegacyCall(request, from)).ConfigureAwait(false);
    }

    private static async Task WriteAsync(IFeatureCollection context, LegacyReply reply)
    {
        var response = context.GetRequiredFeature<IHttpResponseFeature>();
        response.StatusCode = reply.Status;
        response.ReasonPhrase = reply.StatusText;
        response.Headers.ContentType = reply.IsJson ? "application/json; charset=utf-8" : "text/plain; charset=utf-8";
        response.Headers.ContentLength = reply.Body.Length;
        response.Headers.Connection = "close";
        if (reply.Job is { } job)
        {
            response.Headers[JobHeader.Name] = job.Encode();
        }

        // In pieces: the server copies each into its own memory, and takes the next when the peer has read enough.
        var writer = context.GetRequiredFeature<IHttpResponseBodyFeature>().Writer;
        for (var rest = reply.Body; !rest.IsEmpty;)
        {
            var piece = rest[..Math.Min(rest.Length, PieceBytes)];
            rest = (await writer.WriteAsync(piece).ConfigureAwait(false)).IsCompleted ? default : rest[piece.Length..];
        }
    }
}
