using System.Net.Sockets;
using Deploy.Model;
using Deploy.Security.Keys;
using Deploy.Security.Sodium;
using Deploy.Tests.EndToEnd.Packages;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Security.Keys;

public sealed class SshAgentTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [ToolFact("ssh-keygen", "ssh-agent", "ssh-add")]
    public async Task A_real_agent_lists_its_Ed25519_keys_and_signs()
    {
        using var real = new RealAgent(folder);
        var agent = new SshAgent(real.Socket);
        Assert.Empty(await agent.ListAsync(CancellationToken.None));
        real.Add(OpenSsh.Key(folder, "rsa", type: "rsa"));
        real.Add(OpenSsh.Key(folder, "one", comment: "one"));
        real.Add(OpenSsh.Key(folder, "ecdsa", type: "ecdsa"));
        real.Add(OpenSsh.Key(folder, "two", comment: "two"));
        var keys = await agent.ListAsync(CancellationToken.None);
        Assert.Equal(["one", "two"], keys.Select(key => key.Comment));
        foreach (var key in keys)
        {
            var signer = new AgentSigner(agent, key);
            Assert.Equal($"ssh-agent ({key.Comment})", signer.Name);
            byte[] message = new byte[20_000];
            Assert.True(Ed25519.Verify(await signer.SignAsync(message, CancellationToken.None), message, key.Bytes.Span));
        }

        var gone = await Refused(agent.SignAsync(new TestKey(1).Key, new byte[3], CancellationToken.None), "does not sign with SHA256:");
        Assert.Contains("ssh-add -X", gone.Hint, StringComparison.Ordinal);
    }

    [ToolFact("ssh-keygen", "ssh-agent", "ssh-add")]
    public async Task A_locked_agent_shows_no_key_and_does_not_sign()
    {
        using var real = new RealAgent(folder);
        real.Add(OpenSsh.Key(folder, "one"));
        var agent = new SshAgent(real.Socket);
        var key = Assert.Single(await agent.ListAsync(CancellationToken.None));
        Lock(real.Socket);
        Assert.Empty(await agent.ListAsync(CancellationToken.None));
        await Refused(agent.SignAsync(key, new byte[3], CancellationToken.None), "it is locked");
        await Refused(new IdentityChoice(null, real.Socket, folder.Path).OpenAsync(CancellationToken.None), "or is locked");
    }

    [Fact]
    public async Task An_agent_that_is_gone_odd_or_silent_is_told_in_time()
    {
        await Refused(new SshAgent(folder["none"]).ListAsync(CancellationToken.None), "cannot be asked");
        await Refused(new SshAgent(folder[new string('x', 200)]).ListAsync(CancellationToken.None), "cannot be asked");
        await Refused(new SshAgent(string.Empty).ListAsync(CancellationToken.None), "cannot be asked");
        File.WriteAllText(folder["file"], string.Empty);
        await Refused(new SshAgent(folder["file"]).ListAsync(CancellationToken.None), "cannot be asked");
        await Answers("silent", null, "did not give its keys within 0.3 s");
        await Answers("no", [0, 0, 0, 1, 5], "says no");
        await Answers("zero", [0, 0, 0, 0], "no ssh-agent");
        await Answers("long", [255, 255, 255, 255, 12], "no ssh-agent");
        await Answers("http", "HTTP/1.1 400 Bad\r\n\r\n"u8.ToArray(), "no ssh-agent");
        await Answers("many", [0, 0, 0, 5, 12, 255, 255, 255, 255], "no ssh-agent");
        await Answers("cut", [0, 0, 0, 9, 12, 0, 0, 0, 1, 0, 0, 0, 7], "no ssh-agent");
        await Answers("behind", [0, 0, 0, 6, 12, 0, 0, 0, 0, 9], "no ssh-agent");
    }

    [Fact]
    public async Task A_signature_that_is_not_the_keys_is_not_passed_on()
    {
        var key = new TestKey(4);
        byte[] wrong = new SshWriter().String(key.Sign("other")).ToArray();
        byte[] inner = new SshWriter().String("ssh-ed25519"u8).Raw(wrong).ToArray();
        using var scripted = new ScriptedAgent(folder["agent"], new SshWriter().String([14, .. new SshWriter().String(inner).ToArray()]).ToArray());
        await Refused(new SshAgent(folder["agent"]).SignAsync(key.Key, "this"u8.ToArray(), CancellationToken.None), "a signature that is not of");
    }

    [Fact]
    public async Task Who_gives_up_waiting_gets_that_and_no_error_of_the_agent()
    {
        using var silent = new ScriptedAgent(folder["agent"], null);
        using var giveUp = new CancellationTokenSource(200);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new SshAgent(folder["agent"]).ListAsync(giveUp.Token));
    }

    [Fact]
    public void Any_bent_answer_is_none_or_one()
    {
        var random = new Random(22);
        var key = new TestKey(5);
        byte[] list = new SshWriter().Raw([12]).Number(2).String("\0\0\0\u0007ssh-rsa"u8).String("rsa"u8).String(key.Key.Blob.Span).String("a"u8).ToArray();
        byte[] signature = new SshWriter().Raw([14]).String(new SshWriter().String("ssh-ed25519"u8).String(key.Sign("m")).ToArray()).ToArray();
        Assert.Equal([key.Key], SshAgent.ReadKeys(list));
        Assert.Equal(key.Sign("m"), SshAgent.ReadSignature(signature));
        int odd = 0;
        for (int round = 0; round < 20_000; round++)
        {
            odd += SshAgent.ReadKeys(Bend.Bytes(list, random)) is null ? 1 : 0;
            Assert.True(SshAgent.ReadSignature(Bend.Bytes(signature, random)) is null or { Length: 64 });
        }

        Assert.InRange(odd, 1_000, 19_999);
    }

    private async Task Answers(string name, byte[]? answer, string why)
    {
        using var scripted = new ScriptedAgent(folder[name], answer);
        await Refused(new SshAgent(folder[name]) { ListPatience = TimeSpan.FromSeconds(answer is null ? 0.3 : 20) }.ListAsync(CancellationToken.None), why);
    }

    private static async Task<UserError> Refused(Task asked, string why)
    {
        var error = await Assert.ThrowsAsync<UserError>(() => asked.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Hint);
        return error;
    }

    /// <summary>As ssh-add -x does: SSH_AGENTC_LOCK.</summary>
    private static void Lock(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = 20_000 };
        socket.Connect(new UnixDomainSocketEndPoint(path));
        socket.Send(new SshWriter().String([22, .. new SshWriter().String("secret"u8).ToArray()]).ToArray());
        byte[] answer = new byte[5];
        Assert.Equal(5, socket.Receive(answer));
        Assert.Equal(6, answer[4]); // SSH_AGENT_SUCCESS
    }
}
