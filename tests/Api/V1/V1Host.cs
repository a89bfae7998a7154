using System.Net;
using System.Net.Sockets;
using System.Text;
using Deploy.Api;
using Deploy.Api.V1;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Protocol.Sniffing;
using Deploy.Security.Audit;
using Deploy.Security.Callers;
using Deploy.Security.Operators;
using Deploy.Security.Rates;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Api.V1;

/// <summary>A real server with the v1 API in front of jobs as a test wants them, on an address of its own; the original's wire answers 418 beside it.</summary>
internal sealed class V1Host : IAsyncDisposable
{
    private readonly HttpHost host;
    private readonly CancellationTokenSource streamsEnd = new();
    private readonly AuditLog audit;

    private V1Host(IJobs jobs, Func<IPAddress, bool> isListed, TimeSpan writeTime, int readers, int share)
    {
        audit = AuditLog.Open(null, TimeProvider.System, Log);
        Endpoint = new V1Endpoint(
            jobs,
            new V1Facts
            {
                Name = "px.example.net",
                Self = _ => Task.FromResult(new DaemonSelf { Name = "px.example.net", Daemon = "proxy", Version = "0.1.0", Rsync = new RsyncFacts("3.2.7", ["ACLs"]) }),
                Groups = () => [new GroupFacts("web", "web-[1-2]", 2)],
                Hosts = _ => Task.FromResult(Hosts),
                Audit = (before, most) => Audit(before, most),
                Troubles = () => Troubles,
                EventReaders = readers,
                StreamsEnd = streamsEnd.Token,
            },
            new V1Guard(new RequestGate(() => new GateSettings { Name = "px.example.net", UnsignedLoopback = TakesUnsigned, LongestLife = TimeSpan.FromHours(24) }, new OperatorBook(() => null, Log), TimeProvider.System), new RateLimits(TimeProvider.System, Log), audit, TimeProvider.System),
            TimeProvider.System,
            Log)
        {
            WriteTime = writeTime,
            LookAgainTime = TimeSpan.Zero,
        };
        var legacy = new LegacyEndpoint(_ => Task.FromResult(new LegacyReply(418)), TimeProvider.System, Log);
        var sniffer = new ConnectionSniffer((address, _) => ValueTask.FromResult(isListed(address)), _ => "HTTP/1.1 403 Permission Denied\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), () => TimeSpan.FromSeconds(5), Log)
        {
            IsV1Peer = RequestGate.MayConnect,
        };
        host = new HttpHost(new Listening([new IPEndPoint(IPAddress.Parse("127.14.0.1"), 0)], 1024), sniffer, new Dispatcher(Endpoint, legacy, Log).AnswerAsync, Log) { Shares = new ConnectionShares(share, isSpared: _ => false) };
    }

    public V1Endpoint Endpoint { get; }

    public Func<long?, int, (IReadOnlyList<AuditRecord> Records, long? Next)?> Audit { get; set; } = (_, _) =>
        ([new AuditRecord { Seq = 8, Time = DateTimeOffset.UnixEpoch, What = "rsync", Subject = "site", Hosts = "web-1", Job = NewId(), Who = "jo", Key = "SHA256:x", Peer = "127.0.0.1", Refusal = "no", Reason = "why" }], 8);

    public ListLog Log { get; } = new();

    public IReadOnlyList<HostFacts> Hosts { get; set; } =
    [
        new()
        {
            Name = "web-1", Address = "127.0.0.1:3440", Wire = "v1", Reachable = true, LastContact = ScriptedJobs.Noon, Version = "0.1.0", ClockSkewSeconds = -0.5,
            Running = JobId.New(ScriptedJobs.Noon), LastSyncs = new Dictionary<string, LastSync> { ["site"] = new(JobId.New(ScriptedJobs.Noon), HostState.Ok, ScriptedJobs.Noon) },
        },
        new() { Name = "web-2", Wire = "legacy" },
    ];

    /// <summary>Whether this host's users may ask without a signature.</summary>
    public bool TakesUnsigned { get; set; } = true;

    public IReadOnlyList<string> Troubles { get; set; } = [];

    public IPEndPoint At => host.Bound[0];

    /// <param name="jobs">What it serves.</param>
    /// <param name="isListed">Who may use the original's wire; null is everybody.</param>
    /// <param name="writeTime">How long a reader may take nothing; null is a minute.</param>
    /// <param name="readers">How many may read events at once.</param>
    /// <param name="share">How many connections an address may have that prove nothing.</param>
    public static async Task<V1Host> StartAsync(IJobs jobs, Func<IPAddress, bool>? isListed = null, TimeSpan? writeTime = null, int readers = 1024, int share = Limits.AddressShare)
    {
        var started = new V1Host(jobs, isListed ?? (_ => true), writeTime ?? TimeSpan.FromMinutes(1), readers, share);
        await started.host.StartAsync([], CancellationToken.None);
        started.host.Open();
        return started;
    }

    public HttpClient Client() => new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 2000 }) { BaseAddress = new Uri($"http://{At}/"), Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>Sends bytes (Latin-1) and reads until the server closes.</summary>
    public Task<Reply> SendAsync(string request, bool halfClose = false) => AgentFixture.SendAsync(At, Encoding.Latin1.GetBytes(request), halfClose);

    public async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(At);
        return socket;
    }

    /// <summary>Sends readers of events away, as a daemon that stops does.</summary>
    public Task EndStreamsAsync() => streamsEnd.CancelAsync();

    /// <summary>A document that is right, as it goes over the wire.</summary>
    public static string Document(JobId id, string more = "") => $$"""{"id":"{{id}}","order":"rsync","hosts":"web-[1-2]","group":"site"{{more}}}""";

    public static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    public static JobId NewId() => JobId.New(ScriptedJobs.Noon);

    public async ValueTask DisposeAsync()
    {
        await streamsEnd.CancelAsync();
        using var grace = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await host.StopAsync(grace.Token);
        await host.DisposeAsync();
        await audit.DisposeAsync();
        streamsEnd.Dispose();
        string faults = string.Join('\n', Log.Entries.Where(entry => entry.Level <= Deploy.Logs.LogLevel.Error).Select(entry => entry.Message));
        Assert.True(faults.Length == 0, faults);
    }
}
