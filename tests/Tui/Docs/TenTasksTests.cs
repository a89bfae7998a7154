using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tui;
using Deploy.Tui.Screens;
using Deploy.Tui.State;
using Xunit;

namespace Deploy.Tests.Tui.Docs;

/// <summary>The ten tasks of docs/tui.md, by the keys that stand there, on the made-up fleet.</summary>
public class TenTasksTests
{
    private readonly DemoScreen screen = new(100, 40);

    [Fact]
    public void One_Which_hosts_run_an_old_rsync()
    {
        screen.Press("/rsync:<3.5<enter>");
        Assert.Contains("db-001", screen.Text, StringComparison.Ordinal);
        Assert.Contains("web-012", screen.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("3.5.0", screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_Which_hosts_are_down_and_since_when()
    {
        screen.Press("/state:down");
        Assert.Contains("cache-001", screen.Text, StringComparison.Ordinal);
        Assert.Matches(@"web-009 .*down.* \d+[mhd]", screen.Text);
        Assert.DoesNotContain("web-001", screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Three_What_would_change_on_db_001()
    {
        screen.Press("/db-001<enter>P<clear>config<enter>").Until("nginx.conf");
        Assert.Contains("nginx/nginx.conf", screen.Text, StringComparison.Ordinal);
        Assert.Equal(ScreenName.Plan, screen.Model.Place.Screen);
    }

    [Fact]
    public void Four_Deploy_site_to_the_web_group_but_not_to_the_shape_that_deletes_much()
    {
        screen.Press("/group:web<enter>aP<clear>site<enter>").Until("216").Wait(TimeSpan.FromSeconds(30));
        var shapes = screen.Model.Jobs.Find(screen.Model.Place.Job)!.Standings.Rows.Where(host => host.Shape is not null).GroupBy(host => host.Shape!).OrderByDescending(shape => shape.Count()).ToList();
        var many = shapes.Single(shape => shape.First().Totals!.Deleted > 100);
        for (int shape = 0; shape < shapes.IndexOf(many); shape++)
        {
            screen.Press("<down>");
        }

        screen.Press("e<wait>WD");
        int hosts = shapes.Where(shape => shape != many).Sum(shape => shape.Count());
        Assert.Contains($"on {hosts} hosts", screen.Text, StringComparison.Ordinal);
        screen.Press($"{hosts}<enter>").Wait(TimeSpan.FromSeconds(5));
        Assert.Equal(ScreenName.Rollout, screen.Model.Place.Screen);
        var job = screen.Model.Jobs.Find(screen.Model.Place.Job)!.View!;
        Assert.Equal((Order.Rsync, "site", hosts), (job.Order, job.What, job.Summary.Hosts));
        Assert.DoesNotContain(many.Key, job.Spec!.Plan!.Keys);
    }

    [Fact]
    public void Five_Stop_the_rollout()
    {
        screen.Press("2g<enter><wait>WK");
        var asked = Assert.IsType<Overlay.Confirm>(screen.Model.Overlay);
        Assert.StartsWith("deploy client cancel ", asked.CommandLine, StringComparison.Ordinal);
        screen.Press($"{asked.Hosts}<enter>").Wait(TimeSpan.FromSeconds(5));
        Assert.Equal(JobState.Cancelled, screen.Model.Jobs.Find(screen.Model.Place.Job)!.View!.State);
        Assert.Contains("cancelled", screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Six_Why_did_web_004_fail()
    {
        screen.Press("/web-004<enter><enter><wait>");
        Assert.Matches("rsync static +partial +some files were not", screen.Text);
        screen.Press("L<wait>");
        Assert.Contains("Permission denied", screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Seven_Retry_what_failed()
    {
        screen.Press("5/order:rsync bad:>0 what:site<enter>g<enter><wait>");
        var before = screen.Model.Place.Job;
        screen.Press("WR<wait>");
        var asked = Assert.IsType<Overlay.Confirm>(screen.Model.Overlay);
        Assert.Contains("retry", asked.CommandLine, StringComparison.Ordinal);
        screen.Press(asked.Hosts == 1 ? "y" : asked.Hosts < 10 ? "<tab><enter>" : $"{asked.Hosts}<enter>").Wait(TimeSpan.FromSeconds(5));
        Assert.NotEqual(before, screen.Model.Place.Job);
        Assert.Equal(asked.Hosts, screen.Model.Jobs.Find(screen.Model.Place.Job)!.View!.Summary.Hosts);
    }

    [Fact]
    public void Eight_Who_cancelled_the_last_job()
    {
        screen.Press("6<wait>/what:cancel<enter><wait>");
        Assert.Contains("carol@laptop", screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Nine_Run_a_command_on_three_hosts_and_compare_outputs()
    {
        screen.Press("/web-01<enter>g j j <wait>WE<clear>disk<enter><wait>");
        Assert.Equal(3, Assert.IsType<Overlay.Confirm>(screen.Model.Overlay).Hosts);
        screen.Press("<tab><enter>").Wait(TimeSpan.FromSeconds(6));
        screen.Press("L<wait>");
        Assert.Contains("/dev/vda1", screen.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "deploy client hosts")]
    [InlineData("2g", "deploy client watch")]
    [InlineData("2g<enter><wait>", "deploy client watch")]
    public void Ten_Copy_the_command_line_for_what_I_see(string way, string command)
    {
        screen.Press(way + "Y");
        var copied = Assert.IsType<Effect.Copy>(screen.Effects[^1]);
        Assert.StartsWith(command, copied.Text, StringComparison.Ordinal);
        Assert.EndsWith(" --via proxy-01", copied.Text, StringComparison.Ordinal);
    }
}
