using System.Text;
using Deploy.Rsync;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Rsync;

/// <summary>The names that a real rsync reports, against the differences that find(1) shows.</summary>
public class LiveNameTests
{
    private const int Timeout = 180_000;

    [Theory(Timeout = Timeout)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_reported_is_what_differs(bool dryRun)
    {
        await using var live = new LiveRsync();
        Directory.CreateDirectory(live.Target);
        var names = HostileTree.Names;
        HostileTree.Make(live.Origin, [
            ('d', "d\n1"u8.ToArray(), []), ('d', "empty"u8.ToArray(), []), ('f', "same"u8.ToArray(), "s"u8.ToArray()), ('f', "changed"u8.ToArray(), "longer"u8.ToArray()),
            .. names.Select(name => ('f', name, "x"u8.ToArray())),
            .. names.Where(name => name.Length < 200).Select(name => ('l', (byte[])[.. "d\n1/l "u8, .. name], name)),
            ('h', "d\n1/hard"u8.ToArray(), "changed"u8.ToArray()), ('p', "fi\nfo"u8.ToArray(), [])]);
        HostileTree.Make(live.Target, [
            ('d', "gone\ndir"u8.ToArray(), []), ('f', "same"u8.ToArray(), "s"u8.ToArray()), ('f', "changed"u8.ToArray(), "old"u8.ToArray()),
            .. names.Select(name => ('f', (byte[])[.. "gone\ndir/"u8, .. name], "x"u8.ToArray())),
            .. names.Where(name => name.Length < 200).Select(name => ('f', (byte[])[.. "old"u8, .. name], "x"u8.ToArray()))]);
        File.SetLastWriteTimeUtc(Path.Combine(live.Target, "same"), File.GetLastWriteTimeUtc(Path.Combine(live.Origin, "same")));

        var origin = HostileTree.Entries(live.Origin);
        var target = HostileTree.Entries(live.Target);
        var inTarget = target.ToDictionary(entry => Hex(entry.Name));
        var inOrigin = origin.ToDictionary(entry => Hex(entry.Name));
        var expectedNew = origin.Where(entry => entry.Type != 'd' && !(inTarget.TryGetValue(Hex(entry.Name), out var there) && there.Size == entry.Size)).Select(WithLink);
        var expectedGone = target.Where(entry => !inOrigin.ContainsKey(Hex(entry.Name))).ToList();

        var result = await live.RunAsync(live.Call(live.Daemon(motd: "Number of files: 9\n\nNumber of files: 8\n*deleting   0 motd\n").Url("site")) with { DryRun = dryRun });

        Assert.Equal(SyncOutcome.Ok, result.Outcome);
        Assert.Equal(Sorted(expectedNew), Sorted(result.NewNames.Select(name => Hex(name.Unescape()))));
        Assert.Equal(Sorted(expectedGone.Where(entry => entry.Type != 'd').Select(entry => Hex(entry.Name))), Sorted(result.DeletedNames.Select(name => Hex(name.Unescape()))));
        Assert.Equal(expectedGone.Count, result.Counts.Deletions);
        Assert.Equal(origin.Count + 1, result.Counts.FilesListed); // the root counts
        int files = origin.Count(entry => entry.Type == 'f') - 1;  // all but same
        Assert.Equal(files, result.Counts.FilesTransferred);
        Assert.Equal(origin.Where(entry => entry.Type == 'f').Sum(entry => entry.Size) - 1, result.Counts.BytesTransferred);
        Assert.Equal(string.Empty, result.Said);
        Assert.Null(result.Warning);

        var after = HostileTree.Entries(live.Target);
        Assert.Equal(Sorted((dryRun ? target : origin).Select(entry => Hex(entry.Name))), Sorted(after.Select(entry => Hex(entry.Name))));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_second_run_reports_nothing()
    {
        await using var live = new LiveRsync();
        HostileTree.Make(live.Origin, HostileTree.Names.Select(name => ('f', name, name)));
        var call = live.Call(live.Daemon().Url("site"));
        var first = await live.RunAsync(call);
        Assert.Equal($"created directory {live.Target}", first.NewNames.First().LegacyText());
        Assert.Equal(HostileTree.Names.Count + 1, first.NewNames.Count);
        foreach (bool dryRun in new[] { true, false })
        {
            var again = await live.RunAsync(call with { DryRun = dryRun });
            Assert.Equal(new SyncCounts { FilesListed = HostileTree.Names.Count + 1 }, again.Counts);
            Assert.Empty(again.NewNames);
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task Hard_links_are_told_with_their_other_name()
    {
        await using var live = new LiveRsync();
        HostileTree.Make(live.Origin, [('f', "a => b"u8.ToArray(), "x"u8.ToArray()), ('h', "c\nd"u8.ToArray(), "a => b"u8.ToArray())]);
        var result = await live.RunAsync(live.Call(live.Daemon().Url("site")) with { Options = ["-aH", "--delete"] });
        string[] names = [.. result.NewNames.Skip(1).Select(name => name.LegacyText()).Order(StringComparer.Ordinal)];
        Assert.True(names is ["a => b", "c\nd => a => b"] or ["a => b => c\nd", "c\nd"], string.Join('|', names)); // which of them comes first is rsync's choice
        Assert.Equal(1, result.Counts.FilesTransferred);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_groups_options_cannot_blind_us()
    {
        await using var live = new LiveRsync();
        HostileTree.Make(live.Origin, [('f', "a"u8.ToArray(), "abc"u8.ToArray()), ('f', "b"u8.ToArray(), "d"u8.ToArray())]);
        HostileTree.Make(Directory.CreateDirectory(live.Target).FullName, [('f', "gone"u8.ToArray(), [])]);
        string url = live.Daemon().Url("site");
        foreach (string options in new[]
        {
            "-avvvv", "-aq", "-avP", "-ah", "-aii", "-a --out-format=%n", "-a --log-format=", "-a --info=NONE", "-a --info=name2,progress1,stats3", "-a --outbuf=B", "-a --list-only", "-a --quiet",
            "-a --msgs2stderr", "-a --stderr=all", "-a --no-motd -8", "-a --progress --debug=ALL",
        })
        {
            var result = await live.RunAsync(live.Call(url) with { Options = [.. options.Split(' '), "--delete"], DryRun = true });
            Assert.Equal((options, SyncOutcome.Ok, 1L, 2L, 4L), (options, result.Outcome, result.Counts.Deletions, result.Counts.FilesTransferred, result.Counts.BytesTransferred));
            Assert.Equal((options, "a,b", "gone"), (options, string.Join(',', result.NewNames.Select(name => name.LegacyText())), string.Join(',', result.DeletedNames.Select(name => name.LegacyText()))));
            Assert.Equal((options, 3L), (options, result.Counts.FilesListed));
        }

        Assert.True(File.Exists(Path.Combine(live.Target, "gone"))); // the dry run stayed one
    }

    [Theory(Timeout = Timeout)]
    [InlineData("-an")]
    [InlineData("--dry-run")]
    public async Task A_group_that_only_pretends_to_sync_is_no_success(string option)
    {
        await using var live = new LiveRsync();
        HostileTree.Make(live.Origin, [('f', "a"u8.ToArray(), "abc"u8.ToArray())]);
        var call = live.Call(live.Daemon().Url("site")) with { Options = ["-a", option] };
        var sync = await live.RunAsync(call);
        Assert.Equal((SyncOutcome.Failed, Fault.Configuration), (sync.Outcome, sync.Diagnosis!.Fault));
        Assert.Contains("dry run", sync.Diagnosis.What, StringComparison.Ordinal);
        Assert.Equal(SyncOutcome.Ok, (await live.RunAsync(call with { DryRun = true })).Outcome);
    }

    [Fact(Timeout = Timeout)]
    public async Task Hostile_patterns_and_origins_are_no_options()
    {
        await using var live = new LiveRsync();
        HostileTree.Make(live.Origin, HostileTree.Names.Select(name => ('f', name, "x"u8.ToArray())));
        string url = live.Daemon().Url("site");
        string[] patterns = ["--delete", "*deleting   x", "bad\udc80utf8", "\udcff\udcfe", "new\nline", "-dash"];
        var result = await live.RunAsync(live.Call(url) with { Excludes = patterns });
        Assert.Equal((SyncOutcome.Ok, (long?)HostileTree.Names.Count + 1 - 6), (result.Outcome, result.Counts.FilesListed));

        string proof = Path.Combine(live.Root, "ran");
        string shell = live.Script("shell", $"touch '{proof}'");
        var option = await live.RunAsync(live.Call($"--rsh={shell}"));
        Assert.Contains("--rsh=", option.Diagnosis!.What, StringComparison.Ordinal); // taken for a path of this host
        Assert.Equal(SyncOutcome.Partial, option.Outcome);
        Assert.False(File.Exists(proof));
    }

    [Fact(Timeout = Timeout)]
    public async Task Links_that_safe_links_skips_are_counted()
    {
        await using var live = new LiveRsync();
        HostileTree.Make(live.Origin, [('l', "out"u8.ToArray(), "/etc/passwd"u8.ToArray()), ('l', "up\n"u8.ToArray(), "../../x"u8.ToArray()), ('l', "in"u8.ToArray(), "out"u8.ToArray())]);
        var result = await live.RunAsync(live.Call(live.Daemon().Url("site")) with { Options = ["-a", "--safe-links"] });
        Assert.Equal((2L, SyncOutcome.Ok), (result.Counts.SkippedLinks, result.Outcome));
        Assert.Contains("ignoring unsafe symlink \"out\"", result.Said, StringComparison.Ordinal);
    }

    private static string WithLink(TreeEntry entry) => Hex(entry.Type == 'l' ? [.. entry.Name, .. " -> "u8, .. entry.Link] : entry.Name);

    private static string Hex(byte[] bytes) => Convert.ToHexString(bytes);

    private static IEnumerable<string> Sorted(IEnumerable<string> names) => names.Order(StringComparer.Ordinal).Select(name => Encoding.Latin1.GetString(Convert.FromHexString(name)));
}
