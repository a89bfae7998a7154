using System.Text;
using System.Text.Json;
using Xunit;

namespace Deploy.Tests.Attacks.OnHost;

/// <summary>Rightly signed orders whose origin or target is no such path as it should be: what an operator with an order of rsync's own may not reach either.</summary>
[Trait("Category", "EndToEnd")]
public class TargetPathTests(PathAgent host) : IClassFixture<PathAgent>
{
    [Theory]
    [InlineData("WWW/../outside", "'..'")]
    [InlineData("WWW/a/../../outside", "'..'")]
    [InlineData("WWW/..", "'..'")]
    [InlineData("WWW/a/..", "'..'")]
    [InlineData("/", "none of the allowed paths")]
    [InlineData("//", "none of the allowed paths")]
    [InlineData("/etc", "none of the allowed paths")]
    [InlineData("OUTSIDE", "none of the allowed paths")]
    [InlineData("WWWx/a", "none of the allowed paths")]
    [InlineData("/proc/self/root/etc", "none of the allowed paths")]
    [InlineData("/proc/self/cwd", "none of the allowed paths")]
    [InlineData("/dev/fd/3", "none of the allowed paths")]
    [InlineData(".", "absolute path")]
    [InlineData("..", "absolute path")]
    [InlineData("www/a", "absolute path")]
    [InlineData("~/a", "absolute path")]
    [InlineData("-e", "absolute path")]
    [InlineData("--rsh=touch OUTSIDE/option", "absolute path")]
    [InlineData("--remove-source-files", "absolute path")]
    [InlineData("127.0.0.1:WWW/a", "absolute path")]
    [InlineData("127.0.0.1::site/a", "absolute path")]
    [InlineData("rsync://127.0.0.1/site", "absolute path")]
    [InlineData("file://WWW/a", "absolute path")]
    public async Task A_target_that_is_none_of_the_allowed_paths_is_refused_and_no_rsync_starts(string target, string why)
    {
        host.Begin();
        int starts = host.Starts;
        var (state, reason) = HostAgent.How(await host.SyncAsync(host.Site, In(target), string.Empty));
        Assert.Equal("refused", state);
        Assert.Contains(why, reason, StringComparison.Ordinal);
        Assert.Equal(starts, host.Starts);
        Assert.Empty(Directory.GetFileSystemEntries(host.Allowed));
        await host.UnharmedAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("WWW/a\0b")]
    [InlineData("\0")]
    [InlineData("WWW/a\nb")]
    [InlineData("WWW/a\u0085b")]
    [InlineData("WWW/\u202ea")]
    [InlineData("WWW/LONG")] // more letters than a path of an order has
    public async Task A_target_that_no_line_of_text_can_show_is_no_job(string target)
    {
        host.Begin();
        int starts = host.Starts;
        string text = In(target).Replace("LONG", new string('a', 1024), StringComparison.Ordinal);
        var answer = await host.GiveAsync($"\"order\":\"rsync\",\"origin\":\"{host.Site}\",\"target\":{JsonSerializer.Serialize(text)}", out string id);
        Assert.Equal((422, "invalid"), (answer.Status, answer.Problem));
        await host.Agent.NothingAsync(id);
        Assert.Equal(starts, host.Starts);
        await host.UnharmedAsync();
    }

    [Fact]
    public async Task A_target_that_is_no_text()
    {
        host.Begin();
        int starts = host.Starts;
        var order = BentOrderTests.Document(host.Agent.Alice, $"\"order\":\"rsync\",\"origin\":\"{host.Site}\",\"target\":\"{host.Allowed}/?\"");
        int at = Array.LastIndexOf(order.Body!, (byte)'?');
        foreach (byte[] wrong in new byte[][] { [0xFF], [0xC0, 0xAF], [0xED, 0xB2, 0x80], [0], [.. "\\ud800"u8], [.. "\\udcff"u8] })
        {
            await host.Agent.RefusedAsync(order with { Body = [.. order.Body![..at], .. wrong, .. order.Body[(at + 1)..]] }, 400, "bad-request");
        }

        Assert.Equal(starts, host.Starts);
        await host.UnharmedAsync();
    }

    /// <summary>Longer than a name of any file system, and than what the kernel takes as one path: said, not cut.</summary>
    [Theory]
    [InlineData(300, 1)]
    [InlineData(100, 8)]
    public async Task A_very_long_target_is_made_whole_or_not_at_all(int letters, int names)
    {
        host.Begin();
        string name = string.Concat(Enumerable.Repeat('/' + new string('é', letters), names)); // two bytes each
        var (state, _) = HostAgent.How(await host.SyncAsync(host.Site, host.Allowed + name, string.Empty));
        Assert.Contains(state, (string[])["refused", "failed"]);
        Assert.Empty(Directory.GetFileSystemEntries(host.Allowed));
        await host.UnharmedAsync();
    }

    /// <summary>No shell and no option reader sees it: it is the name of a directory.</summary>
    [Theory]
    [InlineData("-e")]
    [InlineData("--delete")]
    [InlineData("--rsh=touch OUTSIDE")]
    [InlineData("%2e%2e")]
    [InlineData("...")]
    [InlineData("$(touch pwned)")]
    [InlineData("a;touch pwned")]
    [InlineData("`touch pwned`")]
    [InlineData("*")]
    [InlineData("~")]
    [InlineData("a b")]
    [InlineData("a:b")]
    [InlineData("a\\\"b'c")]
    [InlineData("\\#000")]
    [InlineData("ü\uD83D\uDE00")]
    public async Task A_name_with_a_meaning_elsewhere_is_a_name(string name)
    {
        host.Begin();
        string target = host.Allowed + "/" + name.Replace("OUTSIDE", "outside", StringComparison.Ordinal);
        Assert.Equal("ok", HostAgent.How(await host.SyncAsync(host.Site, target, string.Empty)).State);
        Assert.Equal([target], Directory.GetFileSystemEntries(host.Allowed));
        Assert.True(File.Exists(target + "/css/main.css"));
        await host.UnharmedAsync();
    }

    [Theory]
    [InlineData("/dots")]
    [InlineData("/dots/")]
    [InlineData("/dots/.")]
    [InlineData("//dots///")]
    [InlineData("/./dots/./")]
    public async Task Slashes_and_dots_more_mean_the_same_directory(string spelt)
    {
        host.Begin();
        Assert.Equal("ok", HostAgent.How(await host.SyncAsync(host.Site, host.Allowed + spelt, string.Empty)).State);
        Assert.Equal([host.Allowed + "/dots"], Directory.GetFileSystemEntries(host.Allowed));
        Assert.True(File.Exists(host.Allowed + "/dots/index.html"));
        await host.UnharmedAsync();
    }

    [Theory]
    [InlineData("/etc/")]
    [InlineData("-e")]
    [InlineData("--rsh=touch OUTSIDE/option")]
    [InlineData("--files-from=/etc/passwd")]
    [InlineData("-e::site")]
    [InlineData("--rsh=x::site")]
    [InlineData("127.0.0.1:/etc")]
    [InlineData("root@127.0.0.1:/etc")]
    [InlineData("-oProxyCommand=touch OUTSIDE/option:/x")]
    [InlineData("rsync://-oProxyCommand=x/site")]
    [InlineData("rsync://127.0.0.1 -e x/site")]
    [InlineData("rsync:///site")]
    [InlineData("rsync://127.0.0.1/")]
    [InlineData("rsync://[::1/site")]
    [InlineData("::site")]
    [InlineData("ssh://127.0.0.1/site")]
    [InlineData("a/b::c")]
    public async Task An_origin_that_is_no_rsync_daemons_is_refused_and_no_rsync_starts(string origin)
    {
        host.Begin();
        int starts = host.Starts;
        var (state, reason) = HostAgent.How(await host.SyncAsync(In(origin), host.Allowed + "/a", string.Empty));
        Assert.Equal("refused", state);
        Assert.Contains("an origin in a request is", reason, StringComparison.Ordinal);
        Assert.Equal(starts, host.Starts);
        Assert.Empty(Directory.GetFileSystemEntries(host.Allowed));
        await host.UnharmedAsync();
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("PATH")]
    [InlineData("-e")]
    [InlineData("plain,OUTSIDE")]
    [InlineData("rsync://127.0.0.1/site/,OUTSIDE")]
    [InlineData("Plain")]
    public async Task A_group_is_a_name_of_the_file_and_nothing_else(string group)
    {
        host.Begin();
        int starts = host.Starts;
        Assert.Equal("refused", HostAgent.How(await host.SyncAsync(In(group).Replace("PATH", host.Allowed, StringComparison.Ordinal))).State);
        Assert.Equal(starts, host.Starts);
        Assert.Empty(Directory.GetFileSystemEntries(host.Allowed));
        await host.UnharmedAsync();
    }

    [Fact]
    public async Task A_thousand_letters_of_one_byte_each_are_one_path_that_is_there_or_not()
    {
        host.Begin();
        var deep = new StringBuilder(host.Allowed);
        while (deep.Length + 50 < 1000)
        {
            deep.Append('/').Append('d', 48);
        }

        Directory.CreateDirectory(deep.ToString());
        Assert.Equal("ok", HostAgent.How(await host.SyncAsync(host.Site, deep + "/t", string.Empty)).State);
        Assert.True(File.Exists(deep + "/t/index.html"));
        await host.UnharmedAsync();
    }

    private string In(string text) => text.Replace("WWW", host.Allowed, StringComparison.Ordinal).Replace("OUTSIDE", host.Outside, StringComparison.Ordinal);
}
