using Deploy.Model;
using Deploy.Output;
using Xunit;

namespace Deploy.Tests.Output;

public class HostTableTests
{
    private static readonly HostLine[] Hosts =
    [
        new() { Host = "db-001", State = HostState.Unreachable, Note = "can't connect to db-001:3440: connection refused", NextStep = "see that the agent runs" },
        new() { Host = "web-001", State = HostState.Ok, Changes = 1542, Bytes = 4_500_000 },
        new() { Host = "web-1000", State = HostState.Unchanged, Changes = 0, Bytes = 0, Note = "a note" },
    ];

    [Fact]
    public void Good_hosts_come_first_numbers_stand_right_and_failed_ones_have_the_next_step() =>
        Golden.Golden.Verify(string.Join('\n', HostTable.Lines(Hosts, color: false, onlyBad: false)) + "\n", "HostTable");

    [Fact]
    public void Colours_change_no_column() =>
        Assert.Equal(
            HostTable.Lines(Hosts, color: false, onlyBad: false),
            HostTable.Lines(Hosts, color: true, onlyBad: false).Select(line => System.Text.RegularExpressions.Regex.Replace(line, "\e\\[[0-9]*m", string.Empty)));

    [Fact]
    public void Only_bad_hosts_where_asked() => Assert.DoesNotContain(HostTable.Lines(Hosts, color: false, onlyBad: true), line => line.StartsWith("web", StringComparison.Ordinal));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1.0 kB")]
    [InlineData(999_949, "999.9 kB")]
    [InlineData(999_950, "1.0 MB")]
    [InlineData(41_200_000, "41.2 MB")]
    [InlineData(long.MaxValue, "9.2 EB")]
    public void Sizes_are_for_people(long bytes, string text) => Assert.Equal(text, ByteSize.Format(bytes));

    [Fact]
    public void Progress_is_written_over_and_erased_and_only_where_enabled()
    {
        var error = new StringWriter();
        var terminal = new Terminal(new StringWriter(), error);
        using (var progress = new ProgressLine(terminal, true, 200, TimeProvider.System))
        {
            progress.HostEnded(false);
        }

        Assert.Equal("\r1/200 hosts, 1 failed\e[K\r\e[K", error.ToString());
        using (var silent = new ProgressLine(terminal, false, 200, TimeProvider.System))
        {
            silent.HostEnded(true);
        }

        Assert.Equal("\r1/200 hosts, 1 failed\e[K\r\e[K", error.ToString());
    }
}
