using Deploy.Security;
using Deploy.Security.Files;
using Deploy.Security.Operators;
using Deploy.Tests.Fixtures;
using Deploy.Tests.Security.Keys;
using Xunit;

namespace Deploy.Tests.Security.Operators;

/// <summary>Who is in force, as the file changes under it.</summary>
public sealed class OperatorBookTests : IDisposable
{
    private const UnixFileMode Mode0644 = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Mode0755 = Mode0644 | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static readonly string Alice = new TestKey(1, "alice").Key + "\n";
    private static readonly string Bob = new TestKey(2, "bobby").Key + "\n"; // as long as Alice's

    private readonly TempFolder folder = new();
    private readonly ListLog log = new();
    private readonly OperatorBook book;

    public OperatorBookTests()
    {
        Directory.CreateDirectory(folder["etc"], Mode0755);
        Directory.CreateDirectory(folder["real"], Mode0755);
        book = new OperatorBook(() => File, log);
    }

    private string File => folder["etc/authorized_operators"];

    private string? Who => book.All() is [var only] ? only.Name : null;

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_change_behind_a_link_is_seen()
    {
        Write("real/operators", Alice);
        System.IO.File.CreateSymbolicLink(File, "../real/operators");
        Assert.Equal("alice", Who);
        Write("real/operators", Bob);
        Assert.Equal("bobby", Who);
        Write("real/others", Alice);
        System.IO.File.Delete(File);
        System.IO.File.CreateSymbolicLink(File, "../real/others");
        Assert.Equal("alice", Who);
        System.IO.File.Delete(folder["real/others"]);
        Assert.Null(Who);
        Assert.Equal("there is no such file", book.Trouble);
    }

    [Fact]
    public void A_file_of_the_same_size_and_time_in_its_place_is_seen()
    {
        Write("etc/authorized_operators", Alice);
        var time = System.IO.File.GetLastWriteTimeUtc(File);
        Assert.Equal("alice", Who);
        Write("etc/new", Bob);
        System.IO.File.SetLastWriteTimeUtc(folder["etc/new"], time);
        System.IO.File.Move(folder["etc/new"], File, overwrite: true);
        Assert.Equal((Alice.Length, time), (new FileInfo(File).Length, System.IO.File.GetLastWriteTimeUtc(File)));
        Assert.Equal("bobby", Who);
        Write("etc/authorized_operators", Alice); // and in place
        System.IO.File.SetLastWriteTimeUtc(File, time);
        Assert.Equal("alice", Who);
    }

    [Fact]
    public void What_could_not_be_read_once_gives_nobody_anything_and_is_read_at_the_next_order()
    {
        Write("real/operators", Alice);
        Directory.CreateSymbolicLink(folder["good"], "real");
        string place = folder["good/operators"];
        var moved = new OperatorBook(() => place, log);
        Assert.NotEmpty(moved.All());
        System.IO.File.Delete(folder["good"]);
        Directory.CreateSymbolicLink(folder["good"], "good"); // ELOOP, as another errno would be
        Assert.Empty(moved.All());
        Assert.Contains("cannot be read", moved.Trouble, StringComparison.Ordinal);
        Assert.Empty(moved.All());
        Assert.Single(log.Entries, entry => entry.Message.Contains("cannot be read", StringComparison.Ordinal)); // said once
        System.IO.File.Delete(folder["good"]);
        Directory.CreateSymbolicLink(folder["good"], "real"); // the file itself did not change
        Assert.NotEmpty(moved.All());
        Assert.Null(moved.Trouble);
    }

    [Fact]
    public void Who_others_could_put_in_is_not_in()
    {
        Write("etc/authorized_operators", Alice);
        Refused(File, Mode0644 | UnixFileMode.GroupWrite, $"others may write to it, mode 0664 (chmod go-w {File})");
        Refused(File, Mode0644 | UnixFileMode.OtherWrite, $"others may write to it, mode 0646 (chmod go-w {File})");
        Refused(folder["etc"], Mode0755 | UnixFileMode.OtherWrite, $"others may write to its folder {folder["etc"]}, mode 0757 (chmod go-w {folder["etc"]})");
        Refused(folder["etc"], Mode0755 | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite | UnixFileMode.StickyBit, $"others may write to its folder {folder["etc"]}, mode 1777 (give it a folder of its own)");
    }

    [Fact]
    public void The_folders_of_a_link_and_of_what_it_leads_to_count_both()
    {
        Write("real/operators", Alice);
        System.IO.File.CreateSymbolicLink(File, "../real/operators");
        Refused(folder["etc"], Mode0755 | UnixFileMode.OtherWrite, $"others may write to its folder {folder["etc"]}, mode 0757 (chmod go-w {folder["etc"]})");
        Refused(folder["real"], Mode0755 | UnixFileMode.OtherWrite, $"others may write to its folder {folder["real"]}, mode 0757 (chmod go-w {folder["real"]})");
    }

    [Fact]
    public void A_file_or_folder_of_another_user_gives_nobody_anything_but_the_daemons_own_does()
    {
        if (NativeFile.User != 0)
        {
            return; // only root can give a file away
        }

        Write("etc/authorized_operators", Alice);
        Give(File, 65534);
        Assert.Null(Who);
        Assert.Equal($"it belongs to the user 65534 (chown root: {File})", book.Trouble);
        Assert.NotEmpty(new OperatorBook(() => File, log, daemon: 65534).All());
        Give(File, 0);
        Assert.Equal("alice", Who);
        Give(folder["etc"], 65534);
        Assert.Equal($"its folder {folder["etc"]} belongs to the user 65534 (chown root: {folder["etc"]})", book.Trouble);
        Give(folder["etc"], 0);
        Assert.Equal("alice", Who);
    }

    [Fact]
    public void Every_folder_on_the_way_counts_up_to_the_root_and_so_do_those_of_links_on_it()
    {
        Directory.CreateDirectory(folder["top/mid/low"], Mode0755);
        Write("top/mid/low/operators", Alice);
        Directory.CreateDirectory(folder["by"], Mode0755);
        Directory.CreateSymbolicLink(folder["by/low"], "../top/mid/low");
        System.IO.File.CreateSymbolicLink(File, folder["by/low/operators"]);
        foreach (string one in new[] { "top", "top/mid", "top/mid/low", "by", "etc" })
        {
            System.IO.File.SetUnixFileMode(folder[one], Mode0755);
            Refused(folder[one], Mode0755 | UnixFileMode.GroupWrite, $"others may write to its folder {folder[one]}, mode 0775 (chmod go-w {folder[one]})");
        }
    }

    [Fact]
    public void A_link_in_a_sticky_folder_is_followed_only_where_it_is_roots_or_the_daemons()
    {
        Write("real/operators", Alice);
        Directory.CreateDirectory(folder["tmp"]);
        System.IO.File.SetUnixFileMode(folder["tmp"], (UnixFileMode)0x3FF); // 1777
        Directory.CreateSymbolicLink(folder["tmp/link"], "../real");
        System.IO.File.CreateSymbolicLink(File, "../tmp/link/operators");
        Assert.Equal("alice", Who);
        if (NativeFile.User != 0)
        {
            return; // only root can give a link away
        }

        using (var given = System.Diagnostics.Process.Start("/usr/bin/chown", ["-h", "65534", folder["tmp/link"]]))
        {
            given.WaitForExit();
        }

        Assert.Null(Who);
        Assert.Equal($"the link {folder["tmp/link"]} on its way belongs to the user 65534, who may lead it elsewhere (name the file without it)", book.Trouble);
        Assert.NotEmpty(new OperatorBook(() => File, log, daemon: 65534).All());
        System.IO.File.SetUnixFileMode(folder["tmp"], Mode0755); // nobody but root writes there: whose the link is makes no difference
        Assert.Equal("alice", Who);
    }

    [Fact]
    public void A_pipe_is_not_waited_for()
    {
        using var made = System.Diagnostics.Process.Start("/usr/bin/mkfifo", [File]);
        made.WaitForExit();
        Assert.Equal("it is no regular file", book.Trouble);
    }

    private void Refused(string path, UnixFileMode mode, string why)
    {
        var former = System.IO.File.GetUnixFileMode(path);
        Assert.Equal("alice", Who);
        System.IO.File.SetUnixFileMode(path, mode);
        Assert.Null(Who);
        Assert.Equal(why, book.Trouble);
        System.IO.File.SetUnixFileMode(path, former);
        Assert.Equal("alice", Who);
    }

    private void Write(string name, string text)
    {
        System.IO.File.WriteAllText(folder[name], text);
        System.IO.File.SetUnixFileMode(folder[name], Mode0644);
    }

    private static void Give(string path, uint user)
    {
        Assert.Equal(0, NativeFile.Open(path, NativeFile.ReadOnly, out var file));
        using (file)
        {
            Assert.Equal(0, NativeFile.ChangeOwner(file, user, user));
        }
    }
}
