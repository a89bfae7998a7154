using Microsoft.AspNetCore.Http.Features;

namespace Deploy.Api;

/// <summary>The head of an answer as it goes over the wire, for the access log.</summary>
internal static class AnswerHead
{
    /// <summary>Bytes as the server writes it: status line, our headers and its Date, the empty line.</summary>
    public static long Length(IHttpResponseFeature response)
    {
        const int Date = 37; // "Date: Sun, 22 Nov 2026 13:00:00 GMT" and its line break
        long bytes = $"HTTP/1.1 {response.StatusCode} {response.ReasonPhrase}\r\n\r\n".Length + (response.Headers.Date.Count == 0 ? Date : 0);
        return response.Headers.Aggregate(bytes, (sum, header) => sum + header.Value.Sum(value => header.Key.Length + ": \r\n".Length + value?.Length ?? 0));
    }
}
