using System.Globalization;
using System.Runtime.InteropServices;
using Deploy.Jobs.Syncs;
using Deploy.Modes.Agent;
using Deploy.Tests.Fixtures;
using Deploy.Tests.Rsync;
using Xunit;

namespace Deploy.Tests.Api.Hostile;

/// <summary>Which directories an order can reach over the wire, by a path in the request and by a group's own.</summary>
public sealed partial class TargetPathTests : IDisposable
{
    private const int Timeout = 180_000;
    private const string Refused = "HTTP/1.1 403 Permission Denied", Unusable = "HTTP/1.1 400 Bad Request", Taken = "HTTP/1.1 200 OK";

    private readonly TempFolder folder = new();
    private readonly RsyncDaemon daemon;

    public TargetPathTests()
    {
        foreach (string name in new[] { "origin", "conf", "srv/a", "srv/ab", "elsewhere/by-link", "elsewhere/by-user-link" })
        {
            Directory.CreateDirectory(folder[name]);
        }

        File.WriteAllText(folder["origin/file"], "new");
        File.WriteAllText(folder["srv/a/is-a-file"], "old");
        File.WriteAllText(folder["elsewhere/precious"], "old");
        File.CreateSymbolicLink(folder["srv/a/link"], folder["elsewhere/by-link"]);
        File.CreateSymbolicLink(folder["srv/a/user-link"], folder["elsewhere/by-user-link"]);
        File.CreateSymbolicLink(folder["srv/a/dangling"], folder["elsewhere/new"]);
        File.CreateSymbolicLink(folder["srv/a/up"], "..");
        if (Environment.IsPrivilegedProcess)
        {
            Assert.Equal(0, LChown(folder["srv/a/user-link"], 65534, 65534));
        }

        daemon = RsyncDaemon.Start(folder["conf"], [new RsyncModule("m", folder["origin"])]);
    }

    public void Dispose()
    {
        daemon.Dispose();
        folder.Dispose();
    }

    /// <summary>ROOT is the test's directory; <c>ROOT/srv/a</c> is what the agent allows.</summary>
    [Theory(Timeout = Timeout)]
    [InlineData("", Unusable)]
    [InlineData("ROOT/srv/ab", Refused)]
    [InlineData("ROOT/srv", Refused)]
    [InlineData("/", Refused)]
    [InlineData("ROOT/elsewhere", Refused)]
    [InlineData("ROOT/srv/a/../../elsewhere", Refused)]
    [InlineData("ROOT/srv/a/..", Refused)]
    [InlineData("ROOT/srv/a/x/../y", Refused)]
    [InlineData("srv/a/x", Refused)]
    [InlineData("./x", Refused)]
    [InlineData("~/x", Refused)]
    [InlineData("ROOT/srv/a/x\0/../../elsewhere", Refused)]
    [InlineData("ROOT/srv/a\0", Refused)]
    [InlineData("ROOT/srv/a/x\ny", Refused)]
    [InlineData("ROOT/srv/a/x\ry", Refused)]
    [InlineData("ROOT/srv/a/\u001b[2J", Refused)]
    [InlineData(" ROOT/srv/a/x", Refused)]
    [InlineData("ROOT/srv\u2215a", Refused)]
    [InlineData("ROOT/srv/A", Refused)]
    [InlineData("host:ROOT/srv/a/x", Refused)]
    [InlineData("rsync://host/srv/a/x", Refused)]
    [InlineData("ROOT/srv/a/user-link", Refused)]
    [InlineData("ROOT/srv/a/user-link/deep", Refused)]
    [InlineData("ROOT/srv/a/user-link/", Refused)]
    public async Task A_target_that_is_not_allowed_is_not_written(string target, string status)
    {
        var before = Tree();
        string path = target.Replace("ROOT", folder.Path, StringComparison.Ordinal);
        await using var agent = await StartAsync(path);
        foreach (string order in new[] { "status", "rlist", "rsync", "rkill" })
        {
            Assert.Equal((order, status), (order, (await agent.OrderAsync(order, $"{Encoded(daemon.Url("m"))},{Encoded(path)}")).StatusLine));
            Assert.Equal((order, status), (order, (await agent.OrderAsync(order, "group")).StatusLine));
        }

        Assert.DoesNotContain(agent.Log.Entries, entry => entry.Message.Contains("runs as process", StringComparison.Ordinal));
        Assert.Equal(before, Tree());
    }

    [Theory(Timeout = Timeout)]
    [InlineData("ROOT/srv/a/link", "elsewhere/by-link")]
    [InlineData("ROOT/srv/a/link/", "elsewhere/by-link")]
    [InlineData("ROOT/srv/a/link/deep", "elsewhere/by-link/deep")]
    [InlineData("ROOT/srv/a/up/ab", "srv/ab")]
    public async Task A_group_may_go_through_a_link_of_root_and_a_request_through_none(string target, string lands)
    {
        string path = target.Replace("ROOT", folder.Path, StringComparison.Ordinal);
        await using var agent = await StartAsync(path);
        var before = Tree();
        Assert.Equal(Refused, (await agent.OrderAsync("rsync", $"{daemon.Url("m")},{path}")).StatusLine);
        Assert.Equal(before, Tree());
        var reply = await agent.OrderAsync("rsync", "group");
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Equal(Refused, reply.StatusLine); // every link here is ours, not root's
            Assert.Equal(before, Tree());
            return;
        }

        Assert.Equal(Taken, reply.StatusLine);
        await Until(() => File.Exists(folder[lands + "/file"]));
        Assert.Equal("old", await File.ReadAllTextAsync(folder["elsewhere/precious"]));
    }

    [Theory(Timeout = Timeout)]
    [InlineData("ROOT/srv/a/x", "srv/a/x")]
    [InlineData("ROOT/srv/a/x/", "srv/a/x")]
    [InlineData("ROOT/srv//a/./x", "srv/a/x")]
    [InlineData("ROOT/srv/a/..x", "srv/a/..x")]
    [InlineData("ROOT/srv/a/-e sh", "srv/a/-e sh")]
    [InlineData("ROOT/srv/a/host:path", "srv/a/host:path")]
    [InlineData("ROOT/srv/a", "srv/a")]
    [InlineData("ROOT/srv/a/", "srv/a")]
    public async Task An_allowed_target_is_written_and_nothing_else(string target, string lands)
    {
        string path = target.Replace("ROOT", folder.Path, StringComparison.Ordinal);
        await using var agent = await StartAsync(path);
        int runs = 0;
        foreach (string options in new[] { $"{daemon.Url("m")},{Encoded(path)}", "group" })
        {
            runs++;
            Assert.Equal(Taken, (await agent.OrderAsync("rsync", options)).StatusLine);
            await Until(() => File.Exists(folder[lands + "/file"]));
            await Until(() => agent.Log.Entries.Count(entry => entry.Message.StartsWith("job ", StringComparison.Ordinal) && entry.Message.Contains(": ok (", StringComparison.Ordinal)) == runs);
            File.Delete(folder[lands + "/file"]);
        }

        Assert.Equal(["elsewhere/by-link", "elsewhere/by-user-link", "elsewhere/precious"], Tree().Where(name => name.StartsWith("elsewhere/", StringComparison.Ordinal)));
        Assert.DoesNotContain(Tree(), name => name.StartsWith("srv/ab/", StringComparison.Ordinal));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_target_that_is_a_file_stays_one()
    {
        File.WriteAllText(folder["origin/second"], "so that rsync wants a directory");
        await using var agent = await StartAsync(folder["srv/a/is-a-file"]);
        foreach (string options in new[] { $"{daemon.Url("m")},{folder["srv/a/is-a-file"]}", "group" })
        {
            var reply = await agent.OrderAsync("rsync", options);
            Assert.Equal(Taken, reply.StatusLine);
            Assert.Contains("\"false\"", reply.Body, StringComparison.Ordinal);
        }

        Assert.Equal("old", await File.ReadAllTextAsync(folder["srv/a/is-a-file"]));
    }

    [Fact(Timeout = Timeout)]
    public async Task Two_names_of_one_directory_are_one_target()
    {
        File.WriteAllBytes(folder["origin/file"], new byte[2 << 20]);
        await using var agent = await StartAsync(folder["srv/a/x"], "--bwlimit=100");
        Assert.Contains("checksum", (await agent.OrderAsync("rsync", "group")).Body, StringComparison.Ordinal);
        var second = await agent.OrderAsync("rsync", $"{daemon.Url("m")},{folder["srv/a//./x/"]}");
        Assert.Contains("alreadyRsync", second.Body, StringComparison.Ordinal);
        Assert.Matches("\"process\": \\[[^\\]]*\\d", (await agent.OrderAsync("rkill", $"{daemon.Url("m")},{folder["srv/a/x"]}")).Body);
    }

    private Task<AgentFixture> StartAsync(string target, params string[] options) => AgentFixture.StartAsync(settings => settings with
    {
        AllowedPaths = [folder["srv/a"]],
        Groups = new Dictionary<string, SyncGroup> { ["group"] = new() { Name = "group", Origin = daemon.Url("m"), Target = target, Options = ["--archive", .. options] } },
    });

    /// <summary>Every entry below the directory, links not followed, but the daemon's own files.</summary>
    private IReadOnlyList<string> Tree() =>
        [.. HostileTree.Entries(folder.Path).Select(entry => System.Text.Encoding.UTF8.GetString(entry.Name)).Where(name => !name.StartsWith("conf/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static string Encoded(string text) => string.Concat(System.Text.Encoding.UTF8.GetBytes(text).Select(one => string.Create(CultureInfo.InvariantCulture, $"%{one:x2}")));

    private static async Task Until(Func<bool> reached)
    {
        for (int i = 0; !reached(); i++)
        {
            Assert.True(i < 1200, "waited 60 s in vain");
            await Task.Delay(50);
        }
    }

    [LibraryImport("libc", EntryPoint = "lchown", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LChown(string path, uint user, uint group);
}
