using System.Net;
using System.Text;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Modes.Proxy;
using Deploy.Security;

namespace Deploy.Tests.Fixtures;

/// <summary>One proxy in this process, on 127.0.0.1 and a free port, with raw sockets to speak to it.</summary>
internal sealed class ProxyFixture : IAsyncDisposable
{
    /// <summary>The API key that opens the group <c>web</c>, which has every host.</summary>
    public const string Key = "keyall";

    private ProxyFixture(ProxyDaemon daemon, ListLog log) => (Daemon, Log) = (daemon, log);

    public ProxyDaemon Daemon { get; }

    public ListLog Log { get; }

    public IPEndPoint Address => Daemon.Bound[0];

    /// <summary>Starts one for these agents, called by their addresses and ports; <paramref name="change"/> gets settings that allow 127.0.0.1.</summary>
    public static async Task<ProxyFixture> StartAsync(IEnumerable<(string Address, int Port)> agents, Func<ProxySettings, ProxySettings>? change = null)
    {
        var hosts = agents.Select(agent => new ProxyHost { Name = $"{agent.Address}:{agent.Port}", Address = agent.Address, Port = agent.Port, Wire = HostWire.Legacy, KeyCipher = new Secret(AgentFixture.Key) }).ToList();
        var settings = new ProxySettings
        {
            UnsignedLoopback = true, // their subject is not who may
            AllowedHosts = ["127.0.0.1"],
            Hosts = hosts.ToDictionary(host => host.Name, HostName.Comparer),
            Groups = new Dictionary<string, HostSet> { ["web"] = HostSet.Of(hosts.Select(host => host.Name)) },
            ApiKeys = [new ApiKey("all", ApiKey.HashOf(Key), ["web"])],
            SocketTimeout = TimeSpan.FromSeconds(20), // a machine may stand still for seconds; a test of silence asks for less
        };
        return await StartAsync(change?.Invoke(settings) ?? settings);
    }

    /// <summary>Starts one on a free port.</summary>
    public static async Task<ProxyFixture> StartAsync(ProxySettings settings)
    {
        var log = new ListLog();
        var daemon = new ProxyDaemon(settings with { Listen = [new IPEndPoint(IPAddress.Loopback, 0)] }, null, TimeProvider.System, log);
        await daemon.StartAsync(null, CancellationToken.None);
        return new ProxyFixture(daemon, log);
    }

    /// <summary>The original client's request.</summary>
    public static string Request(string order, string options, string args, string key = Key)
    {
        string body = $"auth_key=x&options={options}&args={args}&api_key={key}";
        return $"POST /agent/{order} HTTP/1.1\r\nConnection: close\r\nContent-Length: {Encoding.Latin1.GetByteCount(body)}\r\n\r\n{body}";
    }

    /// <summary>Sends an order as the original client does.</summary>
    public Task<Reply> OrderAsync(string order, string options, string args = "groups:web", string key = Key) => SendAsync(Request(order, options, args, key));

    /// <summary>Sends these bytes (Latin-1) and reads until the proxy closes.</summary>
    public Task<Reply> SendAsync(string request, IPAddress? from = null) => AgentFixture.SendAsync(Address, Encoding.Latin1.GetBytes(request), from: from);

    public async ValueTask DisposeAsync()
    {
        using var grace = new CancellationTokenSource(TimeSpan.Zero);
        await Daemon.StopAsync(grace.Token);
        await Daemon.DisposeAsync();
    }
}
