namespace Deploy.Protocol.Sniffing;

/// <summary>The HTTP version that a peer sent, where its head was rewritten: a feature of its connection, for the access log.</summary>
/// <param name="HttpVersion">E.g. <c>HTTP/1.1</c>.</param>
internal sealed record SentVersion(string HttpVersion);
