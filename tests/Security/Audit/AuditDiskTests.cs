using Deploy.Model;
using Deploy.Security.Audit;
using Deploy.Tests.EndToEnd.Faults;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Security.Audit;

public class AuditDiskTests
{
    [MountFact]
    public async Task A_full_disk_refuses_and_keeps_the_chain_whole()
    {
        using var folder = new TempFolder();
        using var disk = new SmallDisk(folder["disk"], "size=1m");
        var log = new ListLog();
        string head;
        await using (var audit = AuditLog.Open(folder["disk"], TimeProvider.System, log))
        {
            Assert.Null(await audit.WriteAsync(AuditTests.Entry()));
            disk.Fill();
            string? problem = null;
            for (int order = 0; order < 50 && problem is null; order++) // what is left of the last block
            {
                problem = await audit.WriteAsync(AuditTests.Entry());
            }

            Assert.Contains(folder["disk/audit.ndjson"], problem, StringComparison.Ordinal);
            Assert.Equal(problem, audit.Trouble);
            disk.Free();
            Assert.Null(await audit.WriteAsync(AuditTests.Entry()));
            Assert.Null(audit.Trouble);
            head = audit.Head.Sha256;
        }

        var whole = Assert.IsType<AuditVerdict.Whole>(AuditTests.Verify(folder["disk"], head));
        Assert.Equal((1L, 0L), (whole.Omitted, whole.TornBytes));
        Assert.NotNull(whole.Found);
        Assert.Contains(log.Entries, entry => entry.Message.Contains("orders that change something are refused", StringComparison.Ordinal));
        Assert.Contains(log.Entries, entry => entry.Message == "the audit log can be written again");
    }

    [Fact]
    public void A_link_in_the_place_of_the_log_is_not_followed()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["other"], "mine");
        File.SetUnixFileMode(folder["other"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        File.CreateSymbolicLink(folder["audit.ndjson"], folder["other"]);
        Assert.Contains("symbolic links", Refused(folder.Path).Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(folder["other"]));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead, File.GetUnixFileMode(folder["other"]));
        File.Delete(folder["audit.ndjson"]);
        using var made = System.Diagnostics.Process.Start("/usr/bin/mkfifo", [folder["audit.ndjson"]]);
        made.WaitForExit();
        Assert.Contains("it is no regular file", Refused(folder.Path).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_directory_that_others_may_write_to_keeps_no_log()
    {
        using var folder = new TempFolder();
        File.SetUnixFileMode(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherWrite);
        Assert.Contains($"others may write to its folder {folder.Path}, mode 0702 (chmod go-w {folder.Path})", Refused(folder.Path).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    private static UserError Refused(string directory) => Assert.Throws<UserError>(() => AuditLog.Open(directory, TimeProvider.System, new ListLog()));

    [Fact]
    public void A_log_that_cannot_be_opened_is_an_error_with_the_next_step()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["audit.ndjson"]);
        var error = Assert.Throws<UserError>(() => AuditLog.Open(folder.Path, TimeProvider.System, new ListLog()));
        Assert.Contains(folder["audit.ndjson"], error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Hint);
    }
}
