using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Deploy.Processes.Native;
using Deploy.Tests.EndToEnd.Harness;
using Xunit;

namespace Deploy.Tests.Attacks.OnHost;

/// <summary>Symbolic links at, above and in the target, made by whoever may write there: a request's path goes through none, a configured group's through root's alone.</summary>
[Trait("Category", "EndToEnd")]
[SuppressMessage("Interoperability", "SYSLIB1054:Use LibraryImport", Justification = "Two calls of one test.")]
public class LinkTests(PathAgent host) : IClassFixture<PathAgent>
{
    private const uint Exchange = 2; // RENAME_EXCHANGE
    private const uint Nobody = 65534;
    private static readonly TimeSpan RaceTime = TimeSpan.FromSeconds(6);

    [RootTheory]
    [InlineData("linked", false)]
    [InlineData("linked/", false)]
    [InlineData("linked/.", false)]
    [InlineData("linked/sub", false)]
    [InlineData("linked/new", false)]
    [InlineData("linked", true)]
    [InlineData("linked/", true)]
    [InlineData("linked/sub", true)]
    [InlineData("linked/new", true)]
    public async Task A_requests_path_goes_through_no_link_whoever_owns_it(string target, bool roots)
    {
        host.Begin();
        Link(host.Outside, "linked", roots);
        int starts = host.Starts;
        var (state, reason) = HostAgent.How(await host.SyncAsync(host.Site, $"{host.Allowed}/{target}", string.Empty));
        Assert.Equal("refused", state);
        Assert.Contains("is a symbolic link", reason, StringComparison.Ordinal);
        Assert.Equal(starts, host.Starts);
        await host.UnharmedAsync();
    }

    [RootTheory]
    [InlineData("linked")]
    [InlineData("below")]
    public async Task A_groups_target_goes_through_no_link_that_root_does_not_own(string group)
    {
        host.Begin();
        Link(host.Outside, "linked", roots: false);
        int starts = host.Starts;
        var (state, reason) = HostAgent.How(await host.SyncAsync(group));
        Assert.Equal("refused", state);
        Assert.Contains("is a symbolic link that root does not own", reason, StringComparison.Ordinal);
        Assert.Equal(starts, host.Starts);
        await host.UnharmedAsync();
    }

    [RootTheory]
    [InlineData("linked")]
    [InlineData("below")]
    public async Task A_groups_target_may_go_through_roots_link_and_stays_where_that_leads(string group)
    {
        host.Begin();
        string elsewhere = Directory.CreateDirectory(host["elsewhere-" + group]).FullName;
        Link(elsewhere, "linked", roots: true);
        Assert.Equal("ok", HostAgent.How(await host.SyncAsync(group)).State);
        Assert.True(File.Exists(Path.Combine(elsewhere, group == "below" ? "below/index.html" : "index.html")));
        Assert.Equal([host.Allowed + "/linked"], Directory.GetFileSystemEntries(host.Allowed));
        await host.UnharmedAsync();
    }

    [RootTheory]
    [InlineData("linked")] // itself
    [InlineData("gone")]
    [InlineData("OUTSIDE/kept")] // a file
    public async Task Links_in_a_ring_to_nothing_and_to_a_file_are_no_target(string to)
    {
        host.Begin();
        Link(to.Replace("OUTSIDE", host.Outside, StringComparison.Ordinal), "linked", roots: true);
        foreach (string group in new[] { "linked", "below" })
        {
            // What root's own link leads to may be made where it was not: below the link's folder, nowhere else.
            string state = HostAgent.How(await host.SyncAsync(group)).State;
            Assert.True(state is "refused" or "failed" || (to == "gone" && state is "ok"), state);
        }

        Assert.All(Directory.GetFileSystemEntries(host.Allowed), entry => Assert.Contains(Path.GetFileName(entry), (string[])["linked", "gone"]));
        await host.UnharmedAsync();
    }

    /// <summary>A directory and a file that the origin has too: the link goes, what it led to stays.</summary>
    [RootTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Links_in_the_target_are_replaced_and_never_written_through(bool roots)
    {
        host.Begin();
        Directory.CreateDirectory(host.Allowed + "/plain");
        Link(host.Outside, "plain/css", roots);
        Link(host.Outside + "/kept", "plain/index.html", roots);
        Link(host.Outside + "/sub", "plain/more", roots);
        Assert.Equal("ok", HostAgent.How(await host.SyncAsync("plain")).State);
        Assert.Equal("index", File.ReadAllText(host.Allowed + "/plain/index.html"));
        Assert.Equal("style", File.ReadAllText(host.Allowed + "/plain/css/main.css"));
        Assert.Equal(2, Directory.GetFileSystemEntries(host.Allowed + "/plain").Length);
        await host.UnharmedAsync();
    }

    /// <summary>The target itself, the folder above a request's target, and a folder in the target, each swapped for a link some thousand times while syncs run.</summary>
    [RootFact]
    public async Task A_link_that_is_swapped_in_while_syncs_run_leads_nothing_outside()
    {
        host.Begin();
        (string Place, string Link)[] swapped =
        [
            (host.Allowed + "/plain", host.Allowed + "/link-1"), // the group's target
            (host.Allowed + "/deep", host.Allowed + "/link-2"), // above the request's target
            (host.Allowed + "/inner/css", host.Allowed + "/inner/link-3"), // in a request's target
        ];
        foreach (var (place, link) in swapped)
        {
            Directory.CreateDirectory(place + "/sub");
            File.CreateSymbolicLink(link, host.Outside);
            Assert.Equal(0, lchown(link, Nobody, Nobody));
        }

        string[] orders =
        [
            "\"group\":\"plain\"",
            $"\"origin\":\"{host.Site}\",\"target\":\"{host.Allowed}/deep/sub\"",
            $"\"origin\":\"{host.Site}\",\"target\":\"{host.Allowed}/inner\"",
        ];
        string before = HostBefore.Tree(host.Outside);
        using var over = new CancellationTokenSource(RaceTime);
        int swaps = 0;
        var swapping = Task.Run(() =>
        {
            for (; !over.IsCancellationRequested; swaps++)
            {
                var (place, link) = swapped[swaps % swapped.Length];
                _ = renameat2(Libc.AT_FDCWD, place, Libc.AT_FDCWD, link, Exchange);
                Thread.SpinWait(10_000);
            }
        });
        var states = new List<string>();
        try
        {
            while (!over.IsCancellationRequested)
            {
                states.AddRange(await Task.WhenAll(orders.Select(async order => HostAgent.How(await host.EndOfAsync("\"order\":\"rsync\"," + order)).State)));
                Assert.Equal(before, HostBefore.Tree(host.Outside));
            }
        }
        finally
        {
            await over.CancelAsync();
            await swapping;
        }

        Assert.DoesNotContain("unknown", states);
        Assert.True(states.Count >= 2 * orders.Length && swaps > 100, $"{states.Count} orders, {swaps} swaps");
        await host.UnharmedAsync();
    }

    private void Link(string to, string name, bool roots)
    {
        string link = Path.Combine(host.Allowed, name);
        File.CreateSymbolicLink(link, to);
        Assert.Equal(0, roots ? 0 : lchown(link, Nobody, Nobody));
    }

    [DllImport("libc", ExactSpelling = true)]
    private static extern int lchown([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint owner, uint group);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int renameat2(int from, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int to, [MarshalAs(UnmanagedType.LPUTF8Str)] string other, uint flags);
}
