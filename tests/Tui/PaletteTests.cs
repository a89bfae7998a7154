using Deploy.Model;
using Deploy.Tui;
using Deploy.Tui.State;
using Xunit;

namespace Deploy.Tests.Tui;

public class PaletteTests
{
    [Theory]
    [InlineData(":jobs<enter>", "Jobs")]
    [InlineData(":hi<enter>", "History")]
    [InlineData(":plan<enter>", "Plan")]
    [InlineData(":host web-003<enter>", "Host")]
    [InlineData(":au<tab><enter>", "Audit")]
    [InlineData(":fleet now<enter>", "Fleet")]
    public void Commands_go_to_screens(string keys, string screen) => Assert.Equal(screen, new Dashboard().Connected().Press(keys).Model.Place.Screen.ToString());

    [Theory]
    [InlineData(":d<tab>", "d")] // disarm and deploy
    [InlineData(":dep<tab>", "deploy")]
    [InlineData(":dep<tab><tab>", "deploy ")]
    [InlineData(":deploy s<tab>", "deploy site")]
    [InlineData(":host web-00<tab>", "host web-00")]
    [InlineData(":host ca<tab>1<tab>", "host cache-001")]
    [InlineData(":sort sk<tab>", "sort skew")]
    [InlineData(":nothing<tab>", "nothing")]
    public void Tab_completes(string keys, string text) => Assert.Equal(text, ((Overlay.Palette)new Dashboard().Connected().Press(keys).Model.Overlay!).Text.Text);

    [Theory]
    [InlineData(":nosuch<enter>", "there is no command 'nosuch'")]
    [InlineData(":host nosuch<enter>", "there is no such host")]
    [InlineData(":filter state:quick<enter>", "expected up, suspect")]
    [InlineData(":sort nosuch<enter>", "expected one of: host")]
    [InlineData(":allow-delete x<enter>", "a number from 1")]
    [InlineData(":jobs 7<enter>", "takes nothing")]
    public void Mistakes_are_said_in_place(string keys, string what)
    {
        var dashboard = new Dashboard(120).Connected().Press(keys);
        Assert.IsType<Overlay.Palette>(dashboard.Model.Overlay);
        Assert.Contains(what, dashboard.Frame, StringComparison.Ordinal);
    }

    [Fact]
    public void Commands_before_come_back()
    {
        var dashboard = new Dashboard().Connected().Press(":filter web<enter>:sort -skew<enter>:");
        Assert.Equal("sort -skew", Text(dashboard.Press("<up>")));
        Assert.Equal("filter web", Text(dashboard.Press("<up><up>")));
        Assert.Equal("sort -skew", Text(dashboard.Press("<down>")));
        Assert.Equal("", Text(dashboard.Press("<down>")));
        Assert.Equal(["sort -skew", "filter web"], dashboard.Effects.OfType<Effect.Remember>().Last().Kept.Commands);
    }

    [Fact]
    public void An_order_means_the_marked_hosts_else_all_that_are_shown()
    {
        var dashboard = new Dashboard().Connected().Press("/group:db<enter>:plan site<enter>");
        Assert.Equal(["db-001", "db-002"], dashboard.Effects.OfType<Effect.Submit>().Last().Wish.Hosts);
        dashboard.Press("j <escape>:plan other<enter>"); // the mark outlasts the filter
        var wish = dashboard.Effects.OfType<Effect.Submit>().Last().Wish;
        Assert.Equal(["db-002"], wish.Hosts);
        Assert.Equal((Order.Rlist, "other", true), (wish.Order, wish.Group, wish.IsPlan));
    }

    [Fact]
    public void Sorting_goes_by_the_column_and_turns_round()
    {
        var dashboard = new Dashboard().Connected().Press(":sort skew<enter>");
        Assert.Equal("cache-001", dashboard.Model.Fleet.Keys[0]); // not known
        Assert.Equal("cache-002", dashboard.Press("S").Model.Fleet.Keys[0]);
        Assert.Equal("db-001", dashboard.Press(":sort rsync<enter>").Model.Fleet.Keys[0]);
        Assert.Equal(["cache-001", "db-002"], dashboard.Press(":sort state<enter>").Model.Fleet.Keys.Take(2));
        Assert.Equal(["cache-001", "db-002", "cache-002", "db-001"], dashboard.Press(":sort<enter>!").Model.Fleet.Keys.Take(4));
    }

    private static string Text(Dashboard dashboard) => ((Overlay.Palette)dashboard.Model.Overlay!).Text.Text;
}
