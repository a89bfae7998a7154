using System.Globalization;
using System.Text;
using System.Text.Json;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;

namespace Deploy.Tests.Attacks.Liars;

/// <summary>
/// What a proxy tells of a job of an exec on <c>web-1</c> and <c>web-2</c>: both are well, and all of it is true. A test replaces what it lies about; each is a whole answer, from its head.
/// </summary>
internal sealed record Story
{
    private const string Epoch = "01K0000000000000000000000E";

    /// <summary>To the document: the job as it was taken.</summary>
    public Func<JobSpec, byte[]> Taken { get; init; } = spec => Json(202, View(spec, JobState.Running, HostState.Queued, HostState.Queued));

    public Func<JobSpec, byte[]> Events { get; init; } = spec => Lines(Hello(), Host(spec, "web-1", HostState.Ok), Host(spec, "web-2", HostState.Ok), End(spec, HostState.Ok, HostState.Ok));

    public Func<JobSpec, byte[]> Job { get; init; } = spec => Json(200, View(spec, JobState.Done, HostState.Ok, HostState.Ok));

    public Func<JobSpec, byte[]> Hosts { get; init; } = _ => Page(Standing("web-1", HostState.Ok), Standing("web-2", HostState.Ok));

    /// <summary>To anything else, e.g. a shape.</summary>
    public Func<string, byte[]> Else { get; init; } = _ => Json(404, """{"type":"urn:deploy:not-found","status":404,"title":"t","detail":"no such thing"}""");

    /// <summary>A script of it; the job is the last that was handed in.</summary>
    public Func<FalseProxy.Request, byte[]> Told()
    {
        JobSpec? spec = null;
        return request =>
        {
            if (request.Line == "POST /v1/jobs")
            {
                spec = JobDocument.TryParse(request.Body, out var document, out _) ? document.Spec : throw new InvalidOperationException("no document");
            }

            string path = request.Line.Split('?')[0];
            return path == "POST /v1/jobs" ? Taken(spec!)
                : spec is null ? Else(path)
                : path == $"GET /v1/jobs/{spec.Id}/events" ? Events(spec)
                : path == $"GET /v1/jobs/{spec.Id}" ? Job(spec)
                : path == $"GET /v1/jobs/{spec.Id}/hosts" ? Hosts(spec)
                : Else(path);
        };
    }

    /// <summary>A body with its head.</summary>
    public static byte[] Said(int status, string type, byte[] body) =>
        [.. Encoding.Latin1.GetBytes(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} Said\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n")), .. body];

    public static byte[] Json(int status, string body) => Said(status, "application/json", Encoding.UTF8.GetBytes(body));

    public static byte[] Lines(params IEnumerable<string> lines) => Said(200, "application/x-ndjson", Encoding.UTF8.GetBytes(string.Concat(lines)));

    public static byte[] Page(params IEnumerable<string> standings) => Json(200, $$"""{"items":[{{string.Join(',', standings)}}]}""");

    public static JobView ViewOf(JobSpec spec, JobState state, params IReadOnlyList<HostState> hosts) => new()
    {
        Id = spec.Id,
        Order = spec.Order,
        What = "mark",
        Hosts = spec.Hosts,
        State = state,
        Accepted = DateTimeOffset.UtcNow,
        Summary = SummaryOf(state, hosts),
    };

    public static string View(JobSpec spec, JobState state, params IReadOnlyList<HostState> hosts) => JsonSerializer.Serialize(ViewOf(spec, state, hosts), V1Json.Default.JobView);

    public static JobSummary SummaryOf(JobState state, params IReadOnlyList<HostState> hosts) =>
        new() { State = state, Hosts = hosts.Count, Counts = hosts.GroupBy(host => host.Word()).ToDictionary(same => same.Key, same => same.Count()) };

    public static string Standing(string host, HostState state, long rev = 1) => JsonSerializer.Serialize(new HostStanding { Host = host, State = state, Rev = rev }, V1Json.Default.HostStanding);

    public static string Hello() => Line(Event(EventType.Hello));

    public static string Bookmark() => Line(Event(EventType.Bookmark));

    public static string Host(JobSpec spec, string host, HostState state, long rev = 1, Func<HostStanding, HostStanding>? change = null)
    {
        var standing = new HostStanding { Host = host, State = state, Rev = rev };
        return Line(Event(EventType.HostState) with { Job = spec.Id, Host = host, Standing = change?.Invoke(standing) ?? standing });
    }

    public static string End(JobSpec spec, params IReadOnlyList<HostState> hosts) => Line(Event(EventType.End) with { Job = spec.Id, Summary = SummaryOf(JobState.Done, hosts) });

    public static string Line(JobEvent what) => JsonSerializer.Serialize(what, V1Json.Default.JobEvent) + "\n";

    public static JobEvent Event(EventType type) => new() { Seq = 1, Epoch = Epoch, Time = DateTimeOffset.UtcNow, Type = type };
}
