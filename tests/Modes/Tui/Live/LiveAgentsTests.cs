using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tests.Fixtures;
using Deploy.Tui;
using Xunit;

namespace Deploy.Tests.Modes.Tui.Live;

/// <summary>The dashboard's fleet over agents alone.</summary>
public class LiveAgentsTests
{
    [Fact(Timeout = 120_000)]
    public async Task Agents_are_told_and_an_own_job_on_them_is_followed_to_its_end()
    {
        await using var fleet = await Fleet.StartAsync(2);
        using var folder = new TempFolder();
        await using var stage = await LiveStage.OfAgentsAsync(fleet, 2, folder);
        await stage.UntilAsync(model => model.Hosts.Count == 2 && model.Hosts.Rows.All(row => row.Facts is { Reachable: true, Version: not null, LastContact: not null }));
        stage.Fleet.Ask(new Effect.Submit(1, new JobWish { Order = Order.Exec, Command = "say", Arguments = ["here"], Hosts = stage.Model.Hosts.Names }));
        var answered = await stage.NextAsync<Message.Answered>();
        Assert.Null(answered.Refusal);
        var id = answered.Job!.Id;
        await stage.UntilAsync(model => model.Jobs.Find(id)?.View is { State: JobState.Done, Summary.Hosts: 2 } && model.Hosts.Rows.All(row => row.Standing?.State == HostState.Ok));
        stage.Fleet.Ask(new Effect.ReadLog(id, stage.Model.Hosts.Names[1]));
        Assert.Equal([new LogLine("stdout", "here")], (await stage.NextAsync<Message.LogTold>()).Lines!);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_job_of_somebody_else_is_one_job_though_each_agent_tells_its_part()
    {
        await using var fleet = await Fleet.StartAsync(2);
        using var folder = new TempFolder();
        await using var stage = await LiveStage.OfAgentsAsync(fleet, 2, folder);
        await stage.UntilAsync(model => model.Hosts.Count == 2 && model.Hosts.Rows.All(row => row.Facts?.Reachable == true));
        var spec = fleet.Exec("say", null, "theirs");
        await fleet.SubmitAsync(spec); // by the proxy
        await stage.UntilAsync(model => model.Jobs.Find(spec.Id)?.View is { State: JobState.Done, Summary: { Hosts: 2, Counts: var counts } } && counts.GetValueOrDefault("ok") == 2);
        stage.Fleet.Ask(new Effect.ReadJob(spec.Id));
        Assert.Equal(stage.Model.Hosts.Names.Order(StringComparer.Ordinal), (await stage.NextAsync<Message.StandingsTold>(told => told.IsAll)).Hosts.Select(host => host.Host).Order(StringComparer.Ordinal));
        stage.Fleet.Ask(new Effect.ReadShapes(spec.Id));
        Assert.Equal(2, Assert.Single((await stage.NextAsync<Message.ShapesTold>()).Shapes!).HostCount);
        stage.Fleet.Ask(new Effect.ReadLog(spec.Id, stage.Model.Hosts.Names[0]));
        Assert.Equal([new LogLine("stdout", "theirs")], (await stage.NextAsync<Message.LogTold>()).Lines!);
    }

    [Fact(Timeout = 120_000)]
    public async Task An_agent_that_stops_is_lost_and_found_when_it_is_back()
    {
        await using var fleet = await Fleet.StartAsync(2);
        using var folder = new TempFolder();
        await using var stage = await LiveStage.OfAgentsAsync(fleet, 2, folder);
        await stage.UntilAsync(model => model.Hosts.Count == 2 && model.Hosts.Rows.All(row => row.Facts?.Reachable == true));
        string name = fleet.AgentAt(1).Address.ToString();
        await fleet.StopAgentAsync(1);
        Assert.Equal(name, (await stage.NextAsync<Message.Lost>()).Source);
        await stage.UntilAsync(model => model.Hosts.Find(name)!.Facts!.Reachable == false);
        await fleet.StartAgentAsync(1);
        await stage.UntilAsync(model => model.Hosts.Find(name)!.Facts!.Reachable == true);
        Assert.Equal(name, (await stage.NextAsync<Message.Connected>(told => told.Source == name)).Source);
    }
}
