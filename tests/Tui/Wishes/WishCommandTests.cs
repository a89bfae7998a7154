using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tests.Tui.Screens;
using Deploy.Tui;
using Deploy.Tui.Wishes;
using Xunit;

namespace Deploy.Tests.Tui.Wishes;

/// <summary>The command lines that the dashboard shows and copies are the client's: read by its own parser they say what the wish says.</summary>
public class WishCommandTests
{
    private const string Via = " --via proxy-01";

    [Fact]
    public void A_sync_of_a_group()
    {
        string line = WishCommand.Of(new JobWish { Order = Order.Rsync, Group = "site", Hosts = ["web-001", "web-002", "db-001"] }, Via);
        Assert.Equal("deploy client rsync site --via proxy-01 --hosts 'db-001,web-[001-002]'", line);
        var parsed = new ParsedCommand(line);
        Assert.Equal("rsync", parsed.Name);
        Assert.Equal(["site"], parsed.Words);
        Assert.Equal(["db-001", "web-001", "web-002"], parsed.Hosts);
        Assert.Equal("proxy-01", parsed.Value<string>("--via"));
    }

    [Fact]
    public void Everything_that_a_sync_can_be_told()
    {
        var rollout = new RolloutSpec { MaxParallel = 10, Batches = "1,10%,100%", Canary = "2", MaxFailures = "3", PauseAfter = 1, OnFailure = OnFailure.Stop, HealthCheck = false, DeadlineSeconds = 5400 };
        var wish = new JobWish { Order = Order.Rsync, Group = "site", Hosts = ["web-001"], AllowDelete = 212, Rollout = rollout, HostTimeoutSeconds = 90, Reason = "it's $HOME; \"now\"", OfPlan = JobModels.Id("8K1") };
        var parsed = new ParsedCommand(WishCommand.Of(wish, Via));
        Assert.Equal(rollout, parsed.Rollout);
        Assert.Equal(212, parsed.Value<int?>("--allow-delete"));
        Assert.Equal(TimeSpan.FromSeconds(90), parsed.Value<TimeSpan?>("--host-timeout"));
        Assert.Equal("it's $HOME; \"now\"", parsed.Value<string>("--reason"));
        Assert.Equal(JobModels.Id("8K1").ToString(), parsed.Value<string>("--plan"));
    }

    [Theory]
    [InlineData("-rf", "--all", "")]
    [InlineData("a b", "it's", "*")]
    [InlineData("@file", "ä€😀", "--via")]
    [InlineData("~", "#x", "a=b")]
    public void Words_of_a_command_come_through_whatever_they_are(params string[] arguments)
    {
        var parsed = new ParsedCommand(WishCommand.Of(new JobWish { Order = Order.Exec, Command = "nginx", Arguments = arguments, Hosts = ["web-001"], Reason = "-- why" }, Via));
        Assert.Equal("exec", parsed.Name);
        Assert.Equal(["nginx", .. arguments], parsed.Words);
        Assert.Equal("-- why", parsed.Value<string>("--reason"));
        Assert.Equal(["web-001"], parsed.Hosts);
    }

    [Fact]
    public void A_plan_of_an_origin_and_a_target()
    {
        var parsed = new ParsedCommand(WishCommand.Of(new JobWish { Order = Order.Rlist, IsPlan = true, Origin = "origin::www/my site/", Target = "/srv/www", Hosts = ["web-001"] }, Via));
        Assert.Equal("plan", parsed.Name);
        Assert.Equal(["origin::www/my site/", "/srv/www"], parsed.Words);
    }

    [Fact]
    public void Without_a_proxy_the_hosts_have_the_ports_that_the_dashboard_was_given()
    {
        string line = WishCommand.Of(new JobWish { Order = Order.Rsync, Group = "site", Hosts = ["web-001", "web-003"] }, " --hosts 'web-[001-002]:4440,web-003'");
        Assert.DoesNotContain("--via", line);
        Assert.Equal(["web-001:4440", "web-003"], new ParsedCommand(line).Hosts);
    }

    [Fact]
    public void A_retry_names_the_job_and_the_states()
    {
        var wish = new JobWish { Order = Order.Rsync, Group = "site", Hosts = ["web-001"], Again = JobModels.Id("8K2"), AgainStates = [] };
        Assert.Equal($"deploy client retry {JobModels.Id("8K2")} --via proxy-01", WishCommand.Of(wish, Via));
        var parsed = new ParsedCommand(WishCommand.Of(wish with { AgainStates = [HostState.Refused, HostState.Unknown], AllowDelete = 7 }, Via));
        Assert.Equal("retry", parsed.Name);
        Assert.Equal(["--allow-delete", "--refused", "--unknown", "--via"], parsed.Given);
        parsed = new ParsedCommand(WishCommand.Of(wish with { AgainStates = null }, Via));
        Assert.Equal("rsync", parsed.Name);
        Assert.Equal(["web-001"], parsed.Hosts);
    }

    [Theory]
    [InlineData((int)JobAct.Cancel, "cancel")]
    [InlineData((int)JobAct.Pause, "pause")]
    [InlineData((int)JobAct.Resume, "resume")]
    public void Acts_and_what_shows_a_job(int number, string word)
    {
        var act = (JobAct)number;
        var id = JobModels.Id("8K2");
        Assert.Equal($"deploy client {word} {id} --via proxy-01", ActCommand.Of(id, act, Via));
        Assert.Equal(word, new ParsedCommand(ActCommand.Of(id, act, " --hosts web-001")).Name); // jobs that are there take no hosts
        Assert.Equal([id.ToString()], new ParsedCommand(ActCommand.Watch(id, Via, changes: true)).Words);
        Assert.Equal([id.ToString(), "web-001"], new ParsedCommand(ActCommand.Log(id, "web-001", Via)).Words);
    }

    [Fact]
    public void What_would_move_a_terminal_is_written_out()
    {
        Assert.Equal(@"$'\x1b]52;c;\x07it\'s'", ShellQuote.Of("\e]52;c;\ait's"));
        Assert.Equal(@"$'\xe2\x80\xae'", ShellQuote.Of("\u202E"));
        Assert.Equal("''", ShellQuote.Of(string.Empty));
        Assert.Equal("'ä b'", ShellQuote.Of("ä b"));
    }
}
