using Deploy.Tui.Filters;
using Xunit;

namespace Deploy.Tests.Tui;

public class FilterTests
{
    private sealed record Row(string Name, string State, string[] Groups, string? Rsync = null, double? Skew = null, long? Bytes = null);

    private static readonly IReadOnlyList<FilterField<Row>> Fields =
    [
        FilterField<Row>.Host("name", row => row.Name),
        FilterField<Row>.Word("state", row => row.State, ["up", "suspect", "down", "failed", "unreachable"]),
        FilterField<Row>.Words("group", row => row.Groups),
        FilterField<Row>.Version("rsync", row => row.Rsync),
        FilterField<Row>.Age("skew", row => row.Skew is { } skew ? TimeSpan.FromSeconds(skew) : null),
        FilterField<Row>.Size("size", row => row.Bytes),
    ];

    private static readonly Row[] Rows =
    [
        new("web-001", "up", ["web"], "3.4.3", 0, 1_000),
        new("web-002", "failed", ["web", "edge"], "3.4.1", 90, 5_000_000),
        new("web-012", "unreachable", ["web"], "3.4.10"),
        new("db-001", "down", ["db"], "3.4.3pre1", 60, 0),
    ];

    [Theory]
    [InlineData("", "web-001 web-002 web-012 db-001")]
    [InlineData("   ", "web-001 web-002 web-012 db-001")]
    [InlineData("WEB", "web-001 web-002 web-012")]
    [InlineData("web-[001-002]", "web-001 web-002")]
    [InlineData("web-[001-002],db-001", "web-001 web-002 db-001")]
    [InlineData("001|012", "web-001 web-012 db-001")]
    [InlineData("!web", "db-001")]
    [InlineData("state:failed|unreachable", "web-002 web-012")]
    [InlineData("state:FAIL", "web-002")]
    [InlineData("!state:failed|unreachable group:web", "web-001")]
    [InlineData("group:edge", "web-002")]
    [InlineData("rsync:<3.4.3", "web-002 db-001")]
    [InlineData("rsync:>=3.4.3", "web-001 web-012")]
    [InlineData("rsync:3.4", "web-001 web-002 web-012 db-001")]
    [InlineData("rsync:3.4.3", "web-001")]
    [InlineData("skew:>60s", "web-002")]
    [InlineData("skew:1m", "web-002 db-001")]
    [InlineData("skew:<=1m", "web-001 db-001")]
    [InlineData("!skew:>=0", "web-012")]
    [InlineData("size:>1M", "web-002")]
    [InlineData("size:<1kB", "db-001")]
    [InlineData("\"web-001\" state:\"up\"", "web-001")]
    [InlineData("name:=web-001", "web-001")]
    public void A_filter_lets_pass_what_it_says(string text, string names)
    {
        var filter = Filter<Row>.Parse(text, Fields).Filter;
        Assert.NotNull(filter);
        Assert.Equal(names, string.Join(' ', Rows.Where(filter.Lets).Select(row => row.Name)));
    }

    [Theory]
    [InlineData("stat:up", "there is no field 'stat'", 0)]
    [InlineData("web state:", "state: expected up, suspect", 10)]
    [InlineData("web state:quick", "state: 'quick': expected up, suspect", 10)]
    [InlineData("state:<up", "expected", 6)]
    [InlineData("skew:>fast", "skew: '>fast': expected >60s", 5)]
    [InlineData("rsync:<new", "rsync", 6)]
    [InlineData("a|", "expected", 2)]
    [InlineData("!", "expected", 1)]
    [InlineData("\"web", "not closed", 0)]
    [InlineData("\"web\"x", "around a whole value", 5)]
    [InlineData("we\"b", "around a whole value", 2)]
    [InlineData("web-[1-", "name", 0)]
    public void A_mistake_says_what_and_where(string text, string what, int offset)
    {
        var (filter, mistake) = Filter<Row>.Parse(text, Fields);
        Assert.Null(filter);
        Assert.Contains(what, mistake!.Text, StringComparison.Ordinal);
        Assert.Equal(offset, mistake.Offset);
    }

    [Theory]
    [InlineData("3.4.1", "3.4.3", -1)]
    [InlineData("3.4.10", "3.4.9", 1)]
    [InlineData("3.4", "3.4.0", -1)]
    [InlineData("3.4.3pre1", "3.4.3", -1)]
    [InlineData("3.04", "3.4", 0)]
    [InlineData("", "1", -1)]
    [InlineData("99999999999999999999999", "1", 1)]
    public void Versions_are_ordered_as_numbers(string left, string right, int order)
    {
        Assert.Equal(order, Math.Sign(VersionOrder.Compare(left, right)));
        Assert.Equal(-order, Math.Sign(VersionOrder.Compare(right, left)));
    }
}
