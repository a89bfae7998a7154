using System.Text.Json.Nodes;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd.Faults;

/// <summary>The network between proxy and agents is cut and healed: no result is lost, and none is made up.</summary>
[Trait("Category", "EndToEnd")]
public class NetworkTests
{
    /// <summary>Longer than a stream may be silent (30 s), so that connections are given up and the hosts asked again.</summary>
    private static readonly TimeSpan LongCut = TimeSpan.FromSeconds(40);

    [NetworkFact]
    public async Task What_ended_behind_a_cut_is_known_when_it_is_healed()
    {
        using var folder = new TempFolder();
        using var network = new PrivateNetwork();
        await using var fleet = await FaultFleet.StartAsync(folder, 3, network: network);
        string naps = await fleet.ProxyApi.TakenAsync(JobsApi.Document("exec", fleet.Hosts, ("command", "nap"), ("rollout", new JsonObject { ["max_parallel"] = 3 })));
        string syncs = await fleet.ProxyApi.TakenAsync(JobsApi.Document("rsync", fleet.Hosts, ("group", "slow")));
        await Task.Delay(300);
        network.Cut();
        await Task.Delay(LongCut);
        network.Heal();
        await fleet.ProxyApi.EndedAsync(naps, TimeSpan.FromMinutes(3));
        await fleet.ProxyApi.EndedAsync(syncs, TimeSpan.FromMinutes(3));
        Assert.All((await fleet.ProxyApi.StatesAsync(naps, 3)).Values, state => Assert.Equal("ok", state));
        var states = await fleet.ProxyApi.StatesAsync(syncs, 3);
        Assert.All(states.Values, state => Assert.True(state is "ok" or "failed", string.Join(' ', states))); // rsync's own connection was cut too
        Assert.All(Enumerable.Range(0, 3), place => Assert.Single(fleet.Agent(place)!.Log, line => line.Contains(naps, StringComparison.Ordinal) && line.Contains(": ok", StringComparison.Ordinal)));
        await fleet.NoChildrenAsync();
    }
}
