using System.Net;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Deploy.Api;

/// <summary>One request of the original's wire, whose method is GET or POST.</summary>
/// <param name="request">Its head and body.</param>
/// <param name="from">Where it came from.</param>
internal sealed class LegacyCall(IHttpRequestFeature request, IPEndPoint from)
{
    /// <summary>Address and port of the peer.</summary>
    public IPEndPoint From => from;

    /// <summary>Called once a key has shown who asks; null for nobody.</summary>
    public Action? Proved { get; init; }

    /// <summary>The parts of the path as they came, not decoded; empty ones are left out.</summary>
    public string[] Path { get; } = PathOf(request).Split('/', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The parts of the path that follow the first two, each in its place: of a proxy's path options, args and API key. Empty ones are kept, so that none is taken for the next.</summary>
    public string[] Rest { get; } = RestOf(PathOf(request));

    /// <summary>The target without its query, not neutralised.</summary>
    public static string PathOf(IHttpRequestFeature request) => request.RawTarget.Split('?')[0];

    /// <summary>The fields of the query, or of the body.</summary>
    /// <exception cref="BadHttpRequestException">The body is too large, too slow, or has no plain length.</exception>
    public async Task<LegacyFields> ReadFieldsAsync() =>
        LegacyForm.Parse(IsGet(request) ? ByteText.ToBytes(request.QueryString.TrimStart('?')) : await RequestBody.ReadAsync(request.Body).ConfigureAwait(false));

    /// <summary>Whether the wire knows the method.</summary>
    public static bool HasMethod(IHttpRequestFeature request) => IsGet(request) || request.Method.Equals("POST", StringComparison.OrdinalIgnoreCase);

    private static string[] RestOf(string path)
    {
        string[] parts = path.Split('/');
        int seen = 0, at = 0;
        while (at < parts.Length && seen < 2)
        {
            seen += parts[at++].Length > 0 ? 1 : 0;
        }

        return parts[at..];
    }

    private static bool IsGet(IHttpRequestFeature request) => request.Method.Equals("GET", StringComparison.OrdinalIgnoreCase);
}
