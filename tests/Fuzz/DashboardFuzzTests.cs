using Deploy.Model.Text;
using Deploy.Tests.Tui;
using Deploy.Tui.Filters;
using Deploy.Tui.Screens.Fleet;
using Xunit;
using Xunit.Abstractions;

namespace Deploy.Tests.Fuzz;

/// <summary>What an operator types or pastes into the dashboard.</summary>
public class DashboardFuzzTests(ITestOutputHelper output)
{
    [Fact]
    public Task A_filter_that_is_read_prints_itself() => Fuzzer.RunAsync(
        new FuzzTarget("DashboardFilter", Filter) { Words = ["state:", "failed|unreachable", "group:web", "rsync:<3.4.3", "skew:>60s", "!", "|", "\"", "\\", ">=", "web-[001-040]", " "], Inputs = 20_000, MostAllocated = 64 * 1024 * 1024 }, output);

    private static readonly FleetRow Row = FleetRow.Of(new Dashboard().Connected(images: 1).Model, new Dashboard().Connected(images: 1).Model.Hosts.Rows[0]);

    private static void Filter(byte[] input)
    {
        string text = ByteText.FromBytes(input);
        var (filter, mistake) = Filter<FleetRow>.Parse(text, FleetFields.All);
        Assert.True(filter is null != mistake is null);
        if (filter is null)
        {
            Holds.Safe(mistake!.Text);
            Assert.InRange(mistake.Offset, 0, text.Length);
            return;
        }

        var again = Filter<FleetRow>.Parse(filter.ToString(), FleetFields.All).Filter;
        Assert.Equal(filter.ToString(), again?.ToString());
        Assert.Equal(filter.Lets(Row), again!.Lets(Row));
    }
}
