using System.Net;
using System.Net.Http.Headers;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;

namespace Deploy.Protocol.V1;

/// <summary>One request of the v1 wire.</summary>
/// <param name="Method">GET or POST.</param>
/// <param name="Path">From <c>/v1</c> on, escaped.</param>
internal sealed record V1Request(HttpMethod Method, string Path)
{
    /// <summary>What is sent as JSON; null for nothing.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>What is wanted.</summary>
    public string Accept { get; init; } = V1Names.Json;

    /// <summary>Which host of the job's list the daemon is meant to be; null leaves <see cref="V1Names.HostHeader"/> out.</summary>
    public string? AsHost { get; init; }

    /// <summary>Who acts, where no document says so; null leaves <see cref="V1Names.ByHeader"/> out.</summary>
    public string? By { get; init; }

    /// <summary>A signature that goes out as it is; null where the wire signs, if it does.</summary>
    public RequestProof? Proof { get; init; }

    /// <summary>True where no other request follows soon: a plain connection is closed then, and one with a handshake behind it is kept for a while all the same.</summary>
    public bool IsLast { get; init; }

    /// <summary>The wait for the answer's head, where it takes longer than any other; null else.</summary>
    public TimeSpan? HeadTime { get; init; }
}

/// <summary>A body that knows whether it was asked for: as long as it was not, no byte of it has left.</summary>
internal sealed class V1Body : HttpContent
{
    private readonly ReadOnlyMemory<byte> bytes;

    public V1Body(ReadOnlyMemory<byte> bytes)
    {
        this.bytes = bytes;
        Headers.ContentType = bytes.IsEmpty ? null : new MediaTypeHeaderValue(V1Names.Json);
    }

    /// <summary>Whether a part of it may have left.</summary>
    public bool HasLeft { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        HasLeft = true;
        await stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = bytes.Length;
        return true;
    }
}
