using System.Net;

namespace Deploy.Logs;

/// <summary>One request that was answered, for the access log. Remote text stands in it as it came: the log makes it safe to print.</summary>
/// <param name="Peer">Who asked.</param>
/// <param name="Method">As it came.</param>
/// <param name="Path">As it came, but without the query and without an API key: these are secrets, and no log may hold them.</param>
/// <param name="HttpVersion">E.g. <c>HTTP/1.1</c>.</param>
internal sealed record AccessEntry(IPAddress Peer, string Method, string Path, string HttpVersion)
{
    /// <summary>Of the answer.</summary>
    public int Status { get; init; }

    /// <summary>Head and body of the answer; in the ssl form the encrypted message. 0 where the request broke off. // original: the same</summary>
    public long BytesSent { get; init; }

    /// <summary>From the request's head to the answer's last byte.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The order that the path names; null where it names none.</summary>
    public string? Order { get; init; }

    /// <summary>The order's job; null where there is none.</summary>
    public string? Job { get; init; }
}
