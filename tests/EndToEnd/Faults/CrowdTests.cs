using System.Globalization;
using System.Text.Json.Nodes;
using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd.Faults;

/// <summary>Many at once: jobs, asks for one id, agents at an origin with few places, readers that do not read.</summary>
[Trait("Category", "EndToEnd")]
public class CrowdTests
{
    [Fact]
    public async Task A_thousand_jobs_in_a_queue_all_end()
    {
        using var folder = new TempFolder();
        await using var fleet = await FaultFleet.StartAsync(folder, 1);
        var documents = Enumerable.Range(0, 1000).Select(_ => JobsApi.Document("exec", fleet.Hosts, ("command", "hello"))).ToList();
        await Parallel.ForEachAsync(documents, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (document, _) => await fleet.ProxyApi.TakenAsync(document));
        foreach (var document in documents)
        {
            await fleet.ProxyApi.EndedAsync(document["id"]!.GetValue<string>());
            Assert.Equal("ok", (await fleet.ProxyApi.StatesAsync(document["id"]!.GetValue<string>(), 1))["a1"]);
        }
    }

    [Fact]
    public async Task The_same_id_sent_many_times_at_once_is_one_job_and_with_other_content_none()
    {
        using var folder = new TempFolder();
        await using var fleet = await FaultFleet.StartAsync(folder, 1);
        foreach (var api in new[] { fleet.ProxyApi, fleet.AgentApis[0] })
        {
            var document = JobsApi.Document("exec", fleet.Hosts, ("command", "hello"), ("arguments", new JsonArray("one")));
            var other = (JsonObject)document.DeepClone();
            other["arguments"] = new JsonArray("other");
            var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(turn => AskAsync(api, turn % 4 == 3 ? other : document)));
            string id = document["id"]!.GetValue<string>();
            await api.EndedAsync(id);
            Assert.Single(answers, answer => answer == 202);
            Assert.All(answers, answer => Assert.True(answer is 200 or 202 or 409, string.Join(' ', answers)));
            Assert.True(answers.Count(answer => answer == 409) is 10 or 30, string.Join(' ', answers));
            Assert.Single(fleet.Agent(0)!.Log, line => line.Contains(id, StringComparison.Ordinal) && line.Contains(": ok", StringComparison.Ordinal));
        }

        async Task<int> AskAsync(JobsApi api, JsonObject document) => (await api.SubmitAsync(document, ("Deploy-Host", "a1"))).Status;
    }

    [Fact]
    public async Task Agents_wait_their_turn_at_an_origin_with_few_places()
    {
        const int Agents = 100;
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["few"]);
        File.WriteAllBytes(folder["few/file"], new byte[300_000]);
        using var origin = RsyncDaemon.Start(folder.Path, [new RsyncModule("few", folder["few"]) { MaxConnections = 4 }]);
        var setups = Enumerable.Range(0, Agents).Select(_ => new AgentSetup(folder.Path).WithGroup("few", origin.Url("few"), TestOrigin.Slowly(600))).ToList();
        var agents = setups.Select(RunningAgent.Launch).ToList();
        try
        {
            foreach (var agent in agents)
            {
                await agent.ReadyAsync();
            }

            await using var proxy = await RunningProxy.StartJobsAsync(folder, LoopbackAddress.Next(), setups.Select((setup, place) => (string.Create(CultureInfo.InvariantCulture, $"a{place + 1}"), setup.Address)).ToDictionary());
            using var api = new JobsApi(proxy.Address, 3441);
            string id = await api.TakenAsync(JobsApi.Document("rsync", $"a[1-{Agents}]", ("group", "few")));
            await api.EndedAsync(id, TimeSpan.FromMinutes(5));
            var states = await api.StatesAsync(id, Agents);
            Assert.True(states.Values.All(state => state == "ok"), string.Join('\n', (await api.HostsAsync(id)).Where(host => host.GetProperty("state").GetString() != "ok")));
        }
        finally
        {
            foreach (var agent in agents)
            {
                await agent.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task A_reader_that_never_reads_holds_up_no_job_and_costs_little()
    {
        using var folder = new TempFolder();
        await using var fleet = await FaultFleet.StartAsync(folder, 2);
        var readers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => RawPeer.ConnectAsync(fleet.ProxyAddress, receiveBuffer: 4096, port: 3441)));
        try
        {
            foreach (var reader in readers)
            {
                await reader.SendAsync($"GET /v1/events HTTP/1.1\r\nHost: {fleet.ProxyAddress}\r\n\r\n");
            }

            long before = ProcFacts.ResidentBytes(fleet.Proxy!.Pid);
            for (int turn = 0; turn < 100; turn++)
            {
                string id = await fleet.ProxyApi.TakenAsync(JobsApi.Document("exec", fleet.Hosts, ("command", "hello")));
                await fleet.ProxyApi.EndedAsync(id);
                await fleet.ProxyApi.StatesAsync(id, 2);
            }

            Assert.True(ProcFacts.ResidentBytes(fleet.Proxy!.Pid) - before < 64 * 1024 * 1024, $"{before} became {ProcFacts.ResidentBytes(fleet.Proxy!.Pid)}");
        }
        finally
        {
            Array.ForEach(readers, reader => reader.Dispose());
        }
    }
}
