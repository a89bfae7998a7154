using System.Diagnostics;
using Deploy.Logs;
using Deploy.Logs.Places;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Logs.Places;

#pragma warning disable CA1416 // Linux alone.
public class LogFileTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 13, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_name_that_changes_begins_a_new_file_and_makes_its_directories()
    {
        using var folder = new TempFolder();
        using var file = new LogFile(folder["%Y/%m/%H%M%S.log"], TimeZoneInfo.Utc);
        foreach (int second in new[] { 0, 0, 1, 62 })
        {
            Assert.Null(file.Write(Start.AddSeconds(second), LogLevel.Info, "second " + second));
        }

        Assert.Equal(["second 0", "second 0"], File.ReadAllLines(folder["2026/11/130000.log"]));
        Assert.Equal(["second 1"], File.ReadAllLines(folder["2026/11/130001.log"]));
        Assert.Equal(["second 62"], File.ReadAllLines(folder["2026/11/130102.log"]));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder["2026/11/130000.log"]));
    }

    [Fact]
    public void A_file_that_was_moved_or_removed_is_made_anew_within_a_second_or_on_demand()
    {
        using var folder = new TempFolder();
        string path = folder["x.log"];
        using var file = new LogFile(path, TimeZoneInfo.Utc);
        Assert.Null(file.Write(Start, LogLevel.Info, "one"));
        File.Move(path, folder["x.log.1"]);
        Assert.Null(file.Write(Start, LogLevel.Info, "two"));
        Assert.Null(file.Write(Start.AddSeconds(1), LogLevel.Info, "three"));
        Assert.Equal(["one", "two"], File.ReadAllLines(folder["x.log.1"]));
        Assert.Equal(["three"], File.ReadAllLines(path));

        File.Delete(path);
        Assert.Null(file.Reopen(Start.AddSeconds(1)));
        Assert.Null(file.Write(Start.AddSeconds(1), LogLevel.Info, "four"));
        Assert.Equal(["four"], File.ReadAllLines(path));

        File.WriteAllText(path, string.Empty); // truncated in place, as copytruncate does
        Assert.Null(file.Write(Start.AddSeconds(1), LogLevel.Info, "five"));
        Assert.Equal(["five"], File.ReadAllLines(path));
    }

    [Fact]
    public void What_is_there_is_appended_to_and_keeps_its_mode()
    {
        using var folder = new TempFolder();
        string path = folder["x.log"];
        File.WriteAllText(path, "before\n");
        File.SetUnixFileMode(path, (UnixFileMode)0x1A0); // 0640
        using (var file = new LogFile(path, TimeZoneInfo.Utc))
        {
            Assert.Null(file.Write(Start, LogLevel.Info, "after"));
        }

        Assert.Equal(["before", "after"], File.ReadAllLines(path));
        Assert.Equal((UnixFileMode)0x1A0, File.GetUnixFileMode(path));
    }

    [Fact]
    public void A_link_a_second_name_a_pipe_and_a_directory_are_not_written()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["secret"], "root's\n");
        File.CreateSymbolicLink(folder["link"], folder["secret"]);
        Directory.CreateDirectory(folder["directory"]);
        File.WriteAllText(folder["file"], string.Empty);
        Run("ln", folder["secret"], folder["hard"]);
        Run("mkfifo", folder["pipe"]);
        foreach (var (name, why) in new[]
        {
            ("link", "it is a symbolic link, and these are not followed"),
            ("hard", "it has another name too (a hard link)"),
            ("pipe", "it is a pipe or a socket, not a file"),
            ("directory", "Is a directory"),
            ("file/below", "Not a directory"),
            ("file/below/deep", "Not a directory"),
        })
        {
            using var file = new LogFile(folder[name], TimeZoneInfo.Utc);
            Assert.Equal($"the log file {folder[name]} cannot be opened: {why}", file.Write(Start, LogLevel.Info, "x"));
        }

        using (var reader = new FileStream(folder["pipe"], FileMode.Open, FileAccess.ReadWrite)) // both ends: does not wait for the other one
        using (var file = new LogFile(folder["pipe"], TimeZoneInfo.Utc))
        {
            Assert.Equal($"the log file {folder["pipe"]} cannot be opened: it is a pipe or a device, not a file", file.Write(Start, LogLevel.Info, "x"));
        }

        Assert.Equal("root's\n", File.ReadAllText(folder["secret"]));
    }

    [Fact]
    public void A_full_device_is_an_answer_and_no_exception()
    {
        using var file = new LogFile("/dev/full", TimeZoneInfo.Utc);
        Assert.Equal("the log file /dev/full cannot be written: No space left on device", file.Write(Start, LogLevel.Info, "x"));
        Assert.Equal("the log file /dev/full cannot be written: No space left on device", file.Write(Start, LogLevel.Info, "x"));
    }

    [MountFact]
    public void A_disk_that_was_full_goes_on_with_a_new_line()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["disk"]);
        Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder["disk"]);
        try
        {
            string path = folder["disk/x.log"];
            using var file = new LogFile(path, TimeZoneInfo.Utc);
            string? problem = null;
            int kept = 0;
            for (; kept < 10_000 && (problem = file.Write(Start, LogLevel.Info, new string('a', 999))) is null; kept++)
            {
            }

            Assert.Equal($"the log file {path} cannot be written: No space left on device", problem);
            Run("mount", "-o", "remount,size=1m", folder["disk"]);
            Assert.Null(file.Write(Start, LogLevel.Info, "after"));
            string[] lines = File.ReadAllLines(path);
            Assert.Equal("after", lines[^1]);
            Assert.All(lines[..kept], line => Assert.Equal(999, line.Length));
        }
        finally
        {
            Run("umount", folder["disk"]);
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(30)) && process.ExitCode == 0);
    }
}
