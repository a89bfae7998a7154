using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Deploy.Model;
using Deploy.Security.Channel;
using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Attacks;

/// <summary>Somebody between a client and an agent, and peers that speak something else than TLS 1.3.</summary>
[Trait("Category", "EndToEnd")]
public sealed class ChannelTests(AttackedAgent agent) : IClassFixture<AttackedAgent>, IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_right_pin_is_asked_and_no_other()
    {
        var (id, run) = await OrderAsync(agent.Address, PinOf(agent));
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Single(agent.Marks(id));

        using var other = new AttackedAgent();
        await other.InitializeAsync();
        try
        {
            (id, run) = await OrderAsync(agent.Address, PinOf(other));
            await NothingAsync(id, run);
        }
        finally
        {
            await other.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_key_that_changed_stops_with_a_banner_and_nothing_is_sent()
    {
        string before = PinOf(agent);
        File.Delete(Path.Combine(agent.Root, "host_key.pem"));
        await agent.RestartAsync();
        string after = PinOf(agent);
        Assert.NotEqual(before, after);
        var (id, run) = await OrderAsync(agent.Address, before);
        await NothingAsync(id, run);
        Assert.Contains(after, run.Error + run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_whose_pin_nobody_knows_is_not_asked()
    {
        var (_, run) = await OrderAsync("192.0.2.1", pin: null); // not this host, and by RFC 5737 nobody
        Assert.Contains("deploy client trust", run.Error + run.Out, StringComparison.Ordinal);
        Assert.Contains("nothing was sent", run.Error + run.Out, StringComparison.Ordinal);
        Assert.True(run.ExitCode is ExitCodes.Refused or ExitCodes.Authentication, run.ToString());

        // On this host it is asked, unsigned, and the agent takes nothing unsigned.
        (string id, run) = await OrderAsync(agent.Address, pin: null);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("deploy client trust", run.Error + run.Out, StringComparison.Ordinal);
        await agent.NothingAsync(id);
        Assert.Empty(agent.Marks(id));
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
#pragma warning disable CA5397, SYSLIB0039 // Old versions are what is tested.
    [InlineData(SslProtocols.Tls11)]
    [InlineData(SslProtocols.Tls | SslProtocols.Tls11 | SslProtocols.Tls12)]
#pragma warning restore CA5397, SYSLIB0039
    public async Task An_older_TLS_is_not_spoken(SslProtocols versions)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Parse(agent.Address), 3440);
        await using var tls = new SslStream(new NetworkStream(socket));
        var options = new SslClientAuthenticationOptions { TargetHost = string.Empty, EnabledSslProtocols = versions, RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null };
        var error = await Assert.ThrowsAnyAsync<Exception>(() => tls.AuthenticateAsClientAsync(options).WaitAsync(Eventually.Limit));
        Assert.True(error is AuthenticationException or IOException, error.ToString());
    }

    [Fact]
    public async Task A_peer_with_the_right_key_and_TLS_1_2_gets_nothing_of_a_request()
    {
        using var certificate = X509Certificate2.CreateFromPemFile(Path.Combine(agent.Root, "host_key.pem"));
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        string address = LoopbackAddress.Next();
        listener.Bind(new IPEndPoint(IPAddress.Parse(address), 3440));
        listener.Listen(8);
        using var stop = new CancellationTokenSource();
        int taken = 0;
        var serving = ServeAsync();
        var (_, run) = await OrderAsync(address, PinOf(agent));
        await stop.CancelAsync();
        await serving;
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("TLS 1.3", run.Error + run.Out, StringComparison.Ordinal);
        Assert.Equal(0, taken);

        async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    using var socket = await listener.AcceptAsync(stop.Token);
                    await using var tls = new SslStream(new NetworkStream(socket));
                    try
                    {
                        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate, EnabledSslProtocols = SslProtocols.Tls12 }, stop.Token);
                        taken++;
                    }
                    catch (Exception refused) when (refused is AuthenticationException or IOException)
                    {
                        // As it should be.
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // The end.
            }
        }
    }

    [Fact]
    public async Task Plain_HTTP_is_refused_with_a_right_signature_too()
    {
        var mark = SignedRequest.Mark(agent.Alice);
        int before = agent.Refusals();
        var answer = await RawAnswer.PlainAsync(agent.Address, mark.ToBytes());
        Assert.Equal((401, "unauthenticated"), (answer.Status, answer.Problem));
        Assert.Contains("over TLS, and no others", answer.Detail, StringComparison.Ordinal);
        await Eventually.TrueAsync(() => agent.Refusals() > before);
        Assert.Equal(401, (await RawAnswer.PlainAsync(agent.Address, SignedRequest.Get(agent.Alice, "/v1/self").ToBytes())).Status);
        await agent.NothingAsync(mark.Nonce);
    }

    [Theory]
    [InlineData("exec", "mark,legacy")]
    [InlineData("rsync", "site")]
    [InlineData("status", "site")]
    public async Task The_original_s_wire_is_not_spoken_where_it_is_off(string order, string options)
    {
        byte[] request = Encoding.Latin1.GetBytes(RawPeer.Request(order, options));
        var plain = await RawAnswer.PlainAsync(agent.Address, request);
        Assert.True(plain.Status is 403, plain.ToString());
        var within = await RawAnswer.ByTlsAsync(agent.Address, Encoding.Latin1.GetBytes(RawPeer.Request(order, options).Replace("\r\nConnection", "\r\nHost: web-001\r\nConnection", StringComparison.Ordinal)));
        Assert.True(within.Status is 0 or 403 or 404, within.ToString());
        Assert.Equal(new RawAnswer(0, string.Empty), await RawAnswer.PlainAsync(agent.Address, Encoding.Latin1.GetBytes("aes:" + new string('A', 344) + "\r\n\r\n")));
        Assert.DoesNotContain((await agent.ReadAsync("/v1/jobs?order=" + order)).GetProperty("items").EnumerateArray(), job => job.GetProperty("wire").GetString() == "legacy");
        Assert.Empty(agent.Marks("legacy"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(agent.Target));
    }

    [Fact]
    public async Task Half_a_handshake_and_bytes_behind_it_leave_nothing_open()
    {
        await agent.AskAsync(SignedRequest.Get(agent.Alice, "/v1/self"));
        int descriptors = ProcFacts.Descriptors(agent.Daemon.Pid);
        for (int round = 0; round < 20; round++)
        {
            using var peer = await RawPeer.ConnectAsync(agent.Address);
            await peer.SendAsync("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003");
            if (round % 2 == 0)
            {
                await peer.SendAsync(new string('\u00ff', 2000));
                await peer.ReadToEndAsync();
            }
            else
            {
                peer.Reset();
            }
        }

        await Eventually.TrueAsync(() => ProcFacts.Descriptors(agent.Daemon.Pid) <= descriptors + 2, () => $"{descriptors} descriptors became {ProcFacts.Descriptors(agent.Daemon.Pid)}");
        await agent.TakenAsync(SignedRequest.Mark(agent.Alice));
    }

    private static string PinOf(AttackedAgent of)
    {
        using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(Path.Combine(of.Root, "host_key.pem")));
        return Pin.Of(certificate).ToString();
    }

    /// <summary><c>deploy client exec mark ID</c> as Alice, who knows this pin or none.</summary>
    private async Task<(string Id, ProgramRun Run)> OrderAsync(string address, string? pin)
    {
        string id = "M" + JobId.New(DateTimeOffset.UtcNow), known = folder["known_agents"], identity = folder["id"];
        await File.WriteAllTextAsync(known, pin is null ? "# nobody\n" : $"{AttackedAgent.Name} {address} 3440 {pin}\n");
        await File.WriteAllTextAsync(identity, agent.Alice.FileText);
        File.SetUnixFileMode(identity, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return (id, await ProgramRun.RunAsync(["client", "exec", "mark", id, "--hosts", address, "--known-agents", known, "--identity", identity], new Dictionary<string, string?> { ["HOME"] = folder.Path, ["SSH_AUTH_SOCK"] = null }));
    }

    /// <summary>The client stopped, and the agent had no such order.</summary>
    private async Task NothingAsync(string id, ProgramRun run)
    {
        Assert.Equal(ExitCodes.Authentication, run.ExitCode);
        Assert.Contains("host key has changed", run.Error + run.Out, StringComparison.Ordinal);
        Assert.Contains("nothing was sent", run.Error + run.Out, StringComparison.Ordinal);
        Assert.Empty(agent.Marks(id));
        foreach (var job in (await agent.ReadAsync("/v1/jobs")).GetProperty("items").EnumerateArray())
        {
            Assert.DoesNotContain(id, (await agent.ReadAsync("/v1/jobs/" + job.GetProperty("id").GetString())).ToString(), StringComparison.Ordinal);
        }
    }
}
