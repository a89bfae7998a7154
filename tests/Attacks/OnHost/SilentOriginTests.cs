using System.Text;
using Deploy.Tests.EndToEnd.Harness;
using Xunit;

namespace Deploy.Tests.Attacks.OnHost;

/// <summary>An origin that was taken over and falls silent at some step, makes no sense, or has no time.</summary>
[Trait("Category", "EndToEnd")]
public class SilentOriginTests(OriginAgent host) : IClassFixture<OriginAgent>
{
    private const string ShortTime = ",\"host_timeout_seconds\":3";

    [Theory]
    [InlineData("")]
    [InlineData("@RSYN")]
    [InlineData("GREETING")]
    [InlineData("GREETING@RSYNCD: OK\n")]
    [InlineData("BEGUN")]
    [InlineData("MIDLIST")]
    public async Task Silence_ends_by_the_groups_timeout_by_the_orders_time_and_by_a_cancel(string said)
    {
        host.Begin();
        byte[] bytes = said switch
        {
            "MIDLIST" => [.. BentRsyncd.Begun, .. BentRsyncd.List(BentRsyncd.Entry("a"), BentRsyncd.Entry("b"))[..^10]],
            "BEGUN" => BentRsyncd.Begun,
            _ => Encoding.ASCII.GetBytes(said.Replace("GREETING", Encoding.ASCII.GetString(BentRsyncd.Greeting), StringComparison.Ordinal)),
        };
        host.Script = async (peer, _) =>
        {
            await peer.SendAsync(bytes);
            await peer.HangAsync();
        };
        var quick = host.SyncAsync("quick", ",\"host_timeout_seconds\":30");
        var timed = host.SyncAsync("loose", ",\"host_timeout_seconds\":1");
        var answer = await host.GiveAsync("\"order\":\"rsync\",\"group\":\"plain\"", out string id);
        Assert.Equal(202, answer.Status);
        await Eventually.TrueAsync(() => host.Asked == 3, () => host.Agent.Daemon.LogText);
        await host.CancelAsync(id);
        Assert.Equal("cancelled", HostAgent.How(await BentOrderTests.EndedAsync(host.Agent, id)).State);
        Assert.Equal("timeout", HostAgent.How(await timed).State);
        var (state, reason) = HostAgent.How(await quick);
        Assert.Equal("failed", state);
        Assert.Contains("sent nothing for too long", reason, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(host.Allowed, "*", SearchOption.AllDirectories));
        await host.UnharmedAsync();
    }

    /// <summary>rsync's own timeout does not end it there: its generator sends keep-alives, which count (io.c, check_timeout). The order's time does, and a cancel.</summary>
    [Fact]
    public async Task Silence_in_place_of_a_files_content_ends_by_the_orders_time_and_by_a_cancel()
    {
        host.Begin();
        host.Script = async (peer, _) =>
        {
            await peer.SendAsync((byte[])[.. BentRsyncd.Begun, .. BentRsyncd.List(BentRsyncd.Entry("a", size: 5))]);
            await peer.HangAsync();
        };
        var timed = host.SyncAsync("loose", ",\"host_timeout_seconds\":2");
        var answer = await host.GiveAsync("\"order\":\"rsync\",\"group\":\"plain\"", out string id);
        Assert.Equal(202, answer.Status);
        await Eventually.TrueAsync(() => host.Asked == 2, () => host.Agent.Daemon.LogText);
        await host.CancelAsync(id);
        Assert.Equal("cancelled", HostAgent.How(await BentOrderTests.EndedAsync(host.Agent, id)).State);
        Assert.Equal("timeout", HostAgent.How(await timed).State);
        Assert.Empty(Directory.EnumerateFiles(host.Allowed, "*", SearchOption.AllDirectories));
        await host.UnharmedAsync();
    }

    [Theory]
    [InlineData("@ERROR: \u001b[31mred\u001b[0m \u202e evil \u009b2J\n")]
    [InlineData("GREETING@ERROR: \u001b]0;title\u0007\u001b[2J\n")]
    [InlineData("GREETING@RSYNCD: EXIT\n")]
    [InlineData("GREETING@RSYNCD: AUTHREQD x\n")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n")]
    [InlineData("@RSYNCD: 99999999999999999999.0\n")]
    [InlineData("@RSYNCD: -1.0\n")]
    [InlineData("@RSYNCD: 19.0\n")]
    [InlineData("@RSYNCD: 31.0 \u0000\u0000\n@RSYNCD: OK\n\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff")]
    public async Task Words_that_make_no_sense_fail_and_what_is_told_of_them_is_safe_to_print(string said)
    {
        host.Begin();
        host.Keep("plain");
        byte[] bytes = Encoding.UTF8.GetBytes(said.Replace("GREETING", Encoding.ASCII.GetString(BentRsyncd.Greeting), StringComparison.Ordinal));
        host.Script = (peer, _) => peer.SendAsync(bytes);
        var (state, reason) = HostAgent.How(await host.SyncAsync("plain", ShortTime));
        Assert.Contains(state, (string[])["failed", "timeout"]); // rsync may wait on for an end of the connection
        Assert.DoesNotContain(reason, letter => char.IsControl(letter) || letter is '\u202e');
        Assert.DoesNotContain(host.Agent.Daemon.LogText, letter => letter != '\n' && (char.IsControl(letter) || letter is '\u202e'));
        Assert.Equal("own", File.ReadAllText(host.Allowed + "/plain/own"));
        await host.UnharmedAsync();
    }

    [Fact]
    public async Task An_origin_that_is_always_busy_is_waited_for_no_longer_than_the_order_says()
    {
        host.Begin();
        host.Script = (peer, _) => peer.SendAsync((byte[])[.. BentRsyncd.Greeting, .. "@ERROR: max connections (4) reached -- try again later\n"u8]);
        var (state, reason) = HostAgent.How(await host.SyncAsync("plain", ShortTime));
        Assert.Equal("timeout", state);
        Assert.Contains("busy", reason, StringComparison.Ordinal);
        Assert.InRange(host.Asked, 1, 5);
        await host.UnharmedAsync();
    }
}
