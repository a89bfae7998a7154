using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd.Faults;

/// <summary>A state directory that is full, or read-only: no new job is taken, what is known is still told, and it heals by itself.</summary>
[Trait("Category", "EndToEnd")]
public class StoreFaultTests
{
    [MountFact]
    public async Task A_full_state_directory_refuses_new_jobs_and_serves_what_is_known()
    {
        using var folder = new TempFolder();
        string address = LoopbackAddress.Next(), state = folder[$"proxy-{address}/state"];
        using var disk = new SmallDisk(state, "size=2m");
        await using var agent = await RunningAgent.StartAsync(new AgentSetup(folder.Path) { Commands = "hello = echo hello" });
        await using var proxy = await RunningProxy.StartJobsAsync(folder, address, new Dictionary<string, string> { ["a1"] = agent.Address });
        using var api = new JobsApi(address, 3441);
        string before = await api.TakenAsync(JobsApi.Document("exec", "a1", ("command", "hello")));
        await api.EndedAsync(before);

        disk.Fill();
        var (status, body) = await RefusedAsync(api);
        Assert.Equal(503, status);
        Assert.Contains("urn:deploy:store-unwritable", body, StringComparison.Ordinal);
        Assert.Equal("ok", (await api.StatesAsync(before, 1))["a1"]);
        Assert.Null(await api.GetAsync("healthz"));

        disk.Free();
        string after = await api.TakenAsync(JobsApi.Document("exec", "a1", ("command", "hello")));
        await api.EndedAsync(after);
        Assert.Equal("ok", (await api.StatesAsync(after, 1))["a1"]);
    }

    [MountFact]
    public async Task A_read_only_state_directory_stops_a_start_with_one_clear_line()
    {
        using var folder = new TempFolder();
        string address = LoopbackAddress.Next(), state = folder[$"proxy-{address}/state"];
        using var disk = new SmallDisk(state, "size=16m");
        string before;
        await using (var agent = await RunningAgent.StartAsync(new AgentSetup(folder.Path) { Commands = "hello = echo hello" }))
        {
            await using (var proxy = await RunningProxy.StartJobsAsync(folder, address, new Dictionary<string, string> { ["a1"] = agent.Address }))
            {
                using var first = new JobsApi(address, 3441);
                before = await first.TakenAsync(JobsApi.Document("exec", "a1", ("command", "hello")));
                await first.EndedAsync(before);
                Assert.Equal(0, await proxy.StopAsync());
            }

            disk.Freeze();
            var refused = await ProgramRun.RunAsync(["proxy", "--config", folder[$"proxy-{address}/proxy.toml"], "--state-dir", state]);
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains(state, Assert.Single(refused.ErrorLines, line => line.StartsWith("deploy: error:", StringComparison.Ordinal)), StringComparison.Ordinal);

            disk.Thaw();
            await using var again = await RunningProxy.StartJobsAsync(folder, address, new Dictionary<string, string> { ["a1"] = agent.Address });
            using var api = new JobsApi(address, 3441);
            Assert.Equal("ok", (await api.StatesAsync(before, 1))["a1"]);
        }
    }

    /// <summary>Asks until a job is refused: the store may have had a page of room left.</summary>
    private static async Task<(int Status, string Body)> RefusedAsync(JobsApi api)
    {
        for (int turn = 0; turn < 200; turn++)
        {
            var document = JobsApi.Document("exec", "a1", ("command", "hello"));
            var answer = await api.SubmitAsync(document);
            if (answer.Status is not (200 or 202))
            {
                return answer;
            }
        }

        throw new Xunit.Sdk.XunitException("200 jobs were taken");
    }
}
