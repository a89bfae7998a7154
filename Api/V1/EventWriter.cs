using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;

namespace Deploy.Api.V1;

/// <summary>Writes events as they come, as lines of JSON or as server-sent events, for as long as somebody takes them.</summary>
/// <remarks>
/// Lines: one event, one line, LF behind it. Server-sent events (html.spec.whatwg.org, 9.2): <c>id: EPOCH:SEQ</c>, <c>event: TYPE</c>, <c>data: JSON</c>, an empty line; a bookmark is a comment with an id,
/// which moves a reader's Last-Event-ID and wakes nobody. The last word to who may not read on is a problem (RFC 9457): a line of its own kind, or an event <c>problem</c>.
/// </remarks>
/// <param name="output">Where to.</param>
/// <param name="isSse">Which of the two.</param>
internal sealed class EventWriter(PatientOutput output, bool isSse)
{
    private const int FlushBytes = 16 * 1024; // what is written on before it is sent, where more is there at once

    private int waiting;

    /// <summary>Bytes so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Writes all of them; ends with the last, when nobody reads any more, when the reader may not any more, or when the token fires.</summary>
    /// <param name="events">Theirs; a quiet stream has bookmarks.</param>
    /// <param name="mistake">Asked before each; what it answers, not null, is the last word.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task WriteAsync(IAsyncEnumerable<JobEvent> events, Func<Problem?> mistake, CancellationToken cancellationToken)
    {
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var enumerator = events.GetAsyncEnumerator(leave.Token);
        await using (enumerator.ConfigureAwait(false))
        {
            try
            {
                for (bool more = true; more;)
                {
                    var next = enumerator.MoveNextAsync();
                    if ((!next.IsCompleted || waiting >= FlushBytes) && !await SendAsync(leave.Token).ConfigureAwait(false))
                    {
                        await leave.CancelAsync().ConfigureAwait(false);
                    }

                    more = await next.ConfigureAwait(false) && !leave.IsCancellationRequested;
                    if (more && mistake() is { } problem)
                    {
                        Write(problem);
                        more = false;
                    }
                    else if (more)
                    {
                        Write(enumerator.Current);
                    }
                }
            }
            catch (OperationCanceledException) when (leave.IsCancellationRequested)
            {
                // Nobody reads any more, or the daemon stops: an end without `end`, from which a reader goes on elsewhere or later.
            }
        }

        if (!leave.IsCancellationRequested)
        {
            await SendAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> SendAsync(CancellationToken cancellationToken)
    {
        waiting = 0;
        return await output.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private void Write(JobEvent what)
    {
        if (!isSse)
        {
            Json(what, V1Json.Default.JobEvent);
            Text("\n");
            return;
        }

        string id = string.Create(CultureInfo.InvariantCulture, $"id: {what.Epoch}:{what.Seq}\n");
        if (what.Type == EventType.Bookmark)
        {
            Text($": bookmark\n{id}\n");
            return;
        }

        Text($"{id}event: {EventTypeConverter.Word(what.Type)}\ndata: ");
        Json(what, V1Json.Default.JobEvent);
        Text("\n\n");
    }

    private void Write(Problem last)
    {
        Text(isSse ? "event: problem\ndata: " : string.Empty);
        Json(last, V1Json.Default.Problem);
        Text(isSse ? "\n\n" : "\n");
    }

    private void Json<T>(T what, JsonTypeInfo<T> type)
    {
        using var json = new Utf8JsonWriter(output.Writer);
        JsonSerializer.Serialize(json, what, type);
        json.Flush();
        Count((int)json.BytesCommitted);
    }

    private void Text(string text) => Count((int)Encoding.UTF8.GetBytes(text, output.Writer));

    private void Count(int bytes)
    {
        waiting += bytes;
        Bytes += bytes;
    }
}
