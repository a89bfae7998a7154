using Deploy.Rsync;
using Deploy.Rsync.Arguments;
using Xunit;

namespace Deploy.Tests.Rsync.Arguments;

public class ArgumentListTests
{
    private static readonly RsyncVersion V30 = new(3, 0, 9);
    private static readonly RsyncVersion V35 = new(3, 5, 0);
    private static readonly SyncCall Call = new() { Origin = "host::site/", Target = "/srv/www" };

    [Fact]
    public void A_plan_is_the_originals_command_line_and_then_ours()
    {
        var call = Call with { DryRun = true, Rsh = "ssh -p 22", Excludes = ["*.tmp", "-x"], Includes = ["keep"] };
        Assert.Equal(
            "--stats --verbose --archive --delete --force --dry-run --rsh=ssh -p 22 --exclude=*.tmp --exclude=-x --include=keep --sockopts=TCP_NODELAY "
            + "--no-v --verbose --no-i --no-progress --stats --no-human-readable --no-motd --timeout=300 --out-format=%i %l %n%L -- host::site/ /srv/www",
            string.Join(' ', ArgumentList.For(call, V35).Words));
    }

    [Fact]
    public void What_protects_the_target_stands_where_no_option_of_the_group_can_undo_it()
    {
        var call = Call with { SafeLinks = true, Devices = false, DelayUpdates = true, PasswordFile = "/etc/pw", MaxDelete = 7, Protect = ["uploads/**"], Excludes = ["a"], Options = ["--devices", "--no-safe-links"] };
        string words = string.Join(' ', ArgumentList.For(call, V35).Words);
        Assert.StartsWith("--stats --verbose --filter=P uploads/** --exclude=a --sockopts=TCP_NODELAY --devices --no-safe-links", words, StringComparison.Ordinal);
        Assert.Contains("--filter=P uploads/** --safe-links --no-devices --no-specials --delay-updates --password-file=/etc/pw --max-delete=7 --out-format=", words, StringComparison.Ordinal);
        Assert.DoesNotContain("--max-delete", string.Join(' ', ArgumentList.For(call with { DryRun = true }, V35).Words), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, 0, "--progress")]
    [InlineData(3, 1, "--outbuf=L --info=progress2,flist0")]
    [InlineData(3, 5, "--outbuf=L --info=progress2,flist0")]
    public void A_sync_shows_its_progress_as_its_version_can(int major, int minor, string last)
    {
        string words = string.Join(' ', ArgumentList.For(Call, new RsyncVersion(major, minor, 0)).Words);
        Assert.EndsWith($"--out-format=%i %l %n%L {last} -- host::site/ /srv/www", words, StringComparison.Ordinal);
    }

    [Fact]
    public void A_groups_options_stand_in_place_of_the_archive_and_before_ours()
    {
        var words = ArgumentList.For(Call with { Options = ["-rt", "--out-format=%n", "--exclude", "b"], Excludes = ["a"] }, V30).Words;
        Assert.DoesNotContain("--archive", words);
        Assert.DoesNotContain("--delete", words);
        Assert.Equal(["--stats", "--verbose", "--exclude=a", "--sockopts=TCP_NODELAY", "-rt", "--out-format=%n", "--exclude", "b", "--no-v"], words.Take(9));
    }

    [Theory]
    [InlineData("host::site/", true)]
    [InlineData("rsync://host/site/", true)]
    [InlineData("host:/srv/site/", false)]
    [InlineData("/srv/site/", false)]
    public void A_daemon_is_talked_to_without_delay_unless_the_group_says_otherwise(string origin, bool whether)
    {
        var words = ArgumentList.For(Call with { Origin = origin, Options = ["-rt", "--sockopts=SO_SNDBUF=65536"] }, V35).Words.Where(word => word.StartsWith("--sockopts", StringComparison.Ordinal));
        Assert.Equal(whether ? ["--sockopts=TCP_NODELAY", "--sockopts=SO_SNDBUF=65536"] : ["--sockopts=SO_SNDBUF=65536"], words); // rsync takes the last
    }

    [Theory]
    [InlineData("--delete", true)]
    [InlineData("--delete-excluded", true)]
    [InlineData("--delete-before", false)]
    [InlineData("--delete-missing-args", false)] // alone it deletes nothing in the tree, and --delete-delay would
    [InlineData("--delete-missing-args --delete", true)]
    public void What_is_deleted_goes_late_unless_the_group_says_when(string options, bool late) =>
        Assert.Equal(late, ArgumentList.For(Call with { Options = options.Split(' '), DeleteLate = true }, V35).Words.Contains("--delete-delay"));

    [Theory]
    [InlineData(0.2, "--timeout=1")]
    [InlineData(1.2, "--timeout=2")]
    [InlineData(90, "--timeout=90")]
    public void The_io_timeout_is_whole_seconds_and_never_none(double seconds, string word)
    {
        Assert.Contains(word, ArgumentList.For(Call with { IoTimeout = TimeSpan.FromSeconds(seconds) }, V35).Words);
    }

    [Theory]
    [InlineData("--timeout=7")]
    [InlineData("--timeout", "7")]
    public void A_groups_own_timeout_stays(params string[] options)
    {
        Assert.Single(ArgumentList.For(Call with { Options = options }, V35).Words, word => word.StartsWith("--timeout", StringComparison.Ordinal));
    }

    [Fact]
    public void A_pattern_named_timeout_is_no_timeout()
    {
        Assert.Contains("--timeout=300", ArgumentList.For(Call with { Options = ["--exclude", "--timeout=7"] }, V35).Words);
    }

    [Fact]
    public void What_a_group_turns_off_by_info_is_turned_on_again()
    {
        var words = ArgumentList.For(Call with { Options = ["-a", "--info=NONE"] }, V35).Words;
        Assert.True(words.ToList().IndexOf("--info=copy1,del1,misc1,name1,stats2,symsafe1") > words.ToList().IndexOf("--info=NONE"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("srv/www")]
    [InlineData("-x")]
    [InlineData("other:/srv")]
    [InlineData("rsync://other/module")]
    public void A_target_that_is_no_absolute_path_is_refused(string target)
    {
        Assert.Equal(Fault.Configuration, ArgumentList.For(Call with { Target = target }, V35).Problem?.Fault);
    }

    [Fact]
    public void An_empty_origin_which_would_be_the_root_is_refused()
    {
        Assert.NotNull(ArgumentList.For(Call with { Origin = string.Empty }, V35).Problem);
        Assert.Null(ArgumentList.For(Call, V35).Problem);
    }

    [Fact]
    public void A_nul_is_refused()
    {
        Assert.NotNull(ArgumentList.For(Call with { Excludes = ["a\0b"] }, V35).Problem);
        Assert.NotNull(ArgumentList.For(Call with { Target = "/srv\0" }, V35).Problem);
    }

    [Fact]
    public void An_option_without_its_value_is_refused_before_it_swallows_one_of_ours()
    {
        Assert.Contains("--max-delete", ArgumentList.For(Call with { Options = ["-a", "--max-delete"] }, V35).Problem!.What, StringComparison.Ordinal);
        Assert.NotNull(ArgumentList.For(Call with { Options = ["-ae"] }, V35).Problem);
    }

    [Fact]
    public void What_was_taken_out_is_a_warning()
    {
        var list = ArgumentList.For(Call with { Options = ["-avq", "--list-only"] }, V35);
        Assert.Equal(2, list.Warnings.Count);
        Assert.Contains("-q in -avq", list.Warnings[0], StringComparison.Ordinal);
        Assert.Contains("--list-only", list.Warnings[1], StringComparison.Ordinal);
    }
}
