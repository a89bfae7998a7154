namespace Deploy.Model.Jobs.Json;

/// <summary>The fixed words of the v1 wire, for both of its ends.</summary>
internal static class V1Names
{
    /// <summary>Says an agent which host of the job's list it is asked as.</summary>
    public const string HostHeader = "Deploy-Host";

    /// <summary>Who acts on a job, as the asker says; a document has its own <c>by</c>.</summary>
    public const string ByHeader = "Deploy-By";

    public const string Json = "application/json";
    public const string Problem = "application/problem+json"; // RFC 9457
    public const string Lines = "application/x-ndjson";
    public const string ServerSentEvents = "text/event-stream";
    public const string Bytes = "application/octet-stream";

    /// <summary>Stands before each of <see cref="ProblemTypes"/> on the wire.</summary>
    public const string Urn = "urn:deploy:";

    /// <summary>True for a target that is v1's own; every other is the original's wire's.</summary>
    /// <param name="target">As it stands in the request's first line, or its beginning: <see cref="TargetLength"/> letters tell.</param>
    public static bool IsTarget(ReadOnlySpan<char> target) =>
        target.StartsWith("/v1/", StringComparison.Ordinal) || Is(target, "/v1") || Is(target, "/healthz") || Is(target, "/metrics");

    /// <summary>Letters of a target after which <see cref="IsTarget"/> is sure.</summary>
    public const int TargetLength = 9;

    private static bool Is(ReadOnlySpan<char> target, string path) => target.StartsWith(path, StringComparison.Ordinal) && (target.Length == path.Length || target[path.Length] == '?');
}
