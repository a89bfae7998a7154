namespace Deploy.Protocol.V1;

/// <summary>A daemon that speaks v1.</summary>
/// <param name="Name">What orders and messages call it.</param>
/// <param name="Host">Name or address, without port and brackets.</param>
/// <param name="Port">TCP port.</param>
internal sealed record V1Peer(string Name, string Host, int Port)
{
    /// <summary>For messages: <c>web-001</c>, or with where it is found, <c>web-001 (10.0.0.7:3440)</c>.</summary>
    public string Shown => Name == Host ? LegacyRequest.Shown(Host, Port) : $"{Name} ({LegacyRequest.Shown(Host, Port)})";

    /// <summary>The route's address there.</summary>
    /// <exception cref="UriFormatException">The name is none that an address can be made of.</exception>
    public Uri At(string path)
    {
        string host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host.Split('%')[0]}]" : Host;
        return new Uri($"http://{host}:{Port}{path}");
    }
}
