using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Deploy.Model;
using Deploy.Modes.Agent;
using Deploy.Protocol.V1;
using Deploy.Security.Channel;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Modes.Daemon;

/// <summary>The secure channel of a daemon: real sockets, an agent in this process, our own client and plain SslStream as others would write it.</summary>
public class SecureChannelTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private static readonly HostKey Key = Make();

    [Fact]
    public async Task Who_knows_the_pin_is_answered_and_connections_are_kept()
    {
        await using var agent = await StartAsync("127.41.1.1");
        using var wire = Wire(Key.Pin);
        for (int round = 0; round < 5; round++)
        {
            Assert.Contains("\"ok\"", await AskAsync(wire, agent), StringComparison.Ordinal);
        }

        Assert.Single(Sockets(agent));
    }

    [Fact]
    public async Task Another_key_than_the_known_one_gets_nothing_and_the_failure_says_so()
    {
        await using var agent = await StartAsync("127.41.1.2");
        using var wire = Wire(Make().Pin);
        var failure = await Assert.ThrowsAsync<V1Failure>(() => AskAsync(wire, agent));
        Assert.Equal((V1Fault.NotReached, true), (failure.Fault, failure.IsOtherKey));
        await UntilAsync(() => Sockets(agent).Count == 0);
        Assert.Empty(agent.Log.Requests);
    }

    [Fact]
    public async Task A_connection_of_one_key_is_not_used_for_a_peer_that_must_have_another()
    {
        await using var agent = await StartAsync("127.41.1.3");
        var other = Make().Pin;
        using var wire = new V1Wire(TimeProvider.System, null, Secure(peer => peer.Name == "good" ? Key.Pin : other));
        Assert.Contains("\"ok\"", await AskAsync(wire, agent, "good"), StringComparison.Ordinal);
        Assert.True((await Assert.ThrowsAsync<V1Failure>(() => AskAsync(wire, agent, "bad"))).IsOtherKey);
        Assert.Contains("\"ok\"", await AskAsync(wire, agent, "good"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_is_not_in_the_list_gets_not_a_byte()
    {
        await using var agent = await StartAsync("127.41.1.4");
        var reply = await AgentFixture.SendAsync(agent.Address, ClientHello(), from: IPAddress.Parse("127.41.9.9"));
        Assert.Equal(0, reply.Length);
        Assert.Contains(agent.Log.Entries, entry => entry.Message.Contains("127.41.9.9", StringComparison.Ordinal) && entry.Message.Contains("not in the allow list", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_older_TLS_is_refused()
    {
        await using var agent = await StartAsync("127.41.1.5");
        await Assert.ThrowsAnyAsync<Exception>(() => ConnectAsync(agent, SslProtocols.Tls12));
        await UntilAsync(() => agent.Log.Entries.Any(entry => entry.Message.Contains("takes TLS 1.3", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_originals_wire_does_not_go_through_it()
    {
        await using var agent = await StartAsync("127.41.1.6");
        Assert.StartsWith("HTTP/1.1 400", (await agent.OrderAsync("status", "none")).StatusLine, StringComparison.Ordinal); // plainly, on the same port
        await using var tls = await ConnectAsync(agent);
        await tls.WriteAsync(Encoding.Latin1.GetBytes(AgentFixture.Request("status", "none").Replace("\r\nContent", "\r\nHost: x\r\nContent", StringComparison.Ordinal)));
        Assert.Equal(string.Empty, await ReadAsync(tls));
    }

    [Fact]
    public async Task Without_a_key_TLS_is_closed()
    {
        await using var agent = await StartAsync("127.41.1.7", settings => settings with { HostKey = null });
        Assert.Equal(0, (await AgentFixture.SendAsync(agent.Address, ClientHello(), from: IPAddress.Parse("127.41.1.7"))).Length);
    }

    [Fact]
    public async Task A_peer_that_closes_its_side_behind_its_request_gets_the_answer_and_a_proper_end()
    {
        await using var agent = await StartAsync("127.41.1.8");
        await using var tls = await ConnectAsync(agent);
        await tls.WriteAsync("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
        await tls.ShutdownAsync();
        Assert.Contains("ok", await ReadAsync(tls), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_that_a_reload_brings_is_shown_from_then_on()
    {
        await using var agent = await StartAsync("127.41.1.9");
        var next = Make();
        agent.Daemon.Reload(agent.Daemon.Settings with { HostKey = next });
        using var former = Wire(Key.Pin);
        using var now = Wire(next.Pin);
        Assert.True((await Assert.ThrowsAsync<V1Failure>(() => AskAsync(former, agent))).IsOtherKey);
        Assert.Contains("\"ok\"", await AskAsync(now, agent), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silence_within_the_handshake_and_behind_it_ends_with_the_connection()
    {
        await using var agent = await StartAsync("127.41.1.10", settings => settings with { SocketTimeout = TimeSpan.FromSeconds(30) });
        await using var silent = await ConnectAsync(agent);
        using var slow = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await slow.ConnectAsync(agent.Address);
        byte[] hello = ClientHello();
        await slow.SendAsync(hello.AsMemory(0, hello.Length - 1));
        Assert.NotEmpty(Sockets(agent));
        await UntilAsync(() => Sockets(agent).Count == 0);
        Assert.Contains(agent.Log.Entries, entry => entry.Message.Contains("TLS handshake was not complete within 5 s", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_hundred_handshakes_that_break_off_leave_nothing()
    {
        await using var agent = await StartAsync("127.41.1.11");
        byte[] hello = ClientHello();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(async number =>
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(number % 2 == 0, 0) };
            await socket.ConnectAsync(agent.Address);
            await socket.SendAsync(hello.AsMemory(0, 1 + (number * hello.Length / 100)));
        }));
        await UntilAsync(() => Sockets(agent).Count == 0);
        using var wire = Wire(Key.Pin);
        Assert.Contains("\"ok\"", await AskAsync(wire, agent), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_TLS_behind_the_first_bytes_of_TLS_costs_its_own_connection()
    {
        await using var agent = await StartAsync("127.41.1.12");
        var random = new Random(3);
        for (int round = 0; round < 50; round++)
        {
            byte[] bytes = ClientHello();
            for (int change = random.Next(1, 20); change > 0; change--)
            {
                bytes[random.Next(2, bytes.Length)] = (byte)random.Next(256);
            }

            await AgentFixture.SendAsync(agent.Address, bytes, halfClose: true);
        }

        using var wire = Wire(Key.Pin);
        Assert.Contains("\"ok\"", await AskAsync(wire, agent), StringComparison.Ordinal);
        Assert.DoesNotContain(agent.Log.Entries, entry => entry.Message.Contains("inside the daemon", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_peer_without_a_known_key_is_asked_plainly_on_this_machine_and_a_server_without_TLS_gets_nothing()
    {
        int bytes = 0;
        await using var server = new ScriptedServer(peer => { Interlocked.Increment(ref bytes); return Task.CompletedTask; }, "127.41.1.13");
        using var wire = Wire(Key.Pin);
        var failure = await Assert.ThrowsAsync<V1Failure>(() => AskAsync(wire, new IPEndPoint(IPAddress.Parse(server.Address), server.Port), "host"));
        Assert.Equal(V1Fault.NotReached, failure.Fault);
        await using var agent = await StartAsync("127.41.1.14");
        using var unknown = new V1Wire(TimeProvider.System, null, Secure(_ => null));
        Assert.Contains("\"ok\"", await AskAsync(unknown, agent), StringComparison.Ordinal);
    }

    private static HostKey Make() => HostKey.Read(HostKey.MakePem(DateTimeOffset.UtcNow), out _)!;

    private static Task<AgentFixture> StartAsync(string address, Func<AgentSettings, AgentSettings>? change = null) => AgentFixture.StartAsync(settings =>
    {
        settings = settings with { Listen = [new IPEndPoint(IPAddress.Parse(address), 0)], HostKey = Key, AllowedHosts = ["127.0.0.1", address] };
        return change?.Invoke(settings) ?? settings;
    });

    private static V1Secure Secure(Func<V1Peer, Pin?> pin) => new()
    {
        KeyOf = peer => pin(peer) is { } must ? new V1PeerKey(must.ToString(), shown => Pin.Of(shown).Equals(must) ? null : "it shows another key") : null,
        HowToTrust = peer => $"deploy client trust {peer.Host}",
    };

    private static V1Wire Wire(Pin pin) => new(TimeProvider.System, null, Secure(_ => pin));

    private static Task<string> AskAsync(V1Wire wire, AgentFixture agent, string name = "agent") => AskAsync(wire, agent.Address, name);

    private static async Task<string> AskAsync(V1Wire wire, IPEndPoint at, string name)
    {
        using var limit = new CancellationTokenSource(Bound);
        using var answer = await wire.SendAsync(new V1Peer(name, at.Address.ToString(), at.Port), new V1Request(HttpMethod.Get, "/healthz"), Bound, limit.Token);
        return Encoding.UTF8.GetString(await answer.BytesAsync(1000, limit.Token));
    }

    private static async Task<SslStream> ConnectAsync(AgentFixture agent, SslProtocols protocol = SslProtocols.Tls13)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(agent.Address);
        var ssl = new SslStream(new NetworkStream(socket, ownsSocket: true));
        using var limit = new CancellationTokenSource(Bound);
        await ssl.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "x", EnabledSslProtocols = protocol, RemoteCertificateValidationCallback = (_, shown, _, _) => Pin.Of((X509Certificate2)shown!).Equals(Key.Pin) }, limit.Token);
        return ssl;
    }

    private static async Task<string> ReadAsync(SslStream tls)
    {
        using var limit = new CancellationTokenSource(Bound);
        using var bytes = new MemoryStream();
        try
        {
            await tls.CopyToAsync(bytes, limit.Token);
        }
        catch (IOException)
        {
            // Cut off: what came before it counts.
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    /// <summary>The first bytes of a real client.</summary>
    private static byte[] ClientHello()
    {
        using var sent = new MemoryStream();
        using var ssl = new SslStream(new Recorder(sent));
        Assert.ThrowsAny<Exception>(() => ssl.AuthenticateAsClient(new SslClientAuthenticationOptions { TargetHost = "x", EnabledSslProtocols = SslProtocols.Tls13 }));
        return sent.ToArray();
    }

    /// <summary>The agent's ends of connections, as the kernel lists them: proc(5), /proc/net/tcp.</summary>
    private static List<string> Sockets(AgentFixture agent)
    {
        const string Established = "01", PeerClosed = "08"; // TCP_ESTABLISHED, TCP_CLOSE_WAIT, net/tcp_states.h: those that the agent holds
        string at = $"{BitConverter.ToUInt32(agent.Address.Address.GetAddressBytes()):X8}:{agent.Address.Port:X4}";
        return [.. File.ReadLines("/proc/net/tcp").Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(words => words[1] == at && words[3] is Established or PeerClosed).Select(words => words[3])];
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var limit = new CancellationTokenSource(Bound);
        while (!holds())
        {
            await Task.Delay(50, limit.Token);
        }
    }

    /// <summary>Takes what is written, and has nothing to read.</summary>
    private sealed class Recorder(MemoryStream sent) : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => sent.Write(buffer, offset, count);

        public override void Write(ReadOnlySpan<byte> buffer) => sent.Write(buffer);

        public override int Read(byte[] buffer, int offset, int count) => 0;

        public override int Read(Span<byte> buffer) => 0;
    }
}
