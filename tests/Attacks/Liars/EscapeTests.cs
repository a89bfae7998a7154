using System.Text;
using System.Text.Json;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;
using Xunit;
using static Deploy.Tests.Attacks.Liars.Story;

namespace Deploy.Tests.Attacks.Liars;

/// <summary>A proxy whose every text holds what a terminal obeys: to move, to hide, to forge a line, to answer for the user.</summary>
[Trait("Category", "EndToEnd")]
public sealed class EscapeTests : IDisposable
{
    /// <summary>Colours, a title, a question for the cursor's place, a line that is over-written and one that is forged, C1, bidi, zero width.</summary>
    private const string Evil = "\u001b[31mred\u001b]0;title\u0007\u001b[6n\rweb-2 ok\n2 hosts: 2 fine\u009b2J\u202eko\u200b\u2028\u0000\b";

    private readonly DeceivedClient client = new();

    public void Dispose() => client.Dispose();

    [Theory]
    [InlineData("text")]
    [InlineData("--quiet")]
    [InlineData("--json")]
    [InlineData("--ndjson")]
    public async Task In_events_and_the_job(string form)
    {
        var story = new Story
        {
            Taken = spec => Json(202, Of(ViewOf(spec, JobState.Running, HostState.Queued, HostState.Queued))),
            Events = spec => Lines(
                Hello(),
                Host(spec, "web-1", HostState.Running, 1, Marked),
                Line(Event(EventType.HostLog) with { Job = spec.Id, Host = "web-1", Log = new LogLine("stdout", Evil) }),
                Line(Event(EventType.HostLog) with { Job = spec.Id, Host = Evil, Log = new LogLine(Evil, Evil) }),
                Host(spec, Evil, HostState.Ok, 1, Marked),
                Host(spec, "web-1", HostState.Failed, 2, Marked),
                Host(spec, "web-2", HostState.Ok, 2, host => Marked(host) with { Shape = null }),
                Line(Event(EventType.End) with { Job = spec.Id, Reason = Evil, Summary = SummaryOf(JobState.Stopped, HostState.Failed, HostState.Ok) with { Counts = new Dictionary<string, int> { [Evil] = 2 } } })),
            Job = spec => Json(200, Of(ViewOf(spec, JobState.Stopped, HostState.Failed, HostState.Ok))),
            Else = _ => Json(200, "[]"),
        };
        await using var proxy = new FalseProxy(story.Told());
        var run = await client.OrderAsync(proxy, 2, form == "text" ? [] : [form]);
        Assert.DoesNotContain(run.Lines.Concat(run.ErrorLines), line => line.StartsWith("2 hosts: 2 fine", StringComparison.Ordinal));
    }

    [Fact]
    public async Task In_what_a_command_printed()
    {
        byte[] content = Encoding.UTF8.GetBytes("exit 0\n\n" + Evil + "\n");
        string digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content));
        var story = new Story
        {
            Events = spec => Lines(Hello(), Host(spec, "web-1", HostState.Ok, 1, host => host with { Shape = digest }), Host(spec, "web-2", HostState.Failed, 1, host => host with { Shape = digest }), End(spec, HostState.Ok, HostState.Failed)),
            Else = _ => Said(200, "application/octet-stream", content),
        };
        await using var proxy = new FalseProxy(story.Told());
        await client.OrderAsync(proxy, 2);
    }

    [Fact]
    public async Task In_a_refusal()
    {
        await using var proxy = new FalseProxy(_ => Json(409, JsonSerializer.Serialize(new { type = "urn:deploy:leased", status = 409, title = Evil, detail = Evil, hint = Evil })));
        var run = await client.OrderAsync(proxy, 11);
        Assert.Single(run.ErrorLines, line => line.StartsWith("deploy: error: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task In_a_head()
    {
        string head = "HTTP/1.1 403 \u001b[31mNo\r\nServer: \u001b]0;x\u0007\r\nContent-Type: \u009b2J\r\nConnection: close\r\n\r\n\u001b[2J";
        await using var proxy = new FalseProxy(_ => Encoding.Latin1.GetBytes(head));
        await client.OrderAsync(proxy, 4);
    }

    [Theory]
    [InlineData("jobs", 0)]
    [InlineData("hosts", 0)]
    [InlineData("leases", 0)]
    [InlineData("whoami", 0)]
    public async Task In_lists(string what, int exitCode)
    {
        var now = DateTimeOffset.UtcNow;
        string evil = JsonSerializer.Serialize(Evil);
        var spec = new JobSpec { Id = JobId.New(now), Order = Order.Exec, Hosts = "web-1", Command = "mark" };
        await using var proxy = new FalseProxy(request => Json(200, request.Line.Split('?')[0] switch
        {
            "GET /v1/jobs" => $$"""{"items":[{{Of(ViewOf(spec, JobState.Stopped, HostState.Failed))}}]}""",
            "GET /v1/hosts" => JsonSerializer.Serialize(new Page<HostFacts>([new HostFacts { Name = Evil, Address = Evil, Wire = Evil }], null), V1Json.Default.PageHostFacts),
            "GET /v1/leases" => $$"""[{"what":{{evil}},"hosts":{{evil}},"job":"{{spec.Id}}","holder":{{evil}},"since":"2026-01-01T00:00:00Z","expires":"2026-01-01T00:00:00Z","reason":{{evil}}}]""",
            _ => JsonSerializer.Serialize(new DaemonSelf { Name = Evil, Daemon = Evil, Version = Evil, Time = now }, V1Json.Default.DaemonSelf),
        }));
        await client.RunAsync(proxy, exitCode, [what]);
        Assert.NotEmpty(proxy.Requests);
    }

    private static HostStanding Marked(HostStanding host) => host with { Reason = Evil, Cause = Evil, Warning = Evil, Waiting = Evil, Shape = Evil };

    private static string Of(JobView view) => JsonSerializer.Serialize(view with { What = Evil, Reason = Evil, By = Evil, Peer = Evil, Why = Evil, Wire = Evil }, V1Json.Default.JobView);
}
