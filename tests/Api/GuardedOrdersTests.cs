using System.Text;
using System.Text.Json;
using Deploy.Jobs.Syncs;
using Deploy.Protocol;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Api;

/// <summary>The delete guard as orders of the original's wire meet it, over a real socket and a real rsync.</summary>
public sealed class GuardedOrdersTests : IDisposable
{
    private const int Timeout = 120_000;
    private readonly TempFolder folder = new();

    public GuardedOrdersTests()
    {
        Directory.CreateDirectory(folder["origin"]);
        Directory.CreateDirectory(folder["root/site/sub"]);
        File.WriteAllText(folder["root/site/sub/kept"], "1");
    }

    public void Dispose() => folder.Dispose();

    [Fact(Timeout = Timeout)]
    public async Task An_origin_that_came_up_empty_fails_the_order_in_our_words_and_is_told_by_the_next_status_also_after_a_restart()
    {
        using var state = new TempFolder();
        await using (var agent = await StartAsync(state.Path))
        {
            using var reply = JsonDocument.Parse((await agent.OrderAsync("rsync", "site")).Body);
            Assert.Equal("false", reply.RootElement.GetProperty("return").GetString());
            string said = Encoding.UTF8.GetString(reply.RootElement.GetProperty("content").GetBytesFromBase64());
            Assert.Contains("the delete guard refuses, nothing was touched: origin ", said, StringComparison.Ordinal);
            Assert.Contains("came up empty, and 2 of the target's 3 entries would go: sub/kept, sub/", said, StringComparison.Ordinal);
            Assert.Contains("--allow-delete 2", said, StringComparison.Ordinal);
            Assert.Equal("1", File.ReadAllText(folder["root/site/sub/kept"]));
            Assert.StartsWith("refused 20", Header(await agent.OrderAsync("status", "site")).LastSync, StringComparison.Ordinal);
        }

        await using var again = await StartAsync(state.Path);
        Assert.Contains("came up empty", Header(await again.OrderAsync("status", "site")).LastSync, StringComparison.Ordinal);
        File.WriteAllText(folder["origin/new"], "2");
        Assert.Contains("checksum", (await again.OrderAsync("rsync", "site")).Body, StringComparison.Ordinal); // an INI group has no limits
        await UntilAsync(() => File.Exists(folder["root/site/new"]) && !Directory.Exists(folder["root/site/sub"]));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_file_of_patterns_cannot_void_what_is_protected()
    {
        File.WriteAllText(folder["origin/new"], "2");
        File.WriteAllText(folder["rules"], "!\n+ *\n");
        await using var agent = await StartAsync(null, group => group with
        {
            Options = ["--archive", "--delete", "--exclude-from=" + folder["rules"]],
            DeleteLimits = DeleteLimits.None with { Protect = ["/sub/***"] },
        });
        using (var reply = JsonDocument.Parse((await agent.OrderAsync("rsync", "site")).Body))
        {
            Assert.Contains("take that line out", Encoding.UTF8.GetString(reply.RootElement.GetProperty("content").GetBytesFromBase64()), StringComparison.Ordinal);
        }

        Assert.False(File.Exists(folder["root/site/new"]));
        File.WriteAllText(folder["rules"], "+ *\n");
        await agent.OrderAsync("rsync", "site");
        await UntilAsync(() => File.Exists(folder["root/site/new"]));
        Assert.Equal("1", File.ReadAllText(folder["root/site/sub/kept"]));
    }

    [Fact(Timeout = Timeout)]
    public async Task While_the_guard_counts_the_sync_runs_for_status_and_rkill_and_nothing_starts_behind_its_stop()
    {
        string script = folder["rsync"];
        File.WriteAllText(script, $"#!/bin/sh\n[ \"$1\" = --version ] && {{ echo 'rsync  version 3.5.0  protocol version 32'; exit 0; }}\necho \"$*\" >>'{folder["runs"]}'\nexec sleep 60\n");
        File.SetUnixFileMode(script, (UnixFileMode)Convert.ToInt32("755", 8));
        await using var agent = await StartAsync(null, group => group with { Rsync = script });
        Assert.Contains("checksum", (await agent.OrderAsync("rsync", "site")).Body, StringComparison.Ordinal);
        Assert.Matches("\"process\": \\[\\s*\"\\d+\"", (await agent.OrderAsync("status", "site")).Body);
        Assert.Matches("\"process\": \\[\\s*\"\\d+\"", (await agent.OrderAsync("rkill", "site")).Body);
        Assert.Contains("--dry-run", Assert.Single(File.ReadAllLines(folder["runs"])), StringComparison.Ordinal);
    }

    private static JobHeader Header(Reply reply) => JobHeader.Parse(reply.Headers[JobHeader.Name])!;

    private static async Task UntilAsync(Func<bool> reached)
    {
        for (int turn = 0; !reached(); turn++)
        {
            Assert.True(turn < 1200, "waited 60 s in vain");
            await Task.Delay(50);
        }
    }

    private Task<AgentFixture> StartAsync(string? state, Func<SyncGroup, SyncGroup>? change = null)
    {
        var group = new SyncGroup { Name = "site", Origin = folder["origin"] + "/", Target = folder["root/site"] };
        return AgentFixture.StartAsync(settings => settings with
        {
            AllowedPaths = [folder["root"]],
            Groups = new Dictionary<string, SyncGroup> { ["site"] = change?.Invoke(group) ?? group },
        }, state);
    }
}
