using Xunit;

namespace Deploy.Tests.Attacks.OnHost;

/// <summary>An origin that was taken over and speaks rsync's protocol to the letter, with names, kinds and numbers of its choice in the list of files.</summary>
[Trait("Category", "EndToEnd")]
public class LyingListTests(OriginAgent host) : IClassFixture<OriginAgent>
{
    private const string ShortTime = ",\"host_timeout_seconds\":10";
    private const string LeadsOutside = "unsafe pathname from sender";

    /// <summary>What is bent below is taken when it is not: else nothing here would be an attack.</summary>
    [Fact]
    public async Task What_is_bent_here_is_taken_when_it_is_not()
    {
        host.Begin();
        string target = host.Keep("plain");
        Play([.. BentRsyncd.List(BentRsyncd.Entry("d", BentRsyncd.Folder), BentRsyncd.Entry("x", size: 5)), .. BentRsyncd.Sent(1, "taken"), .. BentRsyncd.Over]);
        var (state, reason) = HostAgent.How(await host.SyncAsync("plain", ShortTime));
        Assert.True(state == "ok", reason);
        Assert.Equal("taken", File.ReadAllText(target + "/x"));
        Assert.True(Directory.Exists(target + "/d"));
        await host.UnharmedAsync();
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("..")]
    [InlineData("../../../../../../../../OUTSIDE/x")]
    [InlineData("a/../../x")]
    [InlineData("a/..")]
    [InlineData("OUTSIDE/x")]
    [InlineData("/proc/self/cwd/x")]
    [InlineData("//x")]
    [InlineData("/")]
    public async Task A_name_that_leads_outside_fails_and_writes_nothing(string name)
    {
        host.Begin();
        string target = host.Keep("plain");
        string sent = name.Replace("OUTSIDE", host.Outside, StringComparison.Ordinal);
        foreach (uint mode in new[] { BentRsyncd.File, BentRsyncd.Folder, BentRsyncd.Fifo, BentRsyncd.Link })
        {
            Play([.. BentRsyncd.List(BentRsyncd.Entry(sent, mode, 5, link: "own")), .. BentRsyncd.Sent(1, "taken"), .. BentRsyncd.Over]);
            var (state, reason) = HostAgent.How(await host.SyncAsync("plain", ShortTime));
            Assert.Equal("failed", state);
            Assert.Contains(LeadsOutside, reason, StringComparison.Ordinal);
        }

        Assert.Equal([target + "/own"], Directory.GetFileSystemEntries(target));
        Assert.Equal([target], Directory.GetFileSystemEntries(host.Allowed));
        Assert.False(File.Exists("/x"));
        await host.UnharmedAsync();
    }

    [Theory]
    [InlineData("", BentRsyncd.File)]
    [InlineData("a\0b", BentRsyncd.File)]
    [InlineData("a", 0u)]
    [InlineData("a", 0xFFFFFFFFu)]
    [InlineData(".", BentRsyncd.Link)]
    [InlineData(".", BentRsyncd.File)]
    public async Task An_entry_that_cannot_be_harms_nothing(string name, uint mode)
    {
        host.Begin();
        string target = host.Keep("plain");
        Play([.. BentRsyncd.List(BentRsyncd.Entry(name, mode, link: "own")), .. BentRsyncd.Over]);
        Assert.Contains(HostAgent.How(await host.SyncAsync("plain", ",\"host_timeout_seconds\":2")).State, (string[])["ok", "unchanged", "failed", "partial", "timeout"]);
        Assert.Equal([target], Directory.GetFileSystemEntries(host.Allowed));
        Assert.Equal("own", File.ReadAllText(target + "/own"));
        await host.UnharmedAsync();
    }

    [Theory]
    [InlineData(BentRsyncd.CharDevice)]
    [InlineData(BentRsyncd.BlockDevice)]
    [InlineData(BentRsyncd.Fifo)]
    [InlineData(BentRsyncd.Socket)]
    public async Task Devices_and_their_kin_are_not_made_and_what_comes_with_them_is(uint mode)
    {
        host.Begin();
        string target = host.Keep("plain");
        Play([.. BentRsyncd.List(BentRsyncd.Entry("d", BentRsyncd.Folder), BentRsyncd.Entry("node", mode)), .. BentRsyncd.Made(2), .. BentRsyncd.Over]);
        Assert.Equal("ok", HostAgent.How(await host.SyncAsync("plain", ShortTime)).State);
        Assert.Equal([target + "/d", target + "/own"], Directory.GetFileSystemEntries(target).Order());
        await host.UnharmedAsync();
    }

    [Fact]
    public async Task Links_that_lead_outside_are_not_made()
    {
        host.Begin();
        string target = host.Keep("plain");
        Play([.. BentRsyncd.List(
            BentRsyncd.Entry("l", BentRsyncd.Link, link: host.Outside),
            BentRsyncd.Entry("m", BentRsyncd.Link, link: "../../x"),
            BentRsyncd.Entry("n", BentRsyncd.Link, link: "own")), .. BentRsyncd.Made(3), .. BentRsyncd.Over]);
        var end = await host.SyncAsync("plain", ShortTime);
        Assert.Equal("ok", HostAgent.How(end).State);
        Assert.Equal(2, end.GetProperty("totals").GetProperty("skipped_links").GetInt32());
        Assert.Equal([target + "/n", target + "/own"], Directory.GetFileSystemEntries(target).Order());
        await host.UnharmedAsync();
    }

    /// <summary>A group that takes links wherever they lead: what the list then puts behind one does not go through it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_behind_a_link_of_the_same_list_is_not_written_through_it(bool linkIsThere)
    {
        host.Begin();
        string target = host.Keep("loose");
        if (linkIsThere)
        {
            File.CreateSymbolicLink(target + "/l", host.Outside); // an earlier sync made it
        }

        byte[] link = BentRsyncd.Entry("l", BentRsyncd.Link, link: host.Outside);
        Play([.. BentRsyncd.List([.. linkIsThere ? Array.Empty<byte[]>() : [link], BentRsyncd.Entry("l/x", size: 5)]), .. BentRsyncd.Sent(linkIsThere ? 1 : 2, "taken"), .. BentRsyncd.Over]);
        var (state, _) = HostAgent.How(await host.SyncAsync("loose", ",\"host_timeout_seconds\":3"));
        Assert.Contains(state, (string[])["failed", "partial", "timeout"]);
        await host.UnharmedAsync();
    }

    [Fact]
    public async Task Twenty_thousand_deletions_are_refused_by_the_guard_whether_the_list_is_empty_or_short()
    {
        host.Begin();
        string target = Full();
        Play([.. BentRsyncd.List(), .. BentRsyncd.Over]);
        var (state, reason) = HostAgent.How(await host.SyncAsync("mirror", ShortTime));
        Assert.Equal("refused", state);
        Assert.Contains("came up empty, and 20001 of the target's ", reason, StringComparison.Ordinal);
        Assert.Equal(1, host.Asked);

        Play([.. BentRsyncd.List(BentRsyncd.Entry("own", size: 3)), .. BentRsyncd.Over]);
        (state, reason) = HostAgent.How(await host.SyncAsync("mirror", ShortTime));
        Assert.Equal("refused", state);
        Assert.Contains("20000 of the target's 20002 entries would go, and 100 may (max_delete)", reason, StringComparison.Ordinal);
        Assert.Equal(1, host.Asked);
        Assert.Equal(20_001, Directory.GetFiles(target).Length);
        await host.UnharmedAsync();
    }

    /// <summary>The whole list to the dry run that counts, an empty one to the run that deletes: that may delete no more than was counted.</summary>
    [Fact]
    public async Task A_list_that_is_empty_as_soon_as_it_was_counted_deletes_nothing()
    {
        host.Begin();
        string target = host.Keep("mirror");
        File.WriteAllText(target + "/other", "own");
        foreach (string file in Directory.GetFiles(target))
        {
            File.SetLastWriteTimeUtc(file, DateTimeOffset.FromUnixTimeSeconds(1).UtcDateTime); // as the list has it
        }

        byte[] whole = [.. BentRsyncd.List(BentRsyncd.Entry("other", size: 3), BentRsyncd.Entry("own", size: 3)), .. BentRsyncd.Over];
        host.Script = (peer, number) => BentRsyncd.PlayAsync(peer, number == 1 ? whole : [.. BentRsyncd.List(), .. BentRsyncd.Over]);
        var (state, reason) = HostAgent.How(await host.SyncAsync("mirror", ShortTime));
        Assert.Equal(2, host.Asked);
        Assert.Equal("partial", state);
        Assert.Contains("deletions stopped at 0: more would go than was counted a moment before, 0", reason, StringComparison.Ordinal);
        Assert.Equal([target + "/other", target + "/own"], Directory.GetFiles(target).Order());
        await host.UnharmedAsync();
    }

    private string Full()
    {
        string target = host.Keep("mirror");
        File.SetLastWriteTimeUtc(target + "/own", DateTimeOffset.FromUnixTimeSeconds(1).UtcDateTime); // as the list has it
        for (int i = 0; i < 20_000; i++)
        {
            File.Create($"{target}/f{i:00000}").Dispose();
        }

        return target;
    }

    private void Play(byte[] said) => host.Script = (peer, _) => BentRsyncd.PlayAsync(peer, said);
}
