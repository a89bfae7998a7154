using System.Text;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tests.EndToEnd.Harness;
using Xunit;
using static Deploy.Tests.Attacks.Liars.Story;

namespace Deploy.Tests.Attacks.Liars;

/// <summary>Answers that are none, and a client with each of them: some at once, since a client asks again before it believes that nobody answers, and mostly waits.</summary>
public sealed class WireLies : IAsyncLifetime
{
    private const int AtOnce = 6;
    private const string Head = "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nConnection: close\r\n";
    private static readonly byte[] Piece = [.. Enumerable.Repeat((byte)'x', 64 * 1024)];

    private readonly Dictionary<string, Task<ProgramRun>> runs = [];

    /// <summary>A proxy each, by the name of its lie.</summary>
    internal static Dictionary<string, Func<FalseProxy>> Cases { get; } = new()
    {
        ["no TLS"] = () => new FalseProxy(_ => "HTTP/1.1 200 OK\r\n\r\n"u8.ToArray()) { Speaks = null },
        ["a page of another program"] = () => new FalseProxy(_ => Said(200, "text/html", "<html><body>It works!</body></html>"u8.ToArray())),
        ["no HTTP"] = () => Saying("SSH-2.0-OpenSSH_9.2\r\n"),
        ["HTTP/0.9"] = () => Saying("{\"id\":1}"),
        ["two lengths"] = () => Saying(Head + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} "),
        ["a redirect that moved for good"] = () => Saying("HTTP/1.1 301 Moved\r\nLocation: https://127.62.2.9/\r\nContent-Length: 0\r\n\r\n"),
        ["a redirect without a place"] = () => Saying("HTTP/1.1 308 Moved\r\nContent-Length: 0\r\n\r\n"),
        ["null"] = () => Documents("null"),
        ["an array"] = () => Documents("[]"),
        ["an empty object"] = () => Documents("{}"),
        ["a text"] = () => Documents("\"\""),
        ["half a document"] = () => Documents("{\"id\":"),
        ["lone surrogates"] = () => Documents("{\"id\":\"\\ud800\",\"order\":\"\\udfff\"}"),
        ["a lone surrogate as a name"] = () => Documents("{\"\\ud800\":1}"),
        ["deep JSON"] = () => Documents("{\"rollout\":" + new string('[', 1_000_000)),
        ["bytes that are no text"] = () => new FalseProxy(_ => Said(202, "application/json", [.. "{\"id\":\""u8, 0xff, 0xfe, 0xc0, 0x80, .. "\"}"u8])),
        ["a body that is said to have a hundred megabytes"] = () => Saying(Head + "Content-Length: 104857600\r\n\r\n{"),
        ["a hundred megabytes that are not announced"] = () => Pouring(Head + "\r\n\""),
        ["a hundred megabytes of a refusal"] = () => Pouring(Head.Replace("202 Accepted", "403 Forbidden", StringComparison.Ordinal) + "\r\n\""),
        ["a hundred megabytes of a head"] = () => Pouring(Head + "X-Large: "),
        ["a line of events without end"] = () => Streaming([Hello(), "{\"type\":\""], _ => new string('x', 60)),
        ["an event without its members"] = () => Events("{\"seq\":1}\n"),
        ["an event that is no JSON"] = () => Events("what?\n"),
        ["an event of a kind that is no text"] = () => Events("{\"type\":\"\\ud800\"}\n"),
        ["an event whose epoch is no text"] = () => Events("{\"seq\":1,\"epoch\":\"\\udc00\",\"time\":\"2026-01-01T00:00:00Z\",\"type\":\"hello\"}\n"),
        ["an event of no host"] = () => Events("{\"seq\":1,\"epoch\":\"e\",\"time\":\"2026-01-01T00:00:00Z\",\"type\":\"host.state\",\"host\":\"web-1\",\"standing\":{\"host\":null,\"state\":\"ok\"}}\n"),
        ["an event of a host that is no text"] = () => Events("{\"seq\":1,\"epoch\":\"e\",\"time\":\"2026-01-01T00:00:00Z\",\"type\":\"host.state\",\"standing\":{\"host\":\"\\ud800\",\"state\":\"ok\",\"reason\":\"\\ud800\"}}\n"),
        ["a deep event"] = () => Events("{\"standing\":" + new string('[', 60_000) + "\n"),
        ["a job that is none, where the events left something out"] = () => new FalseProxy(new Story { Events = spec => Lines(Hello(), End(spec, HostState.Ok, HostState.Ok)), Job = _ => Json(200, "[]") }.Told()),
        ["hosts that are none, where the events left something out"] = () => new FalseProxy(new Story { Events = spec => Lines(Hello(), End(spec, HostState.Ok, HostState.Ok)), Hosts = _ => Json(200, "{\"items\":[null]}") }.Told()),
    };

    /// <summary>What the client said.</summary>
    internal Task<ProgramRun> RunOf(string lie) => runs[lie];

    public Task InitializeAsync()
    {
        var places = new SemaphoreSlim(AtOnce);
        foreach (var (name, lie) in Cases)
        {
            runs[name] = RunAsync(lie, places);
        }

        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await Task.WhenAny(Task.WhenAll(runs.Values));

    /// <summary>Takes the job, and tells events without end.</summary>
    /// <param name="begin">The first lines.</param>
    /// <param name="more">One of those that follow.</param>
    internal static FalseProxy Streaming(IEnumerable<string> begin, Func<JobSpec, string> more)
    {
        const int Batch = 20;
        var told = new Story { Job = spec => Json(200, View(spec, JobState.Running, HostState.Running, HostState.Running)) }.Told();
        JobSpec? spec = null;
        return new FalseProxy(async (request, stream, cancellationToken) =>
        {
            if (JobDocument.TryParse(request.Body, out var document, out _))
            {
                spec = document.Spec;
            }

            if (!request.Line.Contains("/events", StringComparison.Ordinal))
            {
                await stream.WriteAsync(told(request), cancellationToken);
                return;
            }

            await stream.WriteAsync(Encoding.UTF8.GetBytes("HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nConnection: close\r\n\r\n" + string.Concat(begin)), cancellationToken);
            while (true) // until the client leaves
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, Batch).Select(_ => more(spec!)))), cancellationToken);
            }
        });
    }

    private static async Task<ProgramRun> RunAsync(Func<FalseProxy> lie, SemaphoreSlim places)
    {
        await places.WaitAsync();
        try
        {
            using var client = new DeceivedClient();
            await using var proxy = lie();
            return await client.OrderAsync(proxy, 4);
        }
        finally
        {
            places.Release();
        }
    }

    private static FalseProxy Saying(string answer) => new(_ => Encoding.Latin1.GetBytes(answer));

    private static FalseProxy Documents(string body) => new(_ => Json(202, body));

    private static FalseProxy Events(string line) => new(new Story { Events = _ => Lines(Hello(), line), Job = spec => Json(200, View(spec, JobState.Running, HostState.Running, HostState.Running)) }.Told());

    /// <summary>This, and then a hundred megabytes.</summary>
    private static FalseProxy Pouring(string begin) => new(async (_, stream, cancellationToken) =>
    {
        const int Pieces = 1600;
        await stream.WriteAsync(Encoding.Latin1.GetBytes(begin), cancellationToken);
        for (int sent = 0; sent < Pieces; sent++)
        {
            await stream.WriteAsync(Piece, cancellationToken);
        }
    });
}
