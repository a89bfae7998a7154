using System.Text.Json.Nodes;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd.Faults;

/// <summary>kill -9 and restarts in the middle of a job: every host ends in one state, nothing runs twice, nothing is left.</summary>
[Trait("Category", "EndToEnd")]
public class KilledTests
{
    [Fact]
    public async Task An_agent_that_is_killed_during_its_sync_says_after_its_restart_that_it_was_interrupted()
    {
        using var folder = new TempFolder();
        await using var fleet = await FaultFleet.StartAsync(folder, 2, bigBytes: 20_000_000);
        string id = await fleet.ProxyApi.TakenAsync(JobsApi.Document("rsync", fleet.Hosts, ("group", "slow")));
        await RunningAsync(fleet, id, 2);
        await fleet.KillAgentAsync(0);
        await fleet.StartAgentAsync(0);
        Assert.Equal(200, await fleet.ProxyApi.ActAsync(id, "cancel"));
        await fleet.ProxyApi.EndedAsync(id);
        var states = await fleet.ProxyApi.StatesAsync(id, 2);
        Assert.Equal("failed", states["a1"]);
        Assert.Equal("cancelled", states["a2"]);
        var standing = (await fleet.ProxyApi.HostsAsync(id))[0];
        Assert.Equal("interrupted", standing.GetProperty("cause").GetString());
        Assert.Contains("again", standing.GetProperty("reason").GetString(), StringComparison.Ordinal);
        await fleet.NoChildrenAsync();
    }

    [Fact]
    public async Task A_proxy_that_is_killed_in_a_rollout_goes_on_with_it_and_starts_no_host_twice()
    {
        using var folder = new TempFolder();
        await using var fleet = await FaultFleet.StartAsync(folder, 4);
        string id = await fleet.ProxyApi.TakenAsync(JobsApi.Document("exec", fleet.Hosts, ("command", "nap"), ("rollout", new JsonObject { ["max_parallel"] = 2, ["batches"] = "50%,100%" })));
        await RunningAsync(fleet, id, 1);
        await fleet.KillProxyAsync();
        await fleet.StartProxyAsync();
        Assert.Equal("done", (await fleet.ProxyApi.EndedAsync(id)).GetProperty("state").GetString());
        var states = await fleet.ProxyApi.StatesAsync(id, 4);
        Assert.All(states.Values, state => Assert.Equal("ok", state));
        Assert.All(Enumerable.Range(0, 4), place => Assert.Single(fleet.Agent(place)!.Log, line => line.Contains(id, StringComparison.Ordinal) && line.Contains(": ok", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Proxy_and_agents_that_are_stopped_in_order_lose_nothing_either()
    {
        using var folder = new TempFolder();
        await using var fleet = await FaultFleet.StartAsync(folder, 3);
        string id = await fleet.ProxyApi.TakenAsync(JobsApi.Document("exec", fleet.Hosts, ("command", "nap"), ("rollout", new JsonObject { ["max_parallel"] = 1 })));
        await RunningAsync(fleet, id, 1);
        await fleet.StopProxyAsync();
        await fleet.StopAgentAsync(1);
        await fleet.StartAgentAsync(1);
        await fleet.StartProxyAsync();
        await fleet.ProxyApi.EndedAsync(id);
        var states = await fleet.ProxyApi.StatesAsync(id, 3);
        Assert.Equal("ok", states["a3"]);
        await fleet.NoChildrenAsync();
    }

    [Fact]
    public async Task A_host_that_is_down_is_unreachable_and_the_others_are_done()
    {
        using var folder = new TempFolder();
        await using var fleet = await FaultFleet.StartAsync(folder, 3);
        await fleet.KillAgentAsync(1);
        string id = await fleet.ProxyApi.TakenAsync(JobsApi.Document("rsync", fleet.Hosts, ("group", "site")));
        await fleet.ProxyApi.EndedAsync(id);
        var states = await fleet.ProxyApi.StatesAsync(id, 3);
        Assert.Equal(["ok", "unreachable", "ok"], [states["a1"], states["a2"], states["a3"]]);
        fleet.TargetIsOrigin(0, "site", "site");
    }

    [Fact]
    public async Task An_agent_that_is_frozen_for_a_while_is_waited_for()
    {
        using var folder = new TempFolder();
        await using var fleet = await FaultFleet.StartAsync(folder, 2);
        fleet.Agent(0)!.Signal(19);
        string id = await fleet.ProxyApi.TakenAsync(JobsApi.Document("rsync", fleet.Hosts, ("group", "site")));
        await Task.Delay(1500);
        fleet.Agent(0)!.Signal(18);
        await fleet.ProxyApi.EndedAsync(id);
        Assert.All((await fleet.ProxyApi.StatesAsync(id, 2)).Values, state => Assert.Equal("ok", state));
    }

    /// <summary>Waits until so many hosts of a job run.</summary>
    private static async Task RunningAsync(FaultFleet fleet, string id, int hosts)
    {
        for (int turn = 0; turn < 600; turn++)
        {
            if (await fleet.ProxyApi.GetAsync($"v1/jobs/{id}") is { } job && job.GetProperty("summary").GetProperty("counts").TryGetProperty("running", out var count) && count.GetInt32() >= hosts)
            {
                return;
            }

            await Task.Delay(50);
        }

        Assert.Fail($"{hosts} hosts of job {id} do not run: {await fleet.ProxyApi.GetAsync($"v1/jobs/{id}")}");
    }
}
