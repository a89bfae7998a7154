using Deploy.Modes.Doctor;
using Xunit;

namespace Deploy.Tests.Modes.Doctor;

public class RsyncHolesTests
{
    [Theory]
    [InlineData("3.2.7", "Note", "3.4.1")]
    [InlineData("3.4.1", "Note", "3.4.3")]
    [InlineData("3.4.3", "Note", "3.5.0")]
    [InlineData("3.5.0", "Ok", "3.5.0")]
    [InlineData(null, "Problem", "install rsync")]
    [InlineData("new", "Problem", "cannot be read")]
    public void A_version_is_told_with_what_is_known_of_it(string? version, string grade, string said)
    {
        var finding = RsyncHoles.Of("/usr/bin/rsync", version);
        Assert.Equal(grade, finding.Grade.ToString());
        Assert.Contains(said, finding.What, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_mended_before_a_version_is_not_said_of_it()
    {
        Assert.DoesNotContain("3.4.1", RsyncHoles.Of(string.Empty, "3.4.2").What, StringComparison.Ordinal);
    }
}
