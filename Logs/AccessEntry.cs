using System.Net;

namespace Deploy.Logs;

/// <summary>One request that was answered, for the access log. Remote text may stand in it as it came: the log makes it safe to print.</summary>
/// <param name="Peer">Who asked.</param>
/// <param name="Method">As it came.</param>
/// <param name="Path">As it came, but without the query and without an API key: these are secrets, and no log may hold them.</param>
/// <param name="HttpVersion">E.g. <c>HTTP/1.1</c>.</param>
/// <param name="Status">Of the answer.</param>
/// <param name="BytesSent">Head and body of the answer. // original: the same</param>
/// <param name="Duration">From the request's head to the answer's last byte.</param>
internal sealed record AccessEntry(IPAddress Peer, string Method, string Path, string HttpVersion, int Status, long BytesSent, TimeSpan Duration)
{
    /// <summary>The order's word; null where the request was refused before it became one.</summary>
    public string? Order { get; init; }

    /// <summary>The order's job; null where there is none.</summary>
    public string? Job { get; init; }
}
