using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd;

/// <summary>Peers that break the protocol cost their own connection and one log line; afterwards the agent is what it was.</summary>
[Trait("Category", "EndToEnd")]
public class BadPeerTests
{
    private const long ResidentSlackBytes = 64 * 1024 * 1024; // pools grow once; what grows with each peer is far more
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task All_at_once_they_get_what_they_deserve_and_leave_nothing()
    {
        using var folder = new TempFolder();
        await using var agent = await StartAsync(folder);
        string body10M = new('x', 10_000_000);
        string chunk = "100000\r\n" + new string('x', 0x100000) + "\r\n";
        await MeasuredAsync(agent, () => Task.WhenAll(
            EndsAsync(agent, "silent", "^$", "nothing came within 2 s", _ => Task.CompletedTask),
            EndsAsync(agent, "slow head", "^$", "head was not complete", async peer =>
            {
                await peer.SendAsync("POST /agent/exec HTTP/1.1\r\nX: ");
                Assert.True(await peer.TrickleAsync(Slow));
            }),
            EndsAsync(agent, "slow body", "^(HTTP/1.1 408 .*)?$", "closed", async peer =>
            {
                await peer.SendAsync("POST /agent/exec HTTP/1.1\r\nContent-Length: 1000\r\n\r\n");
                Assert.True(await peer.TrickleAsync(Slow));
            }),
            EndsAsync(agent, "short body, silent", "^(HTTP/1.1 408 .*)?$", "closed", peer => peer.SendAsync("POST /agent/exec HTTP/1.1\r\nContent-Length: 1000\r\n\r\nauth_key=1")),
            EndsAsync(agent, "short body, half-closed", "^$", "closed", async peer =>
            {
                await peer.SendAsync("POST /agent/exec HTTP/1.1\r\nContent-Length: 1000\r\n\r\nauth_key=1");
                peer.HalfClose();
            }),
            EndsAsync(agent, "short head, half-closed", "^$", "closed after 11 bytes", async peer =>
            {
                await peer.SendAsync("POST /agent");
                peer.HalfClose();
            }),
            EndsAsync(agent, "head of 100 KB", "^(HTTP/1.1 431 .*)?$", "head is over|too long", peer => peer.SendAsync("POST /agent/exec HTTP/1.1\r\nX: " + new string('x', 100_000) + "\r\n\r\n")),
            EndsAsync(agent, "line of 100 KB", "^(HTTP/1.1 4.*)?$", "head is over|too long", peer => peer.SendAsync("GET /agent/exec?" + new string('x', 100_000) + " HTTP/1.1\r\n\r\n")),
            EndsAsync(agent, "body of 10 MB", "^(HTTP/1.1 413 .*)?$", "closed", peer => peer.SendAsync("POST /agent/exec HTTP/1.1\r\nContent-Length: 10000000\r\n\r\n" + body10M)),
            EndsAsync(agent, "chunks of 10 MB", "^(HTTP/1.1 400 .*)?$", "closed", async peer =>
            {
                await peer.SendAsync("POST /agent/exec HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
                for (int sent = 0; sent < 10; sent++)
                {
                    await peer.SendAsync(chunk);
                }
            }),
            EndsAsync(agent, "bad chunks", "^(HTTP/1.1 400 .*)?$", "closed", peer => peer.SendAsync("POST /agent/exec HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")),
            EndsAsync(agent, "TLS", "^$", "TLS", peer => peer.SendAsync("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003")),
            EndsAsync(agent, "aes", "^$", "ssl form", peer => peer.SendAsync("aes:QUJD\r\nssl-length:3\r\n\r\nabc")),
            EndsAsync(agent, "WHO", "^$", "ssl form", peer => peer.SendAsync("WHO\r\n")),
            EndsAsync(agent, "zeros", "^(HTTP/1.1 400 .*)?$", "closed", peer => peer.SendAsync(new string('\0', 100) + "\r\n\r\n")),
            EndsAsync(agent, "no key", "^HTTP/1.1 401 ", "refused: POST /agent/exec: 401", peer => peer.SendAsync("POST /agent/exec HTTP/1.1\r\nContent-Length: 0\r\n\r\n")),
            EndsAsync(agent, "keep-alive", "^HTTP/1.1 401 [^H]*(?!.*HTTP)", "refused: POST /agent/exec: 401", peer => peer.SendAsync("POST /agent/exec HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n"))));
        Assert.DoesNotContain(agent.Log, line => line.Contains("Z error ", StringComparison.Ordinal) || line.Contains("Z warning ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Resets_cost_one_line_once_something_had_come_and_none_before()
    {
        using var folder = new TempFolder();
        await using var agent = await StartAsync(folder);
        string whole = RawPeer.Request("exec", "wait");
        await MeasuredAsync(agent, async () =>
        {
            foreach (var (bytes, lines) in new[] { (string.Empty, 0), ("POST /agent", 1), ("POST /agent/exec HTTP/1.1\r\nContent-Length: 1000\r\n\r\nauth_key=", 1) })
            {
                int descriptors = ProcFacts.Descriptors(agent.Pid);
                using var peer = await RawPeer.ConnectAsync(agent.Address);
                await peer.SendAsync(bytes);
                await Eventually.TrueAsync(() => ProcFacts.Descriptors(agent.Pid) > descriptors);
                await Task.Delay(Slow); // It has read by now, mostly; what is asserted holds also where it has not.
                peer.Reset();
                await Eventually.TrueAsync(() => ProcFacts.Descriptors(agent.Pid) <= descriptors);
                await Task.Delay(Slow);
                Assert.Equal(lines, LinesOf(agent, peer).Count);
            }

            // One that leaves while its command runs: the command goes on to its end, and nothing is left of either.
            using var gone = await RawPeer.ConnectAsync(agent.Address);
            await gone.SendAsync(whole);
            await Eventually.TrueAsync(() => agent.Children.Count == 1);
            gone.Reset();
            await agent.NoChildrenAsync();
        });
        Assert.DoesNotContain(agent.Log, line => line.Contains("Z error ", StringComparison.Ordinal) || line.Contains("Z warning ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Five_hundred_that_say_nothing_are_closed_and_others_are_served_meanwhile()
    {
        using var folder = new TempFolder();
        await using var agent = await StartAsync(folder, "5");
        await MeasuredAsync(agent, async () =>
        {
            var peers = await Task.WhenAll(Enumerable.Range(0, 500).Select(number => RawPeer.ConnectAsync(agent.Address, from: $"127.0.5.{1 + (number / 10)}")));
            Assert.Equal(0, (await ClientCall.RunAsync("exec say here", agent.Address)).ExitCode);
            await Task.WhenAll(peers.Select(peer => peer.ReadToEndAsync()));
            await Eventually.TrueAsync(() => agent.Log.Count(line => line.EndsWith("closed: nothing came within 5 s", StringComparison.Ordinal)) == 500);
            Assert.All(peers, peer => Assert.Single(LinesOf(agent, peer)));
            Array.ForEach(peers, peer => peer.Dispose());
        });
    }

    [Fact]
    public async Task Those_that_connect_and_leave_are_no_news()
    {
        using var folder = new TempFolder();
        await using var agent = await StartAsync(folder);
        int lines = 0;
        await MeasuredAsync(agent, async () =>
        {
            lines = agent.Log.Count;
            for (int times = 0; times < 100; times++)
            {
                using var peer = await RawPeer.ConnectAsync(agent.Address);
            }
        });
        Assert.DoesNotContain(agent.Log.Skip(lines), line => line.Contains(" closed: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Clients_that_never_read_their_answer_hold_nothing_of_the_agent()
    {
        using var folder = new TempFolder();
        await using var agent = await StartAsync(folder);
        Assert.Equal(0, (await ClientCall.RunAsync("exec much", agent.Address)).ExitCode); // the first order opens the audit log
        // The garbage of twenty answers at once (some 150 MB) stays until there is a reason to collect it. Kept answers would be 280 MB more after ten rounds.
        await RoundAsync();
        await MeasuredAsync(agent, async () =>
        {
            for (int round = 0; round < 10; round++)
            {
                await RoundAsync();
            }
        }, slackBytes: 200 * 1024 * 1024);

        async Task RoundAsync()
        {
            int answered = Answered();
            int before = ProcFacts.Descriptors(agent.Pid);
            var peers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => RawPeer.ConnectAsync(agent.Address, receiveBuffer: 4096)));
            foreach (var peer in peers)
            {
                await peer.SendAsync(RawPeer.Request("exec", "much"));
            }

            // The kernel takes an answer of this size whole, or the slowest rate of an answer (Limits) ends it; nobody has read a byte.
            await Eventually.TrueAsync(() => Answered() == answered + peers.Length, () => agent.LogText);
            await Eventually.TrueAsync(() => ProcFacts.Descriptors(agent.Pid) <= before, () => agent.LogText);
            string answer = await peers[0].ReadToEndAsync();
            Assert.StartsWith("HTTP/1.1 200 OK", answer, StringComparison.Ordinal);
            Assert.All(peers, peer => Assert.Empty(LinesOf(agent, peer)));
            Array.ForEach(peers, peer => peer.Dispose());
        }

        int Answered() => agent.Log.Count(line => line.Contains("exec much", StringComparison.Ordinal));
    }

    private static Task<RunningAgent> StartAsync(TempFolder folder, string socketTimeout = "2") => RunningAgent.StartAsync(new AgentSetup(folder.Path)
    {
        Commands = "say = echo %s\nwait = sleep 3\nmuch = head -c 3000000 /dev/zero",
        Arguments = ["--socket-timeout", socketTimeout],
    });

    /// <summary>Does it between two looks at the agent: it serves afterwards, and its descriptors and memory are what they were.</summary>
    private static async Task MeasuredAsync(RunningAgent agent, Func<Task> act, long slackBytes = ResidentSlackBytes)
    {
        Assert.Equal(0, (await ClientCall.RunAsync("exec say warm", agent.Address)).ExitCode);
        await agent.NoChildrenAsync();
        int descriptors = ProcFacts.Descriptors(agent.Pid);
        long resident = ProcFacts.ResidentBytes(agent.Pid);
        await act();
        await Eventually.TrueAsync(() => ProcFacts.Descriptors(agent.Pid) <= descriptors, () => $"{descriptors} before, {ProcFacts.Descriptors(agent.Pid)} now\n{agent.LogText}");
        Assert.InRange(ProcFacts.ResidentBytes(agent.Pid), 0, resident + slackBytes);
        Assert.Equal(0, (await ClientCall.RunAsync("exec say here", agent.Address)).ExitCode);
    }

    /// <summary>One peer: what it does, what it is answered (a pattern over everything that came), and what the one log line says (a pattern too).</summary>
    private static async Task EndsAsync(RunningAgent agent, string name, string answer, string said, Func<RawPeer, Task> act)
    {
        try
        {
            using var peer = await RawPeer.ConnectAsync(agent.Address, from: $"127.0.4.{1 + (name.Sum(letter => letter) % 250)}"); // ten lines of one address, and no more, stand in the log
            await act(peer);
            Assert.Matches("(?s)" + answer, await peer.ReadToEndAsync());
            await Eventually.TrueAsync(() => LinesOf(agent, peer).Count > 0);
            await Task.Delay(Slow); // A second line would come now.
            Assert.Matches(said, Assert.Single(LinesOf(agent, peer)));
        }
        catch (Exception wrong)
        {
            throw new Xunit.Sdk.XunitException($"peer '{name}': {wrong.Message}\n{agent.LogText}");
        }
    }

    private static List<string> LinesOf(RunningAgent agent, RawPeer peer) => [.. agent.Log.Where(line => line.Contains(peer.Name + " ", StringComparison.Ordinal))];
}
