using Deploy.Jobs.Syncs;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Jobs.Syncs;

public sealed class RuleFilesTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("!\n+ *\n", true)]
    [InlineData("# all\r!\r", true)]
    [InlineData("*.o\0!\0+ *\0", true)] // with --from0
    [InlineData("! x\n", true)] // an error in rsync
    [InlineData("*.o\nname!\n- !x\n", false)]
    [InlineData("", false)]
    public void A_line_that_clears_the_list_is_found(string text, bool clears)
    {
        File.WriteAllText(folder["rules"], text);
        foreach (string option in new[] { "--exclude-from=", "--include-from=" })
        {
            string? why = RuleFiles.Clearing(["-a", option + folder["rules"]]);
            Assert.Equal(clears, why is not null);
            Assert.True(why is null || why.StartsWith(folder["rules"], StringComparison.Ordinal), why);
        }
    }

    [Fact]
    public void What_is_not_there_and_standard_input_are_rsyncs_affair() =>
        Assert.Null(RuleFiles.Clearing(["--exclude-from", folder["missing"], "--exclude-from=-", "--include-from=" + folder.Path, "--exclude-from"]));
}
