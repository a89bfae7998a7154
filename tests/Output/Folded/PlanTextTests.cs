using System.Buffers;
using System.Text;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Output.Folded;
using Xunit;

namespace Deploy.Tests.Output.Folded;

public class PlanTextTests
{
    private static readonly List<HostStanding> Plan =
    [
        .. JobCases.Hosts("web-[001-497]", HostState.Ok, host => host with { Totals = JobCases.Totals(12, 3, 0, 41_200_000), Shape = "a" }),
        .. JobCases.Hosts("web-[498-499]", HostState.Ok, host => host with { Totals = JobCases.Totals(12, 3, 60, 41_200_000), Shape = "b" }),
        .. JobCases.Hosts("web-500", HostState.Unchanged, host => host with { Totals = new SyncTotals(), Shape = "c" }),
        .. JobCases.Hosts("web-501", HostState.Unreachable, host => host with { Reason = "can't connect" }),
    ];

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Shapes_are_folded_and_deletions_named(bool names, bool all) =>
        Golden.Golden.Verify(string.Join('\n', PlanText.Lines(Plan, Changes, names, new Layout { All = all, Width = 80 })) + "\n", $"Plan-{(names ? "changes" : "short")}{(all ? "-all" : string.Empty)}");

    [Fact]
    public void One_shape_is_one_line_and_one_of_names_that_cannot_be_read_says_so()
    {
        var one = Plan.Take(497).ToList();
        Assert.Equal(["497 hosts: +12 ~3 -0, 41.2 MB", "  web-[001-497]"], PlanText.Lines(one, _ => null, names: false, new Layout()));
        Assert.Contains("    deletes 60; their names could not be read", PlanText.Lines(Plan, _ => null, names: false, new Layout()));
    }

    [Fact]
    public void Deletions_are_named_though_there_are_more_shapes_than_are_shown()
    {
        var hosts = JobCases.Hosts("web-[001-100]", HostState.Ok).Select((host, place) => host with { Totals = JobCases.Totals(place, 0, place == 99 ? 1 : 0, 0), Shape = $"{place}" }).ToList();
        var lines = PlanText.Lines(hosts, digest => digest == "99" ? [new ShownChange('-', "gone")] : [], names: false, new Layout()).ToList();
        Assert.Contains("    - gone", lines);
        Assert.Contains("… and 79 more kinds of changes on 79 hosts; --all shows them", lines);
        Assert.Contains("1 host: +99 ~0 -1, 0 B", lines);
    }

    [Fact]
    public void Change_lines_are_read_made_safe_and_refused_where_they_are_none()
    {
        var content = new ArrayBufferWriter<byte>();
        new Change { Kind = ChangeKind.New, Type = 'L', Name = "evil\e[31m\nname"u8.ToArray(), Link = "/etc"u8.ToArray() }.WriteTo(content);
        new Change { Kind = ChangeKind.Deleted, Type = Change.NotTold, Name = new byte[] { 0xFF, (byte)'x' } }.WriteTo(content);
        new Change { Kind = ChangeKind.Changed, Type = 'd', Name = "css"u8.ToArray() }.WriteTo(content);
        var shown = ShownChange.Of(new ShapeContent(ShapeKind.Changes, content.WrittenMemory));
        Assert.Equal([new ShownChange('+', "evil\\x1b[31m\\x0aname -> /etc"), new ShownChange('-', "\\xffx"), new ShownChange('~', "css/")], shown);
        Assert.Null(ShownChange.Of(new ShapeContent(ShapeKind.Changes, "no change\n"u8.ToArray())));
        Assert.Null(ShownChange.Of(new ShapeContent(ShapeKind.Output, content.WrittenMemory)));
    }

    private static IEnumerable<ShownChange>? Changes(string digest) => digest switch
    {
        "a" => Enumerable.Range(1, 12).Select(number => new ShownChange('+', $"new/{number}")).Concat(Enumerable.Range(1, 3).Select(number => new ShownChange('~', $"page{number}"))),
        "b" => Enumerable.Range(1, 60).Select(number => new ShownChange('-', $"old/{number:00}")).Concat([new ShownChange('+', "new/1")]),
        _ => [],
    };
}
