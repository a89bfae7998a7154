using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;
using Deploy.Model.Text;

namespace Deploy.Protocol.V1;

/// <summary>An answer whose head has come, and whose body is read as it is wanted, in bounds.</summary>
/// <param name="peer">Whose.</param>
/// <param name="response">The head.</param>
/// <param name="patience">The longest wait for each next byte.</param>
/// <param name="time">The clock.</param>
internal sealed class V1Answer(V1Peer peer, HttpResponseMessage response, TimeSpan patience, TimeProvider time) : IDisposable
{
    /// <summary>Characters of a peer's text in our messages; a reason is a line.</summary>
    public const int TextLength = 1024;

    private const int LargestPiece = 64 * 1024;

    /// <summary>The command line that makes the peer's key known, where it was asked plainly for want of that; else null.</summary>
    public string? Trust { get; init; }

    /// <summary>The HTTP status.</summary>
    public int Status => (int)response.StatusCode;

    /// <summary>True for 200, 201 and 202.</summary>
    public bool IsGood => Status is 200 or 201 or 202;

    /// <summary>What the daemon calls itself, e.g. <c>deploy/1.0.0</c>; null where it does not.</summary>
    public string? Server => response.Headers.TryGetValues("Server", out var values) ? SafeText.Of(string.Join(' ', values), TextLength) : null;

    /// <summary>Bytes of the body so far, of a body that is read by lines.</summary>
    public long BytesRead { get; private set; }

    /// <summary>The body as one document.</summary>
    /// <exception cref="V1Failure">It is none.</exception>
    public async Task<T> DocumentAsync<T>(JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        byte[] body = await BytesAsync(V1Limits.DocumentBytes, cancellationToken).ConfigureAwait(false);
        try
        {
            return HasHole(body) ? throw new JsonException() : JsonSerializer.Deserialize(body, type) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new V1Failure(V1Fault.Broken, peer, $"its answer is not the JSON that was asked for; is it another version of deploy, or no deploy?");
        }
    }

    /// <summary>Why it said no.</summary>
    /// <exception cref="V1Failure">It does not say it as v1 does: <see cref="V1Fault.Broken"/>.</exception>
    public async Task<Problem> ProblemAsync(CancellationToken cancellationToken)
    {
        Problem? problem = null;
        try
        {
            problem = JsonSerializer.Deserialize(await BytesAsync(V1Limits.LineBytes, cancellationToken).ConfigureAwait(false), V1PeerJson.Default.Problem);
        }
        catch (JsonException)
        {
        }

        if (problem is null || problem.Type.Length > TextLength || IsGood)
        {
            string hint = Status == 404 ? "; is it a version of deploy without v1, or no deploy?" : string.Empty;
            throw new V1Failure(V1Fault.Broken, peer, $"it answered HTTP {Status} without saying why{hint}");
        }

        return problem with
        {
            Type = SafeText.Of(problem.Type),
            Status = Status,
            Title = SafeText.Of(problem.Title, TextLength),
            Detail = SafeText.Of(problem.Detail, TextLength),
            Hint = Trust is not null && Status == 401 ? $"{Trust}, then ask again; or unsigned_loopback = true in its [secure], for trying out on that host"
                : problem.Hint is null ? null : SafeText.Of(problem.Hint, TextLength),
        };
    }

    /// <summary>The whole body.</summary>
    /// <exception cref="V1Failure">It is larger, or does not come.</exception>
    public async Task<byte[]> BytesAsync(int most, CancellationToken cancellationToken)
    {
        long? said = response.Content.Headers.ContentLength;
        if (said > most)
        {
            throw new V1Failure(V1Fault.Broken, peer, $"its answer of {said} bytes is larger than {most}");
        }

        using var silence = new SilenceLimit(patience, time, cancellationToken);
        using var bytes = new MemoryStream((int)(said ?? 0));
        byte[] piece = new byte[(int)Math.Clamp(said ?? LargestPiece, 1, LargestPiece)];
        long began = time.GetTimestamp();
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        while (await ReadAsync(stream, piece, silence).ConfigureAwait(false) is > 0 and var count)
        {
            bytes.Write(piece, 0, count);
            if (bytes.Length > most)
            {
                throw new V1Failure(V1Fault.Broken, peer, $"its answer is larger than {most} bytes");
            }

            if (time.GetElapsedTime(began) is var took && took > V1Limits.BodyTime + TimeSpan.FromSeconds(bytes.Length / V1Limits.LeastBytesPerSecond))
            {
                throw new V1Failure(V1Fault.Lost, peer, $"its answer comes too slowly: {bytes.Length} bytes in {took.TotalSeconds:0} s");
            }
        }

        return bytes.Length == bytes.Capacity ? bytes.GetBuffer() : bytes.ToArray();
    }

    /// <summary>The body line by line, each as one <typeparamref name="T"/>; ends where the body ends, behind a whole line.</summary>
    /// <param name="type">How a line is read.</param>
    /// <param name="unread">True for a line that is none, and is to be passed over; null for no such line.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="V1Failure">A line that is none, or too long, or the body breaks off.</exception>
    public async IAsyncEnumerable<T> LinesAsync<T>(JsonTypeInfo<T> type, Func<ReadOnlyMemory<byte>, bool>? unread, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        using var silence = new SilenceLimit(patience, time, cancellationToken);
        using var lines = new LineBuffer(V1Limits.LineBytes);
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            while (lines.TryTake(out var line))
            {
                if (Parse(line, type, unread) is { } value)
                {
                    yield return value;
                }
            }

            if (lines.IsTooLong)
            {
                throw new V1Failure(V1Fault.Broken, peer, $"a line of its stream is longer than {V1Limits.LineBytes} bytes");
            }

            int count = await ReadAsync(stream, lines.Room(), silence).ConfigureAwait(false);
            if (count == 0)
            {
                break;
            }

            lines.Add(count);
            BytesRead += count;
        }

        if (!lines.IsEmpty)
        {
            throw new V1Failure(V1Fault.Lost, peer, "its stream ended within a line");
        }
    }

    public void Dispose() => response.Dispose();

    private T? Parse<T>(ReadOnlyMemory<byte> line, JsonTypeInfo<T> type, Func<ReadOnlyMemory<byte>, bool>? unread)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(line.Span, type) ?? throw new JsonException();
        }
        catch (JsonException) when (unread?.Invoke(line) == true)
        {
            return null;
        }
        catch (JsonException)
        {
            throw new V1Failure(V1Fault.Broken, peer, "a line of its stream is not what v1 says");
        }
    }

    /// <summary>True where a list has a null in it. v1 has none there, and the serializer takes one in any list, whatever its elements are.</summary>
    /// <exception cref="JsonException">It is no JSON, or too deep.</exception>
    private static bool HasHole(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json); // 64 deep at most
        ulong lists = 0; // a bit for each depth: whether a list is open there
        while (reader.Read())
        {
            ulong here = 1UL << (reader.CurrentDepth & 63);
            switch (reader.TokenType)
            {
                case JsonTokenType.StartArray:
                    lists |= here;
                    break;
                case JsonTokenType.StartObject:
                    lists &= ~here;
                    break;
                case JsonTokenType.Null when reader.CurrentDepth > 0 && (lists & (1UL << (reader.CurrentDepth - 1))) != 0:
                    return true;
            }
        }

        return false;
    }

    private async ValueTask<int> ReadAsync(Stream stream, Memory<byte> room, SilenceLimit silence)
    {
        try
        {
            return await stream.ReadAsync(room, silence.Start()).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (silence.IsOver)
        {
            throw new V1Failure(V1Fault.Lost, peer, $"it was silent for {patience.TotalSeconds:0.###} s");
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            throw new V1Failure(V1Fault.Lost, peer, $"the connection broke within its answer: {Words(error)}");
        }
    }

    private static string Words(Exception error) => error switch
    {
        HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } => "it closed it",
        _ when error.GetBaseException() is SocketException socket => Dialing.Words(socket.SocketErrorCode),
        _ => SafeText.Of(error.Message, TextLength),
    };
}
