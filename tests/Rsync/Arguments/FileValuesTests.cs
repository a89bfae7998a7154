using Deploy.Rsync.Arguments;
using Xunit;

namespace Deploy.Tests.Rsync.Arguments;

public class FileValuesTests
{
    [Theory]
    [InlineData("--exclude-from=etc/x", "--exclude-from=/etc/x")]
    [InlineData("--exclude-from etc/x", "--exclude-from /etc/x")]
    [InlineData("--include-from ./x", "--include-from /./x")]
    [InlineData("--password-file=x", "--password-file=/x")]
    [InlineData("--log-file=var/l --write-batch b", "--log-file=/var/l --write-batch /b")]
    [InlineData("-f ._rules", "-f ._/rules")]
    [InlineData("-af._rules", "-af._/rules")]
    [InlineData("--filter=./_rules", "--filter=./_/rules")] // '/' is a modifier
    [InlineData("--filter=merge,n_rules", "--filter=merge,n_/rules")]
    public void A_relative_file_is_one_from_the_root_on(string words, string expected) => Assert.Equal(Split(expected), FileValues.FromRoot(Split(words)));

    [Theory]
    [InlineData("--exclude-from=/x --exclude-from - --files-from=:x --files-from host:x")]
    [InlineData("--backup-dir=old --temp-dir tmp --link-dest=../a --partial-dir=.p -T t")] // relative to the target, as ever
    [InlineData("--exclude --exclude-from x")] // a pattern, and an operand
    [InlineData("-f -_x --filter=merge_/x -f :_.rules -f dir-merge_.r --exclude=.x")]
    [InlineData("-avz --bwlimit=10 -B 700 --suffix x")]
    public void Everything_else_stays(string words) => Assert.Equal(Split(words), FileValues.FromRoot(Split(words)));

    private static string[] Split(string words) => [.. words.Split(' ').Select(word => word.Replace('_', ' '))];
}
