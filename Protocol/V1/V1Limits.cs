namespace Deploy.Protocol.V1;

/// <summary>What a v1 peer can cost whoever asks it.</summary>
internal static class V1Limits
{
    /// <summary>Bytes of one line of an event stream or a log. A host.state with its small shape (8 KiB, in base64) and texts is 20 KiB at most.</summary>
    public const int LineBytes = 64 * 1024;

    /// <summary>Bytes of an answer that is one document: a page of jobs, each with a list of hosts of up to 256 KiB.</summary>
    public const int DocumentBytes = 32 * 1024 * 1024;

    /// <summary>Bytes of a shape's content.</summary>
    public const int ShapeBytes = 128 * 1024 * 1024;

    /// <summary>How long any body that is wanted whole may take, beside <see cref="LeastBytesPerSecond"/>.</summary>
    public static readonly TimeSpan BodyTime = TimeSpan.FromSeconds(60); // ours

    /// <summary>The least that such a body comes at behind <see cref="BodyTime"/>: a peer that trickles must not hold whoever asks it.</summary>
    public const int LeastBytesPerSecond = 64 * 1024; // ours

    /// <summary>The longest time that a shape may take so.</summary>
    public static readonly TimeSpan ShapeTime = BodyTime + TimeSpan.FromSeconds(ShapeBytes / LeastBytesPerSecond);

    /// <summary>Lines of one host's log.</summary>
    public const int LogLines = 100_000;

    /// <summary>The wait for a connection. // original: deploy-client, socket_timeout 5 s</summary>
    public static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(5);

    /// <summary>The wait for an answer's head, and for each next byte: a stream has a bookmark every 10 s, so three of them were missed.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);
}
