using Deploy.Jobs.Syncs;
using Deploy.Model;
using Deploy.Protocol;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Api;

/// <summary>What one sync means for the next order, over a real socket, with a script in rsync's place that takes its time.</summary>
public sealed class SyncOrdersTests : IDisposable
{
    private const string Statistics = "printf '\\nNumber of files: 1\\nNumber of regular files transferred: 0\\nTotal transferred file size: 0 bytes\\n'";
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_sync_that_fails_late_is_told_by_the_next_status_until_one_ends_well()
    {
        await using var agent = await StartAsync("printf '>f+++++++++ 1 a\\n'", $"[ -e '{folder["mended"]}' ] && {{ {Statistics}; exit 0; }}; sleep 2; echo 'rsync error: broken (code 12) at io.c(1) [x=3.2.7]' >&2; exit 12");
        var started = await agent.OrderAsync("rsync", "site");
        Assert.Contains("checksum", started.Body, StringComparison.Ordinal);
        Assert.Equal(HostState.Running, Header(started).State);
        var told = await UntilAsync(agent, header => header.LastSync is not null);
        Assert.StartsWith("failed 20", told.LastSync, StringComparison.Ordinal);
        Assert.Equal(1, told.Changes);
        File.WriteAllText(folder["mended"], string.Empty);
        Assert.Equal(HostState.Unchanged, Header(await agent.OrderAsync("rsync", "site")).State);
        Assert.Null(Header(await agent.OrderAsync("status", "site")).LastSync);
    }

    [Fact]
    public async Task One_sync_at_a_time_writes_a_directory_or_anything_above_or_below_it()
    {
        await using var agent = await StartAsync(string.Empty, "sleep 60");
        await agent.OrderAsync("rsync", "site");
        foreach (string target in new[] { "/www", "/www/site", "/www/site/deep" })
        {
            string options = $"127.0.0.1::m/,{folder["root"]}{target}";
            Assert.Contains("\"alreadyRsync\": \"true\"", (await agent.OrderAsync("rsync", options)).Body, StringComparison.Ordinal);
            Assert.Contains("\"alreadyRsync\": \"true\"", (await agent.OrderAsync("status", options)).Body, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("alreadyRsync", (await agent.OrderAsync("rsync", $"127.0.0.1::m/,{folder["root"]}/www/site2")).Body, StringComparison.Ordinal);
        Assert.Matches("\"process\": \\[\\s*\"\\d+\"", (await agent.OrderAsync("rkill", $"127.0.0.1::m/,{folder["root"]}/www")).Body);
        Assert.Contains("\"alreadyRsync\": \"false\"", (await agent.OrderAsync("status", "site")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_finds_its_sync_also_when_its_link_leads_elsewhere_by_now()
    {
        Directory.CreateDirectory(folder["root/rel1"]);
        Directory.CreateDirectory(folder["root/rel2"]);
        Directory.CreateSymbolicLink(folder["root/current"], folder["root/rel1"]);
        if (Deploy.Security.FileFacts.Of(folder["root/current"])!.Value.OwnerId != 0)
        {
            return; // only root's links may be followed
        }

        await using var agent = await StartAsync(string.Empty, "sleep 60", "root/current");
        await agent.OrderAsync("rsync", "site");
        File.Delete(folder["root/current"]);
        Directory.CreateSymbolicLink(folder["root/current"], folder["root/rel2"]);
        Assert.Contains("\"alreadyRsync\": \"true\"", (await agent.OrderAsync("rsync", "site")).Body, StringComparison.Ordinal);
        Assert.Matches("\"process\": \\[\\s*\"\\d+\"", (await agent.OrderAsync("rkill", "site")).Body);
    }

    [Fact]
    public async Task A_sync_past_its_host_timeout_is_stopped_and_the_next_status_says_so()
    {
        await using var agent = await StartAsync("printf '>f+++++++++ 1 a\\n'", "sleep 60", change: group => group with { HostTimeout = TimeSpan.FromSeconds(1.5) });
        await agent.OrderAsync("rsync", "site");
        var told = await UntilAsync(agent, header => header.LastSync is not null);
        Assert.Contains("host_timeout", told.LastSync, StringComparison.Ordinal);
        Assert.StartsWith("timeout", told.LastSync, StringComparison.Ordinal);
        Assert.Contains("\"alreadyRsync\": \"false\"", (await agent.OrderAsync("status", "site")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_that_lacks_its_marker_is_not_written()
    {
        await using var agent = await StartAsync(string.Empty, $"echo x >>'{folder["runs"]}'; {Statistics}", change: group => group with { Presence = new TargetPresence(null, ".here") });
        var refused = System.Text.Json.JsonDocument.Parse((await agent.OrderAsync("rsync", "site")).Body).RootElement;
        Assert.Contains("has no .here", System.Text.Encoding.UTF8.GetString(refused.GetProperty("content").GetBytesFromBase64()), StringComparison.Ordinal);
        Assert.False(File.Exists(folder["runs"]));
        File.WriteAllText(folder["root/www/site/.here"], string.Empty);
        await agent.OrderAsync("rsync", "site");
        Assert.True(File.Exists(folder["runs"]));
    }

    [Fact]
    public async Task An_order_with_an_origin_of_its_own_does_not_pass_by_the_limits_of_a_group()
    {
        await using var agent = await StartAsync(string.Empty, $"echo x >>'{folder["runs"]}'; {Statistics}", change: group => group with { DeleteLimits = new DeleteLimits(null, null, ["kept"]) });
        foreach (string target in new[] { "/www", "/www/site", "/www/site/deep" })
        {
            Assert.Equal("HTTP/1.1 403 Permission Denied", (await agent.OrderAsync("rsync", $"127.0.0.1::m/,{folder["root"]}{target}")).StatusLine);
        }

        Assert.False(File.Exists(folder["runs"]));
        Assert.Equal("HTTP/1.1 200 OK", (await agent.OrderAsync("status", "site")).StatusLine);
    }

    [Fact]
    public async Task Equal_dry_runs_at_once_are_one()
    {
        await using var agent = await StartAsync($"echo x >>'{folder["runs"]}'; sleep 2", string.Empty);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => agent.OrderAsync("status", "site")));
        Assert.Single(File.ReadAllLines(folder["runs"]));
    }

    [Fact]
    public async Task A_chunked_or_short_body_of_a_peer_that_closed_its_side_ends_at_once()
    {
        await using var agent = await AgentFixture.StartAsync();
        foreach (string request in new[]
        {
            "POST /agent/exec HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5",
            "POST /agent/exec HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5",
            "POST /agent/exec HTTP/1.1\r\nContent-Length: 50\r\n\r\nauth_key=",
            "POST /agent/exec HTTP/1.0\r\nContent-Length: 50\r\n\r\nauth_key=",
        })
        {
            await agent.SendAsync(request, halfClose: true);
        }

        using var grace = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await agent.Daemon.StopAsync(grace.Token); // a request that spins would hold this
        Assert.False(grace.IsCancellationRequested);
    }

    [Fact]
    public async Task A_whole_request_with_a_host_is_answered_through_a_half_close()
    {
        await using var agent = await AgentFixture.StartAsync();
        string request = AgentFixture.Request("exec", "nope").Replace("Connection", "Host: x\r\nConnection", StringComparison.Ordinal);
        Assert.Equal("HTTP/1.1 400 Bad Request", (await agent.SendAsync(request, halfClose: true)).StatusLine);
    }

    private static JobHeader Header(Reply reply) => JobHeader.Parse(reply.Headers[JobHeader.Name])!;

    private static async Task<JobHeader> UntilAsync(AgentFixture agent, Func<JobHeader, bool> condition)
    {
        for (long end = Environment.TickCount64 + 60_000; Environment.TickCount64 < end; await Task.Delay(200))
        {
            if (Header(await agent.OrderAsync("status", "site")) is var header && condition(header))
            {
                return header;
            }
        }

        throw new TimeoutException("the status never said so");
    }

    /// <summary>An agent with the group <c>site</c>, whose rsync is a script: one line for dry runs, one for syncs.</summary>
    private Task<AgentFixture> StartAsync(string dryRun, string sync, string target = "root/www/site", Func<SyncGroup, SyncGroup>? change = null)
    {
        Directory.CreateDirectory(folder["root/www/site/deep"]);
        File.WriteAllText(folder["rsync"], $"""
            #!/bin/sh
            case " $* " in
              *" --version "*) echo 'rsync  version 3.2.7  protocol version 31' ;;
              *" --dry-run "*) {(dryRun.Length == 0 ? ":" : dryRun)}; {Statistics} ;;
              *) {(sync.Length == 0 ? ":" : sync)} ;;
            esac
            """);
        File.SetUnixFileMode(folder["rsync"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return AgentFixture.StartAsync(settings => settings with
        {
            AllowedPaths = [folder["root"]],
            Groups = new Dictionary<string, SyncGroup>
            {
                ["site"] = (change ?? (group => group))(new SyncGroup { Name = "site", Origin = "127.0.0.1::m/", Target = folder[target], Rsync = folder["rsync"] }),
            },
        });
    }
}
