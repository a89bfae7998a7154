using Deploy.Modes.Agent;
using Xunit;

namespace Deploy.Tests.Modes.Agent;

public class DeniedOptionsTests
{
    [Theory]
    [InlineData("-e ssh")]
    [InlineData("-essh")]
    [InlineData("-avze ssh")]
    [InlineData("--rsh=ssh")]
    [InlineData("--rsh ssh")]
    [InlineData("--rsync-path=/x")]
    [InlineData("-M--x")]
    [InlineData("--remote-option=--x")]
    [InlineData("--daemon")]
    [InlineData("--server")]
    [InlineData("--config=/x")]
    [InlineData("--log-file=/x")]
    [InlineData("--files-from /x")]
    [InlineData("--write-batch=/x")]
    [InlineData("--only-write-batch=/x")]
    [InlineData("--read-batch=/x")]
    [InlineData("--old-args")]
    [InlineData("--trust-sender")]
    [InlineData("--insecure-links")]
    [InlineData("--copy-devices")]
    [InlineData("--write-devices")]
    [InlineData("--remove-source-files")]
    [InlineData("--remove-sent-files")]
    [InlineData("-K")]
    [InlineData("-avKz")]
    [InlineData("--keep-dirlinks")]
    [InlineData("--temp-dir=/tmp")]
    [InlineData("--temp-dir /tmp")]
    [InlineData("-T /tmp")]
    [InlineData("-aT/tmp")]
    [InlineData("-T=/tmp")]
    [InlineData("--backup-dir=/srv2/b")]
    [InlineData("--backup-dir=../b")]
    [InlineData("--partial-dir=/p")]
    [InlineData("--link-dest=/srv/../l")]
    [InlineData("--copy-dest /c")]
    [InlineData("--compare-dest=/c")]
    [InlineData("-f !")]
    [InlineData("--exclude=!")]
    [InlineData("--filter=clear")]
    [InlineData("--filter=merge_/etc/rules")]
    [InlineData("--filter=merge,n_/etc/rules")]
    [InlineData("-f ._/etc/rules")]
    [InlineData("-f ._rules")]
    [InlineData("--filter=./_rules")] // '/' is a modifier: rsync reads rules in the target
    [InlineData("--filter=.C")] // .cvsignore of the target
    [InlineData("--filter=merge,C")]
    [InlineData("--early-input=/x")]
    [InlineData("-q")]
    [InlineData("--list-only")]
    public void Each_is_found_in_every_form(string words) => Assert.Equal(0, Assert.Single(DeniedOptions.Find(Split("-a " + words), ["/srv"])).Index - 1);

    [Theory]
    [InlineData("-avzHAX --delete --force -n")]
    [InlineData("--exclude -e")] // a pattern
    [InlineData("--exclude --rsh=x --include -K")]
    [InlineData("-f P_/var -f -_*.tmp --filter=dir-merge_.rules")]
    [InlineData("-B e --bwlimit 10 --suffix=K")]
    [InlineData("--temp-dir=/srv/tmp -T .tmp --partial-dir .p --backup-dir=old --link-dest=/srv/other")]
    [InlineData("--exclude-from=/etc/x --no-K --rs=ssh --daem")] // no abbreviations
    public void What_is_harmless_or_a_value_is_not(string words) => Assert.Empty(DeniedOptions.Find(Split(words), ["/srv"]));

    private static string[] Split(string words) => [.. words.Split(' ').Select(word => word.Replace('_', ' '))];
}
