namespace Deploy.Protocol.Sniffing;

/// <summary>A feature of a connection whose peer may use the v1 API, and is not in the list of those whose orders of the original's wire are taken.</summary>
internal sealed record V1Alone;
