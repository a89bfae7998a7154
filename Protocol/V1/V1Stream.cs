using System.Text.Json;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;

namespace Deploy.Protocol.V1;

/// <summary>A stream of events whose head has come. Its connection is for it alone.</summary>
/// <param name="answer">The answer; disposed of with it.</param>
internal sealed class V1Stream(V1Answer answer) : IDisposable
{
    /// <summary>False: the job was there already.</summary>
    public bool IsNew => answer.Status == 202;

    /// <summary>What the daemon calls itself; null where it does not.</summary>
    public string? Server => answer.Server;

    /// <summary>Bytes so far.</summary>
    public long BytesRead => answer.BytesRead;

    /// <summary>The events as they come, once; those of a kind that is not known are passed over. It ends where the daemon ends it, also without an <c>end</c> event.</summary>
    /// <exception cref="V1Failure">It broke, or says what is no event.</exception>
    public IAsyncEnumerable<JobEvent> ReadAsync(CancellationToken cancellationToken) => answer.LinesAsync(V1PeerJson.Default.JobEvent, IsOfAnotherKind, cancellationToken);

    public void Dispose() => answer.Dispose();

    /// <summary>Whether it is an object whose <c>type</c> is a word that this version does not know: a newer daemon's.</summary>
    private static bool IsOfAnotherKind(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("type"u8, out var type) || type.ValueKind != JsonValueKind.String)
            {
                return false;
            }

            string word = type.GetString()!;
            return !EventTypeConverter.IsKnown(word);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return false; // no JSON, or no text that is UTF-16
        }
    }
}
