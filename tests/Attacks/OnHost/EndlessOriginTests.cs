using System.Text;
using Deploy.Tests.EndToEnd.Harness;
using Xunit;

namespace Deploy.Tests.Attacks.OnHost;

/// <summary>An origin that was taken over and does not come to an end: words, lists and messages on and on, and silence at each step.</summary>
[Trait("Category", "EndToEnd")]
public class EndlessOriginTests(OriginAgent host) : IClassFixture<OriginAgent>
{
    private const string ShortTime = ",\"host_timeout_seconds\":4";

    [Fact]
    public Task A_list_without_end() => EndlessAsync("plain", BentRsyncd.Begun, number => BentRsyncd.Frame(BentRsyncd.Data, [.. Enumerable.Range(0, 200).Select(at => BentRsyncd.Entry($"f{number:0000000}-{at:000}"))]));

    [Fact]
    public Task A_list_of_folders_each_in_the_one_before()
    {
        string deep = "d";
        return EndlessAsync("plain", BentRsyncd.Begun, _ => BentRsyncd.Frame(BentRsyncd.Data, BentRsyncd.Entry(deep = deep.Length < 100_000 ? deep + "/d" : deep, BentRsyncd.Folder)));
    }

    [Fact]
    public Task A_greeting_line_without_end() => EndlessAsync("plain", "@RSYNCD: 31.0 "u8.ToArray(), _ => [.. Enumerable.Repeat((byte)'x', 60_000)]);

    [Fact]
    public Task A_message_of_the_day_without_end() => EndlessAsync("plain", BentRsyncd.Greeting, _ => [.. Enumerable.Repeat("welcome\n"u8.ToArray(), 5_000).SelectMany(line => line)]);

    [Theory]
    [InlineData(BentRsyncd.Info)]
    [InlineData(BentRsyncd.Warning)]
    [InlineData(BentRsyncd.Error)]
    [InlineData(BentRsyncd.ErrorTransfer)]
    public Task Messages_without_end(int tag) => EndlessAsync("plain", BentRsyncd.Begun, number => [.. Enumerable.Repeat(BentRsyncd.Frame(tag, Encoding.ASCII.GetBytes($"line {number}\n{new string('m', 900)}\n")), 60).SelectMany(frame => frame)]);

    /// <summary>Says the begin, then piece after piece without end, some 10 MB a second: the order ends by its time, and the agent's memory is what it was.</summary>
    private async Task EndlessAsync(string group, byte[] begin, Func<int, byte[]> piece)
    {
        host.Begin();
        string target = host.Keep(group);
        long sent = 0;
        host.Script = async (peer, _) =>
        {
            await peer.SendAsync(begin);
            for (int number = 0; ; number++)
            {
                byte[] bytes = piece(number);
                await peer.SendAsync(bytes);
                sent += bytes.Length;
                await Task.Delay(4, peer.Stopped);
            }
        };
        int pid = host.Agent.Daemon.Pid;
        long before = ProcFacts.ResidentBytes(pid), most = 0;
        var end = host.SyncAsync(group, ShortTime);
        while (await Task.WhenAny(end, Task.Delay(100)) != end)
        {
            most = Math.Max(most, ProcFacts.ResidentBytes(pid));
        }

        var (state, reason) = HostAgent.How(await end);
        Assert.Contains(state, (string[])["timeout", "failed"]);
        Assert.True(most - before < 64L * 1024 * 1024, $"{most - before} bytes more while {sent} were sent; {state}: {reason}");
        Assert.True(sent > 0, $"{state}: {reason}");
        Assert.Equal([target], Directory.GetFileSystemEntries(host.Allowed));
        await host.UnharmedAsync();
    }
}
