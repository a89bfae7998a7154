using Deploy.Model.Targets;
using Deploy.Security;
using Deploy.Security.Targets;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Security.Targets;

public sealed class TargetHoldTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_directory_is_held_and_stays_the_one_that_was_meant_when_its_path_leads_elsewhere()
    {
        Directory.CreateDirectory(folder["root/a/b"]);
        Directory.CreateDirectory(folder["victim"]);
        var held = Held("root/a/b", configured: false);
        Assert.Empty(held.Rest);
        Directory.Move(folder["root/a/b"], folder["root/a/c"]);
        File.CreateSymbolicLink(folder["root/a/b"], folder["victim"]);
        Assert.Equal(folder["root/a/c"], DirectoryCalls.PathOf(held.Directory));
        held.Directory.Dispose();
    }

    [Fact]
    public void A_link_that_came_after_the_check_is_refused()
    {
        Directory.CreateDirectory(folder["root/a"]);
        Directory.CreateDirectory(folder["victim"]);
        var rules = new TargetRules([folder["root"]]);
        string key = ((TargetVerdict.Allowed)rules.Check(folder["root/a"], configured: false)).RealPath;
        Directory.Delete(folder["root/a"]);
        File.CreateSymbolicLink(folder["root/a"], folder["victim"]);
        Assert.EndsWith("/root/a is a symbolic link", Reason(rules.Open(folder["root/a"], configured: false, key)), StringComparison.Ordinal);
        Assert.Contains("now", Reason(rules.Open(folder["root/a"], configured: true, key)), StringComparison.Ordinal); // root's own link, and yet not what was checked
    }

    [Fact]
    public void A_link_in_the_middle_is_refused_to_a_request_and_followed_for_a_group_where_root_owns_it()
    {
        Directory.CreateDirectory(folder["root"]);
        Directory.CreateDirectory(folder["data/v1/x"]);
        File.CreateSymbolicLink(folder["root/current"], "../data/v1");
        Assert.EndsWith("is a symbolic link", Reason(Open("root/current/x", configured: false)), StringComparison.Ordinal);
        if (FileFacts.Of(folder["root/current"])!.Value.OwnerId == 0)
        {
            var held = Held("root/current/x", configured: true);
            Assert.Equal(folder["data/v1/x"], DirectoryCalls.PathOf(held.Directory));
            held.Directory.Dispose();
            var missing = Held("root/current/new/deep", configured: true);
            Assert.Equal(["new", "deep"], missing.Rest);
            Assert.Equal(folder["data/v1"], DirectoryCalls.PathOf(missing.Directory));
            missing.Directory.Dispose();
        }
    }

    [MountFact] // root
    public void A_link_that_another_owns_is_refused_to_a_group_too_also_behind_a_link_of_roots()
    {
        Directory.CreateDirectory(folder["root"]);
        Directory.CreateDirectory(folder["data/v1"]);
        File.CreateSymbolicLink(folder["data/current"], "v1");
        Assert.Equal(0, Native.lchown(folder["data/current"], 65534, 65534));
        File.CreateSymbolicLink(folder["root/www"], folder["data/current"]);
        Assert.EndsWith("/data/current is a symbolic link that root does not own", Reason(Open("root/www", configured: true)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_missing_is_told_by_its_names_and_a_file_as_a_file()
    {
        Directory.CreateDirectory(folder["root"]);
        File.WriteAllText(folder["root/file"], string.Empty);
        foreach (var (path, rest, isFile) in new[] { ("root/new", "new", false), ("root/a/b", "a b", false), ("root/file", "file", true), ("root/file/x", "file x", true) })
        {
            var held = Held(path, configured: false);
            Assert.Equal((rest, isFile), (string.Join(' ', held.Rest), held.IsFile));
            Assert.Equal(folder["root"], DirectoryCalls.PathOf(held.Directory));
            held.Directory.Dispose();
        }
    }

    [Fact]
    public void An_allowed_path_that_is_not_there_yet_is_a_missing_target()
    {
        var rules = new TargetRules([folder["not/yet"]]);
        string key = ((TargetVerdict.Allowed)rules.Check(folder["not/yet"], configured: false)).RealPath;
        var held = Assert.IsType<TargetHold.Held>(rules.Open(folder["not/yet"], configured: false, key));
        Assert.Equal(["not", "yet"], held.Rest);
        held.Directory.Dispose();
    }

    [Fact]
    public void Links_in_a_circle_come_to_an_end()
    {
        Directory.CreateDirectory(folder["root"]);
        File.CreateSymbolicLink(folder["root/a"], "b");
        File.CreateSymbolicLink(folder["root/b"], "a");
        Assert.NotEmpty(Reason(Open("root/a", configured: true)));
    }

    [Fact(Timeout = 60_000)]
    public async Task While_a_directory_is_swapped_for_a_link_all_the_time_nothing_but_the_root_is_ever_opened()
    {
        Directory.CreateDirectory(folder["root/a/b"]);
        Directory.CreateDirectory(folder["victim/b"]);
        File.CreateSymbolicLink(folder["root/link"], folder["victim"]);
        var rules = new TargetRules([folder["root"]]);
        using var over = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        var swapping = Task.Run(() =>
        {
            while (!over.IsCancellationRequested)
            {
                _ = Native.renameat2(-100, folder["root/a"], -100, folder["root/link"], 2); // RENAME_EXCHANGE
            }
        });
        int opened = 0;
        while (!over.IsCancellationRequested)
        {
            if (rules.Open(folder["root/a/b"], configured: false, folder["root/a/b"]) is TargetHold.Held held)
            {
                opened += held.Rest.Count == 0 ? 1 : 0;
                Assert.StartsWith(folder["root"], DirectoryCalls.PathOf(held.Directory), StringComparison.Ordinal);
                held.Directory.Dispose();
            }
        }

        await swapping;
        Assert.True(opened > 0);
    }

    private TargetHold Open(string path, bool configured)
    {
        var rules = new TargetRules([folder["root"]]);
        return rules.Open(folder[path], configured, FileFacts.RealPath(folder[path]));
    }

    private TargetHold.Held Held(string path, bool configured) => Assert.IsType<TargetHold.Held>(Open(path, configured));

    private static string Reason(TargetHold hold) => Assert.IsType<TargetHold.Refused>(hold).Reason;

    private static class Native
    {
        [System.Runtime.InteropServices.DllImport("libc")]
        public static extern int lchown([System.Runtime.InteropServices.MarshalAs(System.Runtime.InteropServices.UnmanagedType.LPUTF8Str)] string path, uint owner, uint group);

        [System.Runtime.InteropServices.DllImport("libc")]
        public static extern int renameat2(
            int from, [System.Runtime.InteropServices.MarshalAs(System.Runtime.InteropServices.UnmanagedType.LPUTF8Str)] string path,
            int to, [System.Runtime.InteropServices.MarshalAs(System.Runtime.InteropServices.UnmanagedType.LPUTF8Str)] string other, uint flags);
    }
}
