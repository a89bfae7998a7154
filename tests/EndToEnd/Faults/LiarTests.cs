using System.Text.Json;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Deploy.Tests.Jobs.Remote;
using Xunit;

namespace Deploy.Tests.EndToEnd.Faults;

/// <summary>An agent that lies, and an origin that changes its mind.</summary>
[Trait("Category", "EndToEnd")]
public class LiarTests
{
    [Fact]
    public async Task An_agent_that_lies_about_its_events_is_unknown_and_costs_no_other_host_anything()
    {
        using var folder = new TempFolder();
        string lie = string.Empty;
        JobId job = default;
        await using var liar = new AgentScript(async (line, _, peer) =>
        {
            bool asked = line.StartsWith("POST /v1/jobs", StringComparison.Ordinal);
            await peer.SendAsync(AgentScript.Bytes(asked ? AgentScript.Head + LyingAgentTests.Cases[lie](job) : AgentScript.Self()));
            for (byte[] more = AgentScript.Bytes(AgentScript.State(job, HostState.Running)); asked && lie == "an endless stream";)
            {
                await peer.SendAsync(more); // until it is left
            }

            await peer.HangAsync();
        });
        await using var honest = RunningAgent.Launch(new AgentSetup(folder.Path) { Commands = "hello = echo hello" });
        await honest.ReadyAsync();
        await using var proxy = await RunningProxy.StartJobsAsync(folder, LoopbackAddress.Next(), new Dictionary<string, string> { ["web-1"] = $"{liar.Address}:{liar.Port}", ["a1"] = honest.Address });
        using var api = new JobsApi(proxy.Address, 3441);
        foreach (string next in LyingAgentTests.Cases.Keys)
        {
            lie = next;
            var document = JobsApi.Document("exec", "a1,web-1", ("command", "hello"), ("reason", lie));
            Assert.True(JobId.TryParse(document["id"]!.GetValue<string>(), out job));
            await api.TakenAsync(document);
            await api.EndedAsync(job.ToString());
            var states = await api.StatesAsync(job.ToString(), 2);
            Assert.Equal((lie, "unknown", "ok"), (lie, states["web-1"], states["a1"]));
            Assert.Contains((await api.HostsAsync(job.ToString())), host => host.GetProperty("host").GetString() == "web-1" && host.GetProperty("cause").GetString() == "bad-answer");
        }
    }

    [Fact]
    public async Task An_origin_that_empties_between_the_guards_count_and_the_run_takes_what_was_counted_and_no_more()
    {
        using var folder = new TempFolder();
        using var origin = TestOrigin.Start(folder, 1000);
        string wrapper = folder["rsync"], site = folder["origin/site"];
        File.WriteAllText(wrapper, $"#!/bin/sh\ncase \" $* \" in *' --dry-run '*|*' --version '*) ;; *) rm -rf {site}/* ;; esac\nexec rsync \"$@\"\n");
        File.SetUnixFileMode(wrapper, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var setup = new AgentSetup(folder.Path);
        setup = setup with { Toml = $"[sync.site]\norigin = \"{origin.Site}\"\ntarget = \"{setup.Target("site")}\"\nrsync = \"{wrapper}\"\n" };
        string target = Directory.CreateDirectory(setup.Target("site")).FullName;
        for (int file = 0; file < 40; file++)
        {
            File.WriteAllText(Path.Combine(site, $"page-{file}"), "page");
            File.WriteAllText(Path.Combine(target, $"page-{file}"), "page");
        }

        File.WriteAllText(Path.Combine(target, "stale"), string.Empty);
        await using var agent = RunningAgent.Launch(setup);
        await agent.ReadyAsync();
        using var api = new JobsApi(setup.Address, 3440);
        var document = JobsApi.Document("rsync", "a1", ("group", "site"));
        string id = document["id"]!.GetValue<string>();
        Assert.Equal(202, (await api.SubmitAsync(document, ("Deploy-Host", "a1"))).Status);
        await api.EndedAsync(id);
        JsonElement host = Assert.Single(await api.HostsAsync(id));
        Assert.Equal("partial", host.GetProperty("state").GetString());
        Assert.Contains("more would go than was counted", host.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(40, Directory.GetFileSystemEntries(target).Length); // one of 41
    }
}
