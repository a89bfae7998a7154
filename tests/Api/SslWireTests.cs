using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Deploy.Jobs.Commands;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Modes.Agent;
using Deploy.Protocol;
using Deploy.Protocol.Ssl;
using Deploy.Tests.Fixtures;
using Deploy.Tests.Protocol.Ssl;
using Xunit;

namespace Deploy.Tests.Api;

/// <summary>An agent that speaks the original's ssl form, over a real socket: what it answers, and that it answers nothing else.</summary>
public class SslWireTests
{
    private const int Patience = 60_000; // ms; a test that takes longer hangs
    private const int Much = 12_000_000; // bytes; more than any buffer on the way holds
    private const string CannotBeDecrypted = "cannot be decrypted";

    [Theory(Timeout = Patience)]
    [InlineData(false, false, false)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, true, true)]
    public async Task An_order_runs_and_is_answered_under_its_own_passphrase(bool halfClose, bool asks, bool byteByByte)
    {
        await using var agent = await StartAsync();
        var passphrase = Passphrase.Random();
        byte[] request = SslRequests.Seal(AgentFixture.Request("exec", "echo,a,b"), passphrase);
        byte[] answer = await SendAsync(agent, asks ? [.. "WHO\r\n\r\n"u8, .. request] : request, halfClose, byteByByte);
        if (asks)
        {
            Assert.StartsWith("DEPLOY-SSL\r\nssl-length:", Encoding.ASCII.GetString(answer), StringComparison.Ordinal);
            answer = answer["DEPLOY-SSL\r\n".Length..];
        }

        var reply = Open(answer, passphrase);
        Assert.Equal("HTTP/1.1 200 OK", reply.StatusLine);
        using var json = JsonDocument.Parse(reply.Body);
        Assert.Equal("a b\n"u8.ToArray(), json.RootElement.GetProperty("content").GetBytesFromBase64());
        await EndToEnd.Harness.Eventually.TrueAsync(() => !agent.Log.Requests.IsEmpty); // it comes after the answer
        var access = Assert.Single(agent.Log.Requests);
        Assert.Equal(("POST", "/agent/exec", "HTTP/1.1", 200, (long)answer.Length), (access.Method, access.Path, access.HttpVersion, access.Status, access.BytesSent));
    }

    [Theory(Timeout = Patience)]
    [InlineData("PUT /nowhere HTTP/1.1\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 405 Method Not Allowed")]
    [InlineData("POST /agent/exec HTTP/1.1\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 401 Unauthorized")]
    [InlineData("POST /agent/exec HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\nauth_key=", "HTTP/1.1 401 Unauthorized")]
    [InlineData("POST /agent/exec HTTP/1.1\r\n\r\n", "HTTP/1.1 400 Bad Request")]
    public async Task Refusals_are_answered_in_the_ssl_form_too(string request, string status)
    {
        await using var agent = await StartAsync();
        var passphrase = Passphrase.Random();
        Assert.Equal(status, Open(await SendAsync(agent, SslRequests.Seal(request, passphrase)), passphrase).StatusLine);
    }

    [Fact(Timeout = Patience)]
    public async Task A_large_answer_comes_whole()
    {
        await using var agent = await StartAsync();
        var passphrase = Passphrase.Random();
        var reply = Open(await SendAsync(agent, SslRequests.Seal(AgentFixture.Request("exec", "much"), passphrase)), passphrase);
        using var json = JsonDocument.Parse(reply.Body);
        Assert.Equal(Much, json.RootElement.GetProperty("content").GetBytesFromBase64().Length);
    }

    [Theory(Timeout = Patience)]
    [InlineData("POST /agent/exec HTTP/1.1\r\nContent-Length: 0\r\n\r\n", true, "speaks the plain form, this port speaks the ssl form")]
    [InlineData("GET / HT", true, "speaks the plain form, this port speaks the ssl form")]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001", true, "speaks TLS, this port speaks the original's ssl form")]
    [InlineData("aes:QUJD\r\nssl-length:3\r\n\r\nabc", false, "speaks the ssl form, this port speaks the plain form")]
    [InlineData("WHO\r\n", false, "speaks the ssl form, this port speaks the plain form")]
    public async Task The_other_form_is_closed_at_once_with_one_line_that_says_so(string bytes, bool ssl, string said)
    {
        await using var agent = ssl ? await StartAsync() : await AgentFixture.StartAsync();
        var watch = Stopwatch.StartNew();
        Assert.Empty(await SendAsync(agent, Encoding.Latin1.GetBytes(bytes)));
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 20); // far below any timeout of a client
        string line = await TheOneLineAsync(agent);
        Assert.Contains(said, line, StringComparison.Ordinal);
        Assert.Contains("mismatch", line, StringComparison.Ordinal);
    }

    [Theory(Timeout = Patience)]
    [InlineData("WHO\r\n\r\nPOST / HTTP/1.1\r\n", "DEPLOY-SSL\r\n", "neither")]
    [InlineData("WHO\r\nWHO\r\n", "DEPLOY-SSL\r\n", "neither")]
    [InlineData("aes:QUJD\r\nssl-length:-1\r\n\r\n", "", "no number")]
    [InlineData("aes:QUJD\r\nssl-length:999999\r\n\r\n", "", "over")]
    [InlineData("aes:QUJD\r\nssl-length:32\r\nssl-length:32\r\n\r\n", "", "twice")]
    [InlineData("aes:QUJD\r\nssl-le", "", "its ssl head was not complete")]
    [InlineData("aes:QUJD\r\nssl-length:32\r\n\r\nSalted__", "", "its ssl message of 32 bytes was not complete")]
    public async Task A_head_that_lies_or_stops_is_closed_with_one_line(string bytes, string answer, string said)
    {
        await using var agent = await StartAsync(seconds: 2);
        Assert.Equal(answer, Encoding.ASCII.GetString(await SendAsync(agent, Encoding.ASCII.GetBytes(bytes))));
        Assert.Contains(said, await TheOneLineAsync(agent), StringComparison.Ordinal);
    }

    [Theory(Timeout = Patience)]
    [InlineData("WHO\r\n", true)]
    [InlineData("WHO\r\n", false)]
    public async Task Who_only_asks_is_no_news(string bytes, bool halfClose)
    {
        await using var agent = await StartAsync();
        Assert.Equal("DEPLOY-SSL\r\n", Encoding.ASCII.GetString(await SendAsync(agent, Encoding.ASCII.GetBytes(bytes), halfClose)));
        await TheOneLineAsync(agent);
        Assert.DoesNotContain(agent.Log.Entries, entry => entry.Level <= LogLevel.Notice && entry.Message.StartsWith("connection from", StringComparison.Ordinal));
    }

    [Fact(Timeout = Patience)]
    public async Task A_stranger_is_closed_before_anything_is_read()
    {
        await using var agent = await StartAsync();
        Assert.Empty(await SendAsync(agent, SslRequests.Seal(AgentFixture.Request("exec", "echo,x"), Passphrase.Random()), from: IPAddress.Parse("127.0.0.9")));
        Assert.Single(agent.Log.Entries, entry => entry.Message.Contains("not in the allow list", StringComparison.Ordinal));
        Assert.DoesNotContain(agent.Log.Entries, entry => entry.Message.StartsWith("job ", StringComparison.Ordinal));
    }

    public static TheoryData<string> Failures() => [.. SslRequests.Broken(AgentFixture.Request("exec", "echo,x")).Keys];

    /// <summary>The same line, no byte, and not before the last byte of the message was there: the decision falls behind all reading.</summary>
    [Theory(Timeout = Patience)]
    [MemberData(nameof(Failures))]
    public async Task Whatever_cannot_be_decrypted_has_the_same_end(string what)
    {
        await using var agent = await StartAsync();
        byte[] wire = SslRequests.Broken(AgentFixture.Request("exec", "echo,x"))[what];
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(agent.Address);
        await socket.SendAsync(wire.AsMemory(0, wire.Length - 1));
        await Task.Delay(200);
        Assert.False(socket.Poll(0, SelectMode.SelectRead), "it was closed before its last byte came");
        Assert.DoesNotContain(agent.Log.Entries, entry => entry.Message.StartsWith("connection from", StringComparison.Ordinal));
        await socket.SendAsync(wire.AsMemory(wire.Length - 1));
        Assert.Empty((await AgentFixture.ReadAsync(socket, CancellationToken.None)).StatusLine);
        string expected = "closed: its ssl message cannot be decrypted, or is no whole request (most likely its public key belongs to another host's private key: give the client that of this host's ssl_private_key)";
        Assert.EndsWith(expected, await TheOneLineAsync(agent), StringComparison.Ordinal);
        Assert.DoesNotContain(agent.Log.Entries, entry => entry.Message.StartsWith("job ", StringComparison.Ordinal));
    }

    [Fact(Timeout = Patience)]
    public async Task Noise_of_every_kind_costs_its_connection_alone()
    {
        await using var agent = await StartAsync();
        var random = new Random(3440);
        var passphrase = Passphrase.Random();
        byte[] wire = SslRequests.Seal(AgentFixture.Request("exec", "echo,x"), passphrase);
        for (int round = 0; round < 150; round++)
        {
            byte[] noisy = [.. wire];
            for (int times = 0; times <= round % 3; times++)
            {
                noisy[random.Next(noisy.Length)] ^= (byte)(1 << random.Next(8));
            }

            byte[] answer = await SendAsync(agent, noisy, halfClose: true);
            Assert.True(answer.Length == 0 || answer.AsSpan().StartsWith("ssl-length:"u8));
        }

        Assert.DoesNotContain(agent.Log.Entries, entry => entry.Level <= LogLevel.Warning);
        Assert.Equal("HTTP/1.1 200 OK", Open(await SendAsync(agent, SslRequests.Seal(AgentFixture.Request("exec", "echo,x"), passphrase)), passphrase).StatusLine);
    }

    [Fact(Timeout = Patience)]
    public async Task Our_client_and_our_agent_understand_each_other_and_name_each_mismatch()
    {
        await using var ssl = await StartAsync();
        await using var plain = await AgentFixture.StartAsync(WithCommands);
        var answer = Assert.IsType<Answered>(await AskAsync(ssl, SslRecording.PublicKey));
        Assert.Equal((200, true), (answer.Code, answer.Encrypted));
        Assert.Equal("", ((LegacyString)LegacyResult.Of(new Answered(401, "Unauthorized", default, null) { Encrypted = true }).Result.Content).Text);
        Assert.IsType<NoAnswer>(await AskAsync(ssl, null)); // closed; a reset where the close outran the rest of what was sent
        Assert.IsType<NoAnswer>(await AskAsync(plain, SslRecording.PublicKey));
        using var other = RSA.Create(2048);
        var wrongKey = PublicKey.Read(Encoding.ASCII.GetBytes(other.ExportSubjectPublicKeyInfoPem()), out _);
        Assert.IsType<NoAnswer>(await AskAsync(ssl, wrongKey));
        Assert.Single(ssl.Log.Entries, entry => entry.Message.Contains(CannotBeDecrypted, StringComparison.Ordinal));
    }

    [Fact(Timeout = Patience)]
    public async Task An_original_agent_of_the_other_form_is_a_mismatch()
    {
        await using var server = ScriptedServer.Answering("HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
        var outcome = await new LegacyExchange(TimeProvider.System, new ReceiveBudget(1 << 20)).SendAsync(Request(new IPEndPoint(IPAddress.Parse(server.Address), server.Port), SslRecording.PublicKey), CancellationToken.None);
        Assert.False(Assert.IsType<Mismatch>(outcome).PeerEncrypts);
        var result = LegacyResult.Of(outcome).Result;
        Assert.Equal((1, 0, "Protocol mismatch."), (result.ServerStatus, result.Return, ((LegacyString)result.Content).Text));
    }

    private static Reply Open(byte[] answer, Passphrase passphrase)
    {
        byte[] message = SslRecording.Message(answer);
        Assert.Equal($"ssl-length:{message.Length}\r\n\r\n", Encoding.ASCII.GetString(answer.AsSpan(0, answer.Length - message.Length)));
        Assert.True(SaltedCipher.TryOpen(passphrase, message, out var plain));
        return Reply.Parse(plain.ToArray());
    }

    private static Task<AgentFixture> StartAsync(int seconds = 20) => AgentFixture.StartAsync(settings => WithCommands(settings) with { Ssl = true, SslKey = SslRecording.PrivateKey, SocketTimeout = TimeSpan.FromSeconds(seconds) });

    private static AgentSettings WithCommands(AgentSettings settings) => settings with
    {
        OutputCapBytes = Much,
        Commands = new Dictionary<string, CommandEntry> { ["echo"] = CommandEntry.Parse("echo", "echo %s"), ["much"] = CommandEntry.Parse("much", $"head -c {Much} /dev/zero") },
    };

    private static Task<LegacyOutcome> AskAsync(AgentFixture agent, PublicKey? key) =>
        new LegacyExchange(TimeProvider.System, new ReceiveBudget(1 << 20)).SendAsync(Request(agent.Address, key), CancellationToken.None);

    private static LegacyRequest Request(IPEndPoint to, PublicKey? key) => new()
    {
        Host = to.Address.ToString(),
        Port = to.Port,
        Order = Order.Exec,
        Body = LegacyForm.Encode(new LegacyFields(new Secret(AgentFixture.AuthKey()), "echo,x", string.Empty, new Secret(string.Empty))),
        Ssl = key,
        ThreadTimeout = TimeSpan.FromSeconds(30),
        SocketTimeout = TimeSpan.FromSeconds(20),
    };

    private static async Task<byte[]> SendAsync(AgentFixture agent, byte[] request, bool halfClose = false, bool byteByByte = false, IPAddress? from = null)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(50));
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(from ?? IPAddress.Loopback, 0));
        await socket.ConnectAsync(agent.Address, limit.Token);
        using var bytes = new MemoryStream();
        byte[] buffer = new byte[16 * 1024];
        try
        {
            foreach (byte[] part in byteByByte ? request.Chunk(1) : [request])
            {
                await socket.SendAsync(part, limit.Token);
            }

            if (halfClose)
            {
                socket.Shutdown(SocketShutdown.Send);
            }

            while (await socket.ReceiveAsync(buffer, limit.Token) is > 0 and var count)
            {
                bytes.Write(buffer, 0, count);
            }
        }
        catch (SocketException)
        {
            // A reset: what came before it counts.
        }

        return bytes.ToArray();
    }

    /// <summary>What was said of the one connection that there was.</summary>
    private static async Task<string> TheOneLineAsync(AgentFixture agent)
    {
        for (int i = 0; i < 600 && !agent.Log.Entries.Any(entry => entry.Message.StartsWith("connection from", StringComparison.Ordinal)); i++)
        {
            await Task.Delay(50);
        }

        return Assert.Single(agent.Log.Entries, entry => entry.Message.StartsWith("connection from", StringComparison.Ordinal)).Message;
    }
}
