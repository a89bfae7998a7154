using Deploy.Modes.Daemon;
using Xunit;

namespace Deploy.Tests.Modes.Daemon;

public class ConfinementReportTests
{
    [Theory]
    [InlineData(true, 7, true, null)]
    [InlineData(true, 6, true, null)]
    [InlineData(true, 5, true, null)] // weaker by signals alone: told, no warning
    [InlineData(true, 2, true, "rsync: writes its target alone, but could empty files")]
    [InlineData(true, 1, true, "rsync: as free as its user: Landlock 1 of this kernel is too old")]
    [InlineData(true, null, true, "rsync: as free as its user: this kernel has no Landlock")]
    [InlineData(true, 7, false, "targets: this kernel, or what confines this process, has no openat2")]
    [InlineData(false, 7, true, null)] // development
    public void What_is_weaker_is_one_warning(bool isPublished, int? landlock, bool hasOpenat2, string? warning)
    {
        var report = ConfinementReport.Of(isPublished, landlock, hasOpenat2);
        Assert.Equal(["targets", "rsync"], report.Lines.Select(line => line.What));
        Assert.StartsWith(warning ?? string.Empty, report.Warning ?? string.Empty, StringComparison.Ordinal);
        Assert.Equal(warning is null, report.Warning is null);
    }
}
