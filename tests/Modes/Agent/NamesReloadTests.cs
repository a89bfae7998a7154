using System.Text;
using Deploy.Model;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Modes.Agent;

public class NamesReloadTests
{
    [Fact]
    public async Task Names_that_a_reload_brings_are_what_orders_may_call_the_host_from_then_on()
    {
        await using var agent = await AgentFixture.StartAsync();
        Assert.Contains("names (test-host) is among", await OrderAsync(agent, "web-009"), StringComparison.Ordinal);
        agent.Daemon.Reload(agent.Daemon.Settings with { Names = ["test-host", "web-009"] });
        Assert.DoesNotContain("names (", await OrderAsync(agent, "web-009"), StringComparison.Ordinal);
        agent.Daemon.Reload(agent.Daemon.Settings with { Names = ["web-010"] });
        Assert.Contains("names (web-010) is among", await OrderAsync(agent, "web-009"), StringComparison.Ordinal);
    }

    private static async Task<string> OrderAsync(AgentFixture agent, string host)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(60) };
        using var content = new StringContent($$"""{"id":"{{JobId.New(DateTimeOffset.UtcNow)}}","order":"status","hosts":"{{host}}","group":"site"}""", Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(new Uri($"http://{agent.Address}/v1/jobs"), content);
        return await answer.Content.ReadAsStringAsync();
    }
}
