using Deploy.Model.Hosts;
using Xunit;

namespace Deploy.Tests.Model.Hosts;

public class HostGroupsTests
{
    [Fact]
    public void Groups_name_groups_in_whatever_order_they_stand()
    {
        var groups = Groups(("all", "@web,@db"), ("canary", "@all,&@odd,!@db"), ("web", "web-[1-4]"), ("db", "db-001"), ("odd", "web-[1,3],db-001"), ("none", ""));
        Assert.Empty(groups.Mistakes);
        Assert.Equal("db-001,web-[1-4]", groups.Find(new GroupReference("all"))!.ToString());
        Assert.Equal("web-[1,3]", groups.Find(new GroupReference("canary"))!.ToString());
        Assert.Empty(groups.Find(new GroupReference("none"))!);
        Assert.Null(groups.Find(new GroupReference("Web")));
        Assert.Null(groups.Find(new JobReference(default, default)));
        Assert.True(HostExpression.TryParse("@all,!@web", ports: false, out var expression, out _));
        Assert.True(expression.TryResolve(groups.Find, out var hosts, out _));
        Assert.Equal(["db-001"], hosts);
    }

    [Fact]
    public void Cycles_are_named_once_and_take_only_those_with_them_that_need_them()
    {
        var groups = Groups(("a", "x,@b"), ("b", "@c"), ("c", "y,@d,@b"), ("d", "z"), ("self", "@self"), ("good", "@d"));
        Assert.Equal(
            ["c 5: @b comes back to itself: b > c > b", "self 0: @self comes back to itself: self > self"],
            groups.Mistakes.Select(Line));
        Assert.Null(groups.Find(new GroupReference("a")));
        Assert.Equal(["z"], groups.Find(new GroupReference("good"))!);
    }

    [Fact]
    public void All_that_is_unknown_is_said_at_once_with_its_place()
    {
        var groups = Groups(("a", "@web,@wbe"), ("b", "@a"), ("c", "x,@job:01ARZ3NDEKTSV4RRFFQ69G5FAV.failed"), ("big", "a[1-60000],b[1-60000]"), ("bigger", "@big"));
        Assert.Equal(
            ["a 0: @web is not known", "a 5: @wbe is not known", "c 2: @job:01ARZ3NDEKTSV4RRFFQ69G5FAV.failed in a group", "big 0: more than 100000 hosts"],
            groups.Mistakes.Select(Line));
        Assert.Equal(new GroupReference("wbe"), groups.Mistakes[1].Mistake.Unknown);
    }

    [Fact]
    public void A_long_chain_and_a_wide_lattice_are_no_trouble()
    {
        var chain = Groups([.. Enumerable.Range(0, 20_000).Select(i => ($"g{i}", i == 19_999 ? "a" : $"@g{i + 1}"))]);
        Assert.Equal(["a"], chain.Find(new GroupReference("g0"))!);

        // 2^60 ways lead down.
        var lattice = Groups([.. Enumerable.Range(0, 60).SelectMany(i => new[] { ($"l{i}", $"@l{i + 1},@r{i + 1}"), ($"r{i}", $"@r{i + 1},@l{i + 1}") }), ("l60", "a"), ("r60", "b")]);
        Assert.Equal(["a", "b"], lattice.Find(new GroupReference("l0"))!);
    }

    private static string Line(GroupMistake mistake) => $"{mistake.Group} {mistake.Mistake.Offset}: {mistake.Mistake.What}";

    private static HostGroups Groups(params (string Name, string Text)[] groups) => new(groups.ToDictionary(group => group.Name, group =>
    {
        Assert.True(HostExpression.TryParse(group.Text, ports: false, out var expression, out _));
        return expression;
    }));
}
