namespace Deploy.Protocol.V1;

/// <summary>What the secure mode does to the wire; without it v1 goes to loopback alone.</summary>
internal sealed record V1Secure
{
    /// <summary>Makes a connection one that is encrypted and whose peer is known by its pin.</summary>
    public required Func<Stream, V1Peer, CancellationToken, ValueTask<Stream>> Wrap { get; init; }

    /// <summary>Signs a request.</summary>
    public required Action<HttpRequestMessage, ReadOnlyMemory<byte>> Sign { get; init; }
}
