using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;
using Deploy.Tests.Fixtures;

namespace Deploy.Tests.Jobs.Remote;

/// <summary>An agent that answers by a script, over a real socket: <c>METHOD /path</c> to bytes, one connection a request.</summary>
internal sealed class AgentScript : IAsyncDisposable
{
    public const string Head = "HTTP/1.1 202 Accepted\r\nServer: deploy/9.9.9\r\nContent-Type: application/x-ndjson\r\nConnection: close\r\n\r\n";
    private const string Epoch = "01K0000000000000000000000E";

    private readonly ScriptedServer server;

    /// <param name="script">Gets the first line without <c> HTTP/1.1</c>, how many requests of this line came before, and the connection.</param>
    public AgentScript(Func<string, int, ScriptedServer.Peer, Task> script, string address = "127.15.0.1")
    {
        var seen = new ConcurrentDictionary<string, int>();
        server = new ScriptedServer(
            async peer =>
            {
                string request = Encoding.UTF8.GetString(peer.Request);
                string line = request[..request.IndexOf(" HTTP/1.1", StringComparison.Ordinal)];
                Requests.Enqueue(request);
                await script(line, seen.AddOrUpdate(line, 0, (_, count) => count + 1), peer);
            },
            address);
    }

    /// <summary>All of them, whole.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public string Address => server.Address;

    public int Port => server.Port;

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Line(JobEvent what) => JsonSerializer.Serialize(what, V1Json.Default.JobEvent) + "\n";

    public static string Hello() => Line(Event(EventType.Hello));

    public static JobEvent Event(EventType type, JobId? job = null) => new() { Seq = 1, Epoch = Epoch, Time = DateTimeOffset.UtcNow, Type = type, Job = job };

    public static string State(JobId id, HostState state, Func<HostStanding, HostStanding>? change = null, string host = "web-1", long rev = 1, ShapeContent? content = null)
    {
        var standing = new HostStanding { Host = host, State = state, Rev = rev };
        return Line(Event(EventType.HostState, id) with { Host = host, Standing = change?.Invoke(standing) ?? standing, Content = content });
    }

    public static string End(JobId id) => Line(Event(EventType.End, id));

    public static string Problem(int status, string type, string detail) => Json(status, $$"""{"type":"urn:deploy:{{type}}","status":{{status}},"title":"t","detail":"{{detail}}"}""");

    public static string Json(int status, string body) =>
        $"HTTP/1.1 {status} Said\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";

    public static string Self(bool? kept = null, TimeSpan? up = null)
    {
        var now = DateTimeOffset.UtcNow;
        return Json(200, JsonSerializer.Serialize(new DaemonSelf { Name = "web-1", Daemon = "agent", Version = "9", Time = now, IsKept = kept, Started = now - up, UptimeSeconds = (long?)up?.TotalSeconds }, V1Json.Default.DaemonSelf));
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
