using Deploy.Jobs.Guards;
using Deploy.Jobs.Syncs;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Rsync;
using Deploy.Rsync.Changes;
using Deploy.Tests.Rsync;
using Xunit;

namespace Deploy.Tests.Jobs.Guards;

public class DeleteGuardTests
{
    private const int Timeout = 300_000;
    private const int Seed = 20261124;

    [Theory]
    [InlineData(100, 1000, null, true)]
    [InlineData(101, 1000, null, false)] // max_delete
    [InlineData(101, 1000, 100, false)]
    [InlineData(101, 1000, 101, true)]
    [InlineData(25, 100, null, true)]
    [InlineData(26, 100, null, false)] // max_delete_percent
    [InlineData(26, 100, 26, true)]
    [InlineData(0, 100, null, true)]
    public void Limits_hold_up_to_their_number_and_what_the_order_allows_goes_above(int deleted, int entries, int? allowed, bool passes) =>
        Assert.Equal(passes, DeleteGuard.Judge(Group(new DeleteLimits(100, 25, [])), allowed, Counted(deleted, entries)) is GuardVerdict.Passed passed && passed.Deletions == deleted);

    [Fact]
    public void An_empty_origin_is_refused_without_any_limit_unless_nothing_goes_or_the_order_allows_it()
    {
        var refused = Assert.IsType<GuardVerdict.Refused>(DeleteGuard.Judge(Group(DeleteLimits.None), null, Counted(7, 8) with { IsOriginEmpty = true }));
        Assert.Contains("came up empty, and 7 of the target's 8 entries would go: a\\x1b, b, …", refused.Why, StringComparison.Ordinal);
        Assert.Contains("--allow-delete 7", refused.NextStep, StringComparison.Ordinal);
        Assert.IsType<GuardVerdict.Passed>(DeleteGuard.Judge(Group(DeleteLimits.None), 7, Counted(7, 8) with { IsOriginEmpty = true }));
        Assert.IsType<GuardVerdict.Passed>(DeleteGuard.Judge(Group(DeleteLimits.None), null, Counted(0, 8) with { IsOriginEmpty = true }));
        Assert.IsType<GuardVerdict.Passed>(DeleteGuard.Judge(Group(DeleteLimits.None), null, Counted(7, 8)));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("-a", false)]
    [InlineData("-a --del", true)]
    [InlineData("-a --delete-excluded", true)]
    [InlineData("-a --delete-missing-args", true)]
    [InlineData("-a --force", false)] // without limits
    public void It_watches_where_the_options_delete(string? options, bool watches) =>
        Assert.Equal(watches, DeleteGuard.Watches(Group(DeleteLimits.None) with { Options = options?.Split(' ') }));

    [Fact(Timeout = Timeout)]
    public async Task Whatever_the_trees_and_limits_are_no_more_goes_than_is_allowed_and_what_is_refused_is_untouched()
    {
        var random = new Random(Seed);
        string[][] options = [["-a", "--delete", "--force"], ["-a", "--delete"], ["-a", "--delete-excluded", "--exclude=z"], ["-a", "--del"], ["-rl", "--delete-before", "--force"], ["-a", "--delete", "--max-delete=2"]];
        int refused = 0;
        int passed = 0;
        for (int round = 0; round < 40; round++)
        {
            await using var live = new LiveRsync();
            GuardedTree.Make(live.Origin, random, random.Next(4) == 0 ? 0 : 20);
            GuardedTree.Make(live.Target, random, 20);
            var group = Group(new DeleteLimits(random.Next(3) == 0 ? null : random.Next(6), random.Next(3) == 0 ? null : random.Next(101), [])) with
            {
                Origin = live.Origin + "/",
                Target = live.Target,
                Options = options[random.Next(options.Length)],
            };
            int? allow = random.Next(3) == 0 ? random.Next(10) : null;
            bool moves = random.Next(3) == 0; // between the count and the run
            var before = GuardedTree.NamesOf(live.Target);
            string bits = GuardedTree.Bits(live.Target);
            var done = await GuardedTree.SyncAsync(live, group, new SyncWish
            {
                AllowDelete = allow,
                Report = ChangeReport.Lines,
                Counted = _ =>
                {
                    if (moves)
                    {
                        HostileTree.Delete(live.Origin);
                        Directory.CreateDirectory(live.Origin);
                    }
                },
            });
            int gone = before.Except(GuardedTree.NamesOf(live.Target)).Count();
            string told = $"round {round}: {done}, {gone} of {before.Count} gone, {group.DeleteLimits}, allow {allow}, {string.Join(' ', group.Options!)}";
            if (done.State == HostState.Refused)
            {
                refused++;
                Assert.Equal(Reasons.Guard, done.Cause);
                Assert.True(bits == GuardedTree.Bits(live.Target), told);
                continue;
            }

            passed++;
            Assert.True(gone <= done.Counted!.Changes!.Deleted, told);
            long most = Math.Max(allow ?? 0, Math.Min(group.DeleteLimits.MaxDelete ?? int.MaxValue, group.DeleteLimits.MaxDeletePercent is { } percent ? (before.Count + 1) * percent / 100 : int.MaxValue));
            Assert.True(gone <= most, told);
            if (!moves && done.State is HostState.Ok or HostState.Unchanged)
            {
                Assert.True(done.Warning is null && gone == done.Run!.Counts.Deletions, told);
            }
        }

        Assert.True(refused > 5 && passed > 5, $"{refused} refused, {passed} passed");
    }

    [Theory(Timeout = Timeout)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_origin_that_is_empty_or_not_there_or_mistyped_leaves_the_target_whole(bool counts)
    {
        await using var live = new LiveRsync();
        GuardedTree.Make(live.Target, new Random(Seed), 20);
        File.WriteAllText(Path.Combine(live.Target, "one"), "1");
        string bits = GuardedTree.Bits(live.Target);
        var daemon = live.Daemon();
        Directory.CreateDirectory(Path.Combine(live.Origin, "mount", "point")); // a root that is not mounted has directories at most
        foreach (string origin in new[] { daemon.Url("site", "mount/point/"), daemon.Url("site", "mount/"), daemon.Url("site", "mout/"), daemon.Url("siet"), "rsync://127.13.0.1:1/site/", live.Origin + "/mount/point/", live.Origin + "/none/" })
        {
            var done = await GuardedTree.SyncAsync(live, Group(DeleteLimits.None with { Counts = counts }) with { Origin = origin, Target = live.Target }, new SyncWish());
            Assert.False(done.State.IsGood(), $"{origin}: {done}");
            Assert.Null(done.Run);
            Assert.Equal(bits, GuardedTree.Bits(live.Target));
        }
    }

    [Theory(Timeout = Timeout)]
    [InlineData("file", false)] // at the top: a glance shows that the origin is not empty
    [InlineData("down/file", true)]
    public async Task Without_count_first_a_dry_run_is_made_where_the_origins_top_has_directories_alone(string file, bool counted)
    {
        await using var live = new LiveRsync();
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(live.Origin, Path.GetDirectoryName(file)!)).FullName, Path.GetFileName(file)), "1");
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(live.Target, "old")).FullName, "x"), "x");
        var done = await GuardedTree.SyncAsync(live, Group(DeleteLimits.None with { Counts = false }) with { Origin = live.Origin + "/", Target = live.Target }, new SyncWish { Report = ChangeReport.Lines });
        Assert.Equal((HostState.Ok, counted), (done.State, done.Counted is not null));
        Assert.Equal(2, done.Run!.Changes!.Deleted);
        Assert.True(File.Exists(Path.Combine(live.Target, file)) && !Directory.Exists(Path.Combine(live.Target, "old")));
    }

    [Fact(Timeout = Timeout)]
    public async Task With_deletion_off_an_empty_origin_is_synced()
    {
        await using var live = new LiveRsync();
        GuardedTree.Make(live.Target, new Random(Seed), 20);
        var before = GuardedTree.NamesOf(live.Target);
        var done = await GuardedTree.SyncAsync(live, Group(DeleteLimits.None) with { Origin = live.Origin + "/", Target = live.Target, Options = ["-a"] }, new SyncWish());
        Assert.True(done.State.IsGood() && done.Counted is null);
        Assert.Equal(before, GuardedTree.NamesOf(live.Target));
    }

    [Fact(Timeout = Timeout)]
    public async Task An_origin_that_empties_between_count_and_run_takes_no_more_than_was_counted_and_is_drift()
    {
        await using var live = new LiveRsync();
        foreach (string name in new[] { "a", "b", "c", "d", "e" })
        {
            File.WriteAllText(Path.Combine(live.Origin, name), name);
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(live.Target).FullName, name), name);
        }

        File.WriteAllText(Path.Combine(live.Target, "old"), string.Empty);
        var done = await GuardedTree.SyncAsync(live, Group(new DeleteLimits(100, 25, [])) with { Origin = live.Origin + "/", Target = live.Target }, new SyncWish
        {
            Counted = _ =>
            {
                HostileTree.Delete(live.Origin);
                Directory.CreateDirectory(live.Origin);
            },
        });
        Assert.Equal((HostState.Partial, 5), (done.State, GuardedTree.NamesOf(live.Target).Count));
        Assert.Contains("more would go than was counted", done.Reason, StringComparison.Ordinal);
    }

    private static SyncGroup Group(DeleteLimits limits) => new() { Name = "site", Origin = "/origin/", Target = "/target", DeleteLimits = limits };

    private static SyncResult Counted(int deleted, int entries) => new()
    {
        Outcome = SyncOutcome.Ok,
        Counts = new SyncCounts { FilesListed = entries - deleted + 5 },
        Changes = new ChangeSet { New = 5, Deleted = deleted, FirstDeleted = ["a\\x1b", "b"] },
    };
}
