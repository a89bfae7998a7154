using Deploy.Model;
using Deploy.Modes.Daemon;
using Deploy.Modes.Daemon.Starting;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Modes.Daemon.Starting;

public class PidFileTests
{
    [Fact]
    public void It_holds_the_pid_while_it_is_kept_and_is_gone_after()
    {
        using var folder = new TempFolder();
        using (PidFile.Write(folder["pid"], 4711))
        {
            Assert.Equal("4711\n", PidText.Of(folder["pid"]));
#pragma warning disable CA1416 // Linux alone.
            Assert.Equal((UnixFileMode)0x1A4, File.GetUnixFileMode(folder["pid"]) | UnixFileMode.GroupRead | UnixFileMode.OtherRead); // 0644, less what the umask takes
#pragma warning restore CA1416
            Assert.Single(Directory.GetFileSystemEntries(folder.Path));
        }

        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void One_that_was_left_is_replaced_and_one_in_use_is_not()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["pid"], "1\n");
        int own = Deploy.Modes.Surroundings.ProcessId;
        using (PidFile.Write(folder["pid"], own))
        {
            var refused = Assert.Throws<UserError>(() => PidFile.Write(folder["pid"], 4712));
            Assert.Contains("belongs to a daemon that runs", refused.Message, StringComparison.Ordinal);
            Assert.Equal($"{own}\n", PidText.Of(folder["pid"]));
        }
    }

    [Fact]
    public void What_is_no_pid_file_stays()
    {
        using var folder = new TempFolder();
        foreach (string text in new[] { "[server]\n", "x\n", "12 13\n", new string('1', 40) })
        {
            File.WriteAllText(folder["precious"], text);
            Assert.Contains("is no pid file", Assert.Throws<UserError>(() => PidFile.Write(folder["precious"], 4711)).Message, StringComparison.Ordinal);
            Assert.Equal(text, File.ReadAllText(folder["precious"]));
        }

        using var made = System.Diagnostics.Process.Start("mkfifo", [folder["pipe"]]);
        made.WaitForExit();
        Assert.Throws<UserError>(() => PidFile.Write(folder["pipe"], 4711));
        Assert.Throws<UserError>(() => PidFile.Write(Directory.CreateDirectory(folder["directory"]).FullName, 4711));
        Assert.Equal(3, Directory.GetFileSystemEntries(folder.Path).Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("999999999\n")]
    public void One_that_a_stranger_holds_is_replaced(string left)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["pid"], left);
        Assert.Equal(0, LockFile.TakeExisting(folder["pid"], out var stranger));
        using (stranger)
        using (PidFile.Write(folder["pid"], 4711))
        {
            Assert.Equal("4711\n", PidText.Of(folder["pid"]));
        }
    }

    [Fact]
    public void A_link_is_replaced_and_not_followed()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["precious"], "mine");
        File.CreateSymbolicLink(folder["pid"], folder["precious"]);
        using (PidFile.Write(folder["pid"], 4711))
        {
            Assert.Null(new FileInfo(folder["pid"]).LinkTarget);
        }

        Assert.Equal("mine", File.ReadAllText(folder["precious"]));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void One_that_another_took_over_stays()
    {
        using var folder = new TempFolder();
        using (PidFile.Write(folder["pid"], 4711))
        {
            File.Delete(folder["pid"]);
            File.WriteAllText(folder["pid"], "4712\n");
        }

        Assert.Equal("4712\n", PidText.Of(folder["pid"]));
    }

    [Fact]
    public void Where_it_cannot_be_written_nothing_is_left()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["pid"]);
        Assert.Throws<UserError>(() => PidFile.Write(folder["pid"], 4711));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
        var refused = Assert.Throws<UserError>(() => PidFile.Write(folder["none/pid"], 4711));
        Assert.Contains("No such file or directory", refused.Message, StringComparison.Ordinal);
    }
}
