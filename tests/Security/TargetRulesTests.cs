using Deploy.Security;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Security;

public sealed class TargetRulesTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("/srv/a", "/srv/a", true)]
    [InlineData("/srv/a", "/srv/a/b/c", true)]
    [InlineData("/srv/a", "/srv/ab", false)]
    [InlineData("/srv/a/", "/srv/a", true)]
    [InlineData("/srv/a", "/srv//a/./b/", true)]
    [InlineData("/srv/a", "/srv", false)]
    [InlineData("/srv/a", "/srv/a/../b", false)]
    [InlineData("/srv/a", "/srv/a/b/..", false)]
    [InlineData("/srv/a.b", "/srv/aXb", false)]
    [InlineData("/srv/a", "srv/a", false)]
    [InlineData("/srv/a", "", false)]
    [InlineData("/srv/a", "/srv/a/x\0y", false)]
    [InlineData("/srv/a", "/srv/a/x\ny", false)]
    [InlineData("/srv/a", "/srv/a/-rf", true)]
    [InlineData("/srv/a", "/srv/a/..b", true)]
    [InlineData("/", "/anywhere", true)]
    [InlineData("srv", "/srv", false)]
    [InlineData("/srv/../etc", "/etc/x", false)]
    public void A_target_lies_below_a_root_by_its_components(string root, string target, bool expected)
    {
        var rules = new TargetRules([root]);
        Assert.Equal(expected, rules.Check(target, configured: true) is TargetVerdict.Allowed);
        Assert.Equal(expected, rules.Check(target, configured: false) is TargetVerdict.Allowed);
    }

    [Fact]
    public void A_path_longer_than_any_is_refused_before_it_is_looked_at()
    {
        var rules = new TargetRules(["/srv"]);
        string longest = "/srv" + string.Concat(Enumerable.Repeat("/a", 2045)) + "b"; // 4095
        Assert.IsType<TargetVerdict.Allowed>(rules.Check(longest, configured: false));
        Assert.IsType<TargetVerdict.Refused>(rules.Check(longest + "c", configured: false));
    }

    [Fact]
    public void No_roots_allow_nothing() => Assert.IsType<TargetVerdict.Refused>(new TargetRules([]).Check("/srv/a", true));

    [Fact]
    public void A_link_below_the_root_stops_a_request_and_not_a_group_when_root_owns_it()
    {
        Directory.CreateDirectory(folder["root"]);
        Directory.CreateDirectory(folder["elsewhere"]);
        File.CreateSymbolicLink(folder["root/link"], folder["elsewhere"]);
        var rules = new TargetRules([folder["root"]]);
        Assert.IsType<TargetVerdict.Refused>(rules.Check(folder["root/link"], configured: false));
        Assert.IsType<TargetVerdict.Refused>(rules.Check(folder["root/link/deep"], configured: false));
        bool weAreRoot = FileFacts.Of(folder["root/link"])!.Value.OwnerId == 0;
        Assert.Equal(weAreRoot, rules.Check(folder["root/link/deep"], configured: true) is TargetVerdict.Allowed);
    }

    [Fact]
    public void Two_names_of_one_directory_have_one_real_path()
    {
        Directory.CreateDirectory(folder["real"]);
        File.CreateSymbolicLink(folder["alias"], folder["real"]);
        var direct = (TargetVerdict.Allowed)new TargetRules([folder["real"]]).Check(folder["real/new/deep"], false);
        var byAlias = (TargetVerdict.Allowed)new TargetRules([folder["alias"]]).Check(folder["alias/new/deep"], false);
        Assert.Equal(direct.RealPath, byAlias.RealPath);
    }

    [Fact]
    public void A_dangling_link_is_a_link()
    {
        Directory.CreateDirectory(folder["root"]);
        File.CreateSymbolicLink(folder["root/gone"], "/nowhere/at/all");
        Assert.IsType<TargetVerdict.Refused>(new TargetRules([folder["root"]]).Check(folder["root/gone/x"], false));
    }
}
