using System.Net;
using System.Text;
using Deploy.Jobs;
using Deploy.Jobs.Commands;
using Deploy.Jobs.Syncs;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Protocol;
using Deploy.Security;
using Microsoft.AspNetCore.Http.Features;

namespace Deploy.Api;

/// <summary>The original's agent routes, <c>/agent/&lt;order&gt;</c>: method, key and URL checked in its order, the order run, its answer in its form.</summary>
/// <param name="orders">Runs what passed.</param>
/// <param name="keyCipher">The shared secret in force; null makes every key invalid.</param>
/// <param name="time">The clock that keys are held against.</param>
/// <param name="log">Says what was refused.</param>
internal sealed class LegacyAgentRoutes(AgentOrders orders, Func<Secret?> keyCipher, TimeProvider time, ILog log)
{
    private const int AnswerPieceBytes = 64 * 1024; // Kestrel's own bound for what waits to be sent (MaxResponseBufferSize)

    /// <summary>What a peer gets that is not in the allow list: whole, for the sniffer, which parses nothing.</summary>
    public static ReadOnlyMemory<byte> AddressRefusal { get; } = Encoding.ASCII.GetBytes(
        "HTTP/1.1 403 Permission Denied\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 36\r\nConnection: close\r\n\r\nYou don't have permission to access.");

    /// <summary>Answers one request.</summary>
    public async Task AnswerAsync(IFeatureCollection context)
    {
        var request = context.GetRequiredFeature<IHttpRequestFeature>();
        var connection = context.GetRequiredFeature<IHttpConnectionFeature>();
        string peer = new IPEndPoint(connection.RemoteIpAddress ?? IPAddress.None, connection.RemotePort).ToString();
        var answer = await CheckAsync(context, request, peer).ConfigureAwait(false);
        if (answer.Refusal is { } refusal)
        {
            log.Notice($"{peer} refused: {SafeText.Of(request.Method)} {SafeText.Of(PathOf(request))}: {answer.Status}, {refusal}");
        }

        await WriteAsync(context, answer).ConfigureAwait(false);
    }

    private async Task<Answer> CheckAsync(IFeatureCollection context, IHttpRequestFeature request, string peer)
    {
        bool isGet = request.Method.Equals("GET", StringComparison.OrdinalIgnoreCase);
        if (!isGet && !request.Method.Equals("POST", StringComparison.OrdinalIgnoreCase))
        {
            return new Answer(405) { Refusal = "only GET and POST" };
        }

        if (request.Headers.TransferEncoding.Count > 0 || request.Headers["Content-Length"].ToString().Any(digit => !char.IsAsciiDigit(digit)))
        {
            throw new Microsoft.AspNetCore.Http.BadHttpRequestException("a body with a transfer coding, or a length that is no number", 400);
        }

        var fields = LegacyForm.Parse(isGet ? ByteText.ToBytes(request.QueryString.TrimStart('?')) : await BodyAsync(request.Body).ConfigureAwait(false));
        if (keyCipher() is not { } cipher || !LegacyKey.Verify(fields.AuthKey.Reveal(), cipher, time.GetUtcNow()))
        {
            return new Answer(401) { Refusal = "the auth_key is wrong, or this host's clock and the peer's differ by a minute" };
        }

        string[] path = PathOf(request).Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (path.Length < 2 || path[0] != "agent" || !Orders.TryParse(path[1], out var order))
        {
            return new Answer(404) { Refusal = "no such route" };
        }

        var (outcome, job) = await orders.RunAsync(new OrderRequest(order, fields.Options, peer), CancellationToken.None).ConfigureAwait(false);
        return LegacyAnswers.Of(order, outcome) with { Job = LegacyAnswers.Header(job, outcome) };
    }

    private static string PathOf(IHttpRequestFeature request) => request.RawTarget.Split('?')[0];

    private static async Task<byte[]> BodyAsync(Stream body)
    {
        using var limit = new CancellationTokenSource(Limits.BodyTime);
        using var bytes = new MemoryStream();
        try
        {
            await body.CopyToAsync(bytes, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new Microsoft.AspNetCore.Http.BadHttpRequestException($"its body was not whole within {Limits.BodyTime.TotalSeconds:0} s, {bytes.Length} bytes came", Microsoft.AspNetCore.Http.StatusCodes.Status408RequestTimeout);
        }

        return bytes.ToArray();
    }

    private static async Task WriteAsync(IFeatureCollection context, Answer answer)
    {
        var response = context.GetRequiredFeature<IHttpResponseFeature>();
        response.StatusCode = answer.Status;
        response.ReasonPhrase = answer.StatusText;
        response.Headers.ContentType = answer.IsJson ? "application/json; charset=utf-8" : "text/plain; charset=utf-8";
        response.Headers.ContentLength = answer.Body.Length;
        response.Headers.Connection = "close";
        if (answer.Job is { } job)
        {
            response.Headers[JobHeader.Name] = job.Encode();
        }

        // In pieces: the server copies each into its own memory, and takes the next when the peer has read enough.
        var writer = context.GetRequiredFeature<IHttpResponseBodyFeature>().Writer;
        for (var rest = answer.Body; !rest.IsEmpty;)
        {
            var piece = rest[..Math.Min(rest.Length, AnswerPieceBytes)];
            rest = (await writer.WriteAsync(piece).ConfigureAwait(false)).IsCompleted ? default : rest[piece.Length..];
        }
    }

    /// <summary>One answer on its way out.</summary>
    internal readonly record struct Answer(int Status)
    {
        /// <summary>Why, for the log; null when the order was taken.</summary>
        public string? Refusal { get; init; }

        public bool IsJson { get; init; }

        /// <summary>The order's job; null where the request was refused before it became one.</summary>
        public JobHeader? Job { get; init; }

        public ReadOnlyMemory<byte> Body { get; init; }

        /// <summary>The original's words, which its scripts compare.</summary>
        public string StatusText => Status switch
        {
            200 => "OK",
            400 => "Bad Request",
            401 => "Unauthorized",
            403 => "Permission Denied",
            404 => "Not Found",
            405 => "Method Not Allowed",
            408 => "Request Timeout",
            _ => "Internal Server Error",
        };
    }
}
