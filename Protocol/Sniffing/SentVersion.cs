namespace Deploy.Protocol.Sniffing;

/// <summary>A feature of a connection whose request was changed on its way to the HTTP server; what it said and was before.</summary>
/// <param name="HttpVersion"><c>HTTP/1.1</c>, where the server was told 1.0 so that it asks for no Host.</param>
internal sealed record SentVersion(string HttpVersion)
{
    /// <summary>It came, and is answered, in the ssl form.</summary>
    public bool Encrypted { get; init; }
}
