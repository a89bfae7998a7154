using System.Text;
using Deploy.Rsync;
using Deploy.Rsync.Meaning;
using Deploy.Rsync.Output;
using Xunit;

namespace Deploy.Tests.Rsync.Meaning;

public class ExitMeaningTests
{
    private static readonly string[] Codes = ["0", "23", "24", "25", "1", "2", "3", "4", "6", "13", "5", "10", "12", "30", "35", "255", "11", "14", "15", "16", "21", "22", "124", "125", "126", "127", "19", "20", "9", "77"];

    // The table of docs/rsync.md, code by code, without a word on stderr.
    [Theory]
    [InlineData(0, "Ok")]
    [InlineData(23, "Partial Files")]
    [InlineData(24, "Ok")]
    [InlineData(25, "Partial Files")]
    [InlineData(1, "Failed Configuration")]
    [InlineData(2, "Failed Configuration")]
    [InlineData(3, "Failed Configuration")]
    [InlineData(4, "Failed Configuration")]
    [InlineData(5, "Failed Configuration")]
    [InlineData(6, "Failed Configuration")]
    [InlineData(13, "Failed Configuration")]
    [InlineData(10, "Failed Network")]
    [InlineData(12, "Failed Network")]
    [InlineData(30, "Failed Network")]
    [InlineData(35, "Failed Network")]
    [InlineData(255, "Failed Network")]
    [InlineData(11, "Failed Disk")]
    [InlineData(14, "Failed Crash")]
    [InlineData(15, "Failed Crash")]
    [InlineData(16, "Failed Crash")]
    [InlineData(19, "Failed Crash")]
    [InlineData(20, "Failed Crash")]
    [InlineData(21, "Failed Crash")]
    [InlineData(22, "Failed Crash")]
    [InlineData(77, "Failed Crash")]
    [InlineData(124, "Failed Configuration")]
    [InlineData(125, "Failed Configuration")]
    [InlineData(126, "Failed Configuration")]
    [InlineData(127, "Failed Configuration")]
    public void Each_code_has_its_meaning(int code, string meaning) => Assert.Equal(meaning, Meaning(Of(code, string.Empty)));

    [Fact]
    public void A_stop_of_ours_is_a_cancel_whatever_the_code()
    {
        foreach (string code in Codes.Skip(1))
        {
            Assert.Equal(new Verdict(SyncOutcome.Cancelled, null, null), Of(int.Parse(code, System.Globalization.CultureInfo.InvariantCulture), "rsync error: x (code 20) at y", stopped: true));
        }

        Assert.Equal(SyncOutcome.Ok, Of(0, string.Empty, stopped: true).Outcome); // it was done before
        Assert.Equal(SyncOutcome.Cancelled, ExitMeaning.Of(Ended(null, string.Empty) with { Signal = 9, Stopped = true }).Outcome);
    }

    [Fact]
    public void Success_without_statistics_is_no_success()
    {
        var verdict = ExitMeaning.Of(Ended(0, string.Empty) with { HasStatistics = false });
        Assert.Equal("Failed Configuration", Meaning(verdict));
    }

    [Fact]
    public void Vanished_files_are_ok_unless_deletions_stopped_too()
    {
        const string Vanished = "file has vanished: \"x\"\nrsync warning: some files vanished before they could be transferred (code 24) at main.c(1)\n";
        Assert.NotNull(Of(24, Vanished).Warning);
        Assert.Equal("Partial Files", Meaning(Of(24, "Deletions stopped due to --max-delete limit (6 skipped)\n" + Vanished)));
    }

    // An origin may say anything on our stderr; it cannot turn a failure into less.
    [Theory]
    [InlineData(24)]
    [InlineData(23)]
    [InlineData(25)]
    [InlineData(0)]
    public void A_code_on_stderr_never_makes_a_failure_less(int forged) =>
        Assert.Equal(SyncOutcome.Failed, Of(12, $"rsync error: all is well (code {forged}) at main.c(1)\n").Outcome);

    [Fact]
    public void A_code_on_stderr_never_changes_a_partial_run() =>
        Assert.Equal("Partial Files", Meaning(Of(23, "rsync error: some files vanished (code 24) at main.c(1)\n")));

    [Fact]
    public void The_first_of_several_codes_names_the_cause()
    {
        // rsync 3.0.9 on a full disk ends with 12.
        var verdict = Of(12, "rsync: write failed on \"/t/x\": No space left on device (28)\nrsync error: error in file IO (code 11) at receiver.c(322)\nrsync error: stream (code 12) at io.c(605)\n");
        Assert.Equal("Failed Disk", Meaning(verdict));
        Assert.Contains("no space left", verdict.Diagnosis!.What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_named_like_an_error_is_none()
    {
        var verdict = Of(23, "rsync: [sender] send_files failed to open \"/a: No space left on device (28)\" (in site): Permission denied (13)\n");
        Assert.Equal("Partial Files", Meaning(verdict));
        Assert.DoesNotContain("no space", verdict.Diagnosis!.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, "@ERROR: max connections (2) reached -- try again later", "OriginBusy", "busy")]
    [InlineData(5, "@ERROR: Unknown module 'site'", "Configuration", "has no module site")]
    [InlineData(5, "@ERROR: auth failed on module site", "Configuration", "user or password")]
    [InlineData(5, "Password: @ERROR: auth failed on module site", "Configuration", "user or password")]
    [InlineData(5, "@ERROR: access denied to site from h (10.0.0.1)", "Configuration", "does not let this host")]
    [InlineData(5, "@ERROR: chdir failed", "Configuration", "directory of module site")]
    [InlineData(5, "@ERROR: something new", "Configuration", "something new")]
    [InlineData(10, "rsync: [Receiver] failed to connect to h (10.0.0.9): Connection refused (111)", "Network", "refused the connection (port 873)")]
    [InlineData(10, "rsync: [Receiver] failed to connect to h (10.0.0.9): No route to host (113)", "Network", "cannot be reached")]
    [InlineData(10, "rsync: [Receiver] failed to connect to h (10.0.0.9): Connection timed out (110)", "Network", "cannot be reached")]
    [InlineData(35, "rsync error: timeout waiting for daemon connection (code 35) at socket.c(278) [Receiver=3.5.0]", "Network", "cannot be reached")]
    [InlineData(10, "rsync: getaddrinfo: h 873: Temporary failure in name resolution", "Network", "cannot be resolved")]
    [InlineData(30, "rsync error: timeout in data send/receive (code 30) at io.c(204) [generator=3.5.0]", "Network", "sent nothing for too long")]
    [InlineData(12, "rsync: connection unexpectedly closed (9 bytes received so far) [Receiver]", "Network", "connection to origin h broke")]
    [InlineData(11, "rsync: [Receiver] mkdir \"/srv/www\" failed: No such file or directory (2)", "Disk", "parent of target /srv/www")]
    [InlineData(11, "rsync: [Receiver] mkdir \"/srv/www\" failed: Permission denied (13)", "Disk", "cannot be written")]
    [InlineData(11, "rsync: [Receiver] mkdir \"/srv/www\" failed: Read-only file system (30)", "Disk", "cannot be written")]
    [InlineData(3, "rsync: [Receiver] change_dir#3 \"/srv/www\" failed: Permission denied (13)", "Disk", "cannot be written")]
    [InlineData(3, "ERROR: destination must be a directory when copying more than 1 file", "Configuration", "is a file")]
    [InlineData(11, "rsync: [receiver] write failed on \"/srv/www/a\": Disk quota exceeded (122)", "Disk", "no space left")]
    [InlineData(1, "rsync: --nope: unknown option", "Configuration", "does not know option --nope")]
    [InlineData(1, "rsync: on remote machine: --nope: unknown option", "Configuration", "rsync at the origin does not know option --nope")]
    [InlineData(255, "ssh: connect to host h port 22: Connection refused", "Network", "remote shell to origin h failed: ssh: connect")]
    [InlineData(127, "bash: line 1: rsync: command not found", "Configuration", "rsync was not found at origin h")]
    [InlineData(14, "rsync: [Receiver] Failed to exec nossh: No such file or directory (2)", "Configuration", "cannot be started here")]
    public void Each_cause_has_its_own_text(int code, string error, string fault, string what)
    {
        var diagnosis = Of(code, error + "\n").Diagnosis!;
        Assert.Equal(fault, diagnosis.Fault.ToString());
        Assert.Contains(what, diagnosis.What, StringComparison.Ordinal);
        Assert.NotEmpty(diagnosis.NextStep);
        Assert.DoesNotContain('\n', diagnosis.What + diagnosis.NextStep);
    }

    [Fact]
    public void A_next_step_can_be_pasted_into_a_shell()
    {
        var verdict = ExitMeaning.Of(Ended(10, "rsync: getaddrinfo: $(id) 873: Name or service not known\n") with { Call = new SyncCall { Origin = "$(id)'x::m", Target = "/t" } });
        Assert.EndsWith("getent hosts '$(id)'\\''x'", verdict.Diagnosis!.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_stderr_means_something()
    {
        var random = new Random(20261122);
        string[] parts = ["rsync: ", "@ERROR: ", "rsync error: ", "(code ", "5", ")", "[sender] ", "[", "] ", "mkdir ", "(2)", "(28)", "\n", "\r", ": unknown option", "getaddrinfo: ", "Failed to exec ", "\udcff", "change_dir \""];
        for (int round = 0; round < 5_000; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(25)).Select(_ => parts[random.Next(parts.Length)]));
            var verdict = Of(int.Parse(Codes[random.Next(Codes.Length)], System.Globalization.CultureInfo.InvariantCulture), text);
            Assert.Equal(verdict.Outcome is SyncOutcome.Ok, verdict.Diagnosis is null);
        }
    }

    private static string Meaning(Verdict verdict) => verdict.Diagnosis is null ? verdict.Outcome.ToString() : $"{verdict.Outcome} {verdict.Diagnosis.Fault}";

    private static Verdict Of(int code, string errors, bool stopped = false) => ExitMeaning.Of(Ended(code, errors) with { Stopped = stopped });

    private static Ending Ended(int? code, string errors)
    {
        var text = new ErrorText();
        text.Feed(Encoding.UTF8.GetBytes(errors));
        text.Complete();
        return new Ending
        {
            Call = new SyncCall { Origin = "h::site/", Target = "/srv/www" },
            Version = new RsyncVersion(3, 5, 0),
            Code = code,
            Signal = null,
            Stopped = false,
            Errors = text,
            HasStatistics = true,
        };
    }
}
