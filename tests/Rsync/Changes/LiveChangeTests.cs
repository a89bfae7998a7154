using System.Text;
using Deploy.Model.Jobs;
using Deploy.Rsync;
using Xunit;

namespace Deploy.Tests.Rsync.Changes;

/// <summary>Change sets of a real rsync.</summary>
public class LiveChangeTests
{
    private const int Timeout = 120_000;

    [Fact(Timeout = Timeout)]
    public async Task Every_odd_name_is_one_line_with_its_own_bytes_in_a_dry_run_and_in_the_run()
    {
        await using var live = new LiveRsync();
        HostileTree.Make(live.Origin, HostileTree.Names.SelectMany((name, at) => new[] { ('f', name, "content"u8.ToArray()), ('l', [.. "L"u8, .. name.Take(200), .. Encoding.ASCII.GetBytes($"{at}")], name) }));
        var call = live.Call(live.Daemon().Url("site")) with { KeepNames = false, Changes = ChangeReport.Lines };
        var dry = await live.RunAsync(call with { DryRun = true });
        var names = Lines(dry).Where(change => change.Type == 'f').Select(change => Convert.ToHexString(change.Name.Span)).Order().ToList();
        Assert.Equal(HostileTree.Names.Select(Convert.ToHexString).Order(), names);
        var links = Lines(dry).Where(change => change.Type == 'L').Select(change => Convert.ToHexString(change.Link!.Value.Span)).Order().ToList();
        Assert.Equal(HostileTree.Names.Select(Convert.ToHexString).Order(), links);
        Assert.All(Lines(dry), change => Assert.Matches("^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z$", change.Time));
        Assert.Equal((HostileTree.Names.Count * 2) + 1, dry.Changes!.New); // the target itself, which is missing

        var run = await live.RunAsync(call);
        Assert.Equal(dry.Changes.Digest(), run.Changes!.Digest());
        var again = await live.RunAsync(call with { DryRun = true });
        Assert.True(again.Changes!.IsEmpty);
        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", again.Changes.Digest());
    }

    [Fact(Timeout = Timeout)]
    public async Task Deletions_have_a_name_alone_and_directories_that_differ_in_time_are_no_change()
    {
        await using var live = new LiveRsync();
        HostileTree.Make(live.Origin, [('d', "kept"u8.ToArray(), []), ('f', "kept/new"u8.ToArray(), "1"u8.ToArray())]);
        HostileTree.Make(Directory.CreateDirectory(live.Target).FullName, [('d', "kept"u8.ToArray(), []), ('d', "gone"u8.ToArray(), []), ('f', "gone/file\n"u8.ToArray(), [])]);
        var result = await live.RunAsync(live.Call(live.Origin + "/") with { DryRun = true, Changes = ChangeReport.Lines });
        string[] lines = Encoding.UTF8.GetString(result.Changes!.Content!.Value.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["deleted\t-\t\t\tgone/file\\x0a", "deleted\td\t\t\tgone"], lines[..2]);
        Assert.Matches("^new\tf\t1\t.*Z\tkept/new$", lines[2]);
        Assert.Equal(3, lines.Length);
        Assert.Equal(["gone/file\\x0a", "gone/"], result.Changes.FirstDeleted);
    }

    [Fact(Timeout = Timeout)]
    public async Task Equal_trees_on_two_hosts_give_equal_digests_however_rsync_goes_through_them()
    {
        await using var live = new LiveRsync();
        HostileTree.Make(live.Origin, HostileTree.Names.Take(12).Select(name => ('f', name, "x"u8.ToArray())));
        string other = Path.Combine(live.Root, "other");
        HostileTree.Make(Directory.CreateDirectory(live.Target).FullName, [('f', "zz"u8.ToArray(), []), ('f', "aa"u8.ToArray(), [])]);
        HostileTree.Make(Directory.CreateDirectory(other).FullName, [('f', "aa"u8.ToArray(), []), ('f', "zz"u8.ToArray(), [])]);
        var call = live.Call(live.Daemon().Url("site")) with { DryRun = true, Changes = ChangeReport.Lines };
        var one = await live.RunAsync(call);
        var two = await live.RunAsync(call with { Target = other, Options = ["-a", "--delete-after", "--no-inc-recursive"] });
        Assert.Equal(one.Changes!.Digest(), two.Changes!.Digest());
        File.WriteAllText(Path.Combine(other, "more"), string.Empty);
        Assert.NotEqual(one.Changes.Digest(), (await live.RunAsync(call with { Target = other })).Changes!.Digest());
    }

    private static List<Change> Lines(SyncResult result)
    {
        var changes = new List<Change>();
        foreach (string line in Encoding.UTF8.GetString(result.Changes!.Content!.Value.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.True(Change.TryParse(Encoding.UTF8.GetBytes(line), out var change), line);
            changes.Add(change);
        }

        return changes;
    }
}
