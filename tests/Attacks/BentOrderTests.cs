using System.Text;
using Deploy.Model;
using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Attacks;

/// <summary>Orders that are rightly signed, by somebody who may not give them or by somebody who hopes that they are read in another way than they are checked.</summary>
[Trait("Category", "EndToEnd")]
public class BentOrderTests(AttackedAgent agent) : IClassFixture<AttackedAgent>
{
    [Fact]
    public async Task What_is_bent_here_is_taken_when_it_is_not()
    {
        await agent.TakenAsync(SignedRequest.Mark(agent.Alice));
        await agent.TakenAsync(SignedRequest.Mark(agent.Bob));
    }

    [Theory]
    [InlineData("web-002", "none of this agent's names")]
    [InlineData("web-[002-900]", "none of this agent's names")]
    [InlineData("web-1", "none of this agent's names")]
    [InlineData("web-0001", "none of this agent's names")]
    [InlineData("xweb-001", "none of this agent's names")]
    [InlineData("web-001x", "none of this agent's names")]
    [InlineData("web-001.example.net", "none of this agent's names")]
    [InlineData("web-*", "")]
    [InlineData("*", "")]
    [InlineData("all", "none of this agent's names")]
    [InlineData("!web-002", "")]
    [InlineData("@web", "")]
    [InlineData("", "")]
    [InlineData(",", "names nobody")]
    [InlineData(" web-001", "blanks")]
    [InlineData("web-001\\u0000", "what no name has")]
    [InlineData("w\\u0435b-001", "what no name has")] // a Cyrillic letter
    public Task Hosts_that_this_agent_is_not_among(string hosts, string why) => agent.RefusedAsync(SignedRequest.Mark(agent.Alice, hosts), 422, "invalid", why);

    /// <summary>Names are DNS's, in which case does not count; nothing else that looks alike is the same.</summary>
    [Fact]
    public Task This_agents_name_in_capitals_is_its_name() => agent.TakenAsync(SignedRequest.Mark(agent.Alice, "WEB-001"));

    [Theory]
    [InlineData("\"order\":\"exec\"", "\"order\":\"EXEC\"", 422, "invalid")]
    [InlineData("\"order\":\"exec\"", "\"Order\":\"exec\"", 422, "upgrade")]
    [InlineData("\"order\":\"exec\"", "\"order\":\"4\"", 422, "invalid")]
    [InlineData("\"order\":\"exec\"", "\"order\":4", 422, "invalid")]
    [InlineData("\"order\":\"exec\"", "\"order\":\"exec,status\"", 422, "invalid")]
    [InlineData("\"order\":\"exec\"", "\"order\":\"exec\",\"order\":\"exec\"", 400, "bad-request")]
    [InlineData("\"order\":\"exec\"", "\"order\":\"exec\",\"\\u006frder\":\"exec\"", 400, "bad-request")]
    [InlineData("\"command\":\"mark\"", "\"command\":\"mark\",\"command\":\"other\"", 400, "bad-request")]
    [InlineData("\"command\":\"mark\"", "\"command\":\"mark\",\"hosts\":\"web-002\"", 400, "bad-request")]
    [InlineData("\"command\":\"mark\"", "\"command\":\"mark\",\"sudo\":true", 422, "upgrade")]
    [InlineData("\"command\":\"mark\"", "\"command\":\"mark\",\"group\":\"site\"", 422, "invalid")]
    [InlineData("\"command\":\"mark\"", "\"command\":\"mark\",\"rollout\":{\"sudo\":true}", 422, "upgrade")]
    [InlineData("\"command\":\"mark\"", "\"command\":\"mark\",\"reason\":null", 400, "bad-request")]
    [InlineData("\"command\":\"mark\"", "\"command\":null", 400, "bad-request")]
    [InlineData("\"command\":\"mark\"", "\"command\":[\"mark\"]", 422, "invalid")]
    [InlineData("\"command\":\"mark\"", "\"command\":\"\"", 422, "invalid")]
    [InlineData("\"command\":\"mark\"", "\"command\":\"mark\\n\"", 422, "invalid")]
    [InlineData("\"command\":\"mark\"", "\"command\":\"\\u202emark\"", 422, "invalid")]
    [InlineData("\"command\":\"mark\"", "\"command\":\"mark\",\"host_timeout_seconds\":NaN", 400, "bad-request")]
    [InlineData("\"command\":\"mark\"", "\"command\":\"mark\",\"host_timeout_seconds\":Infinity", 400, "bad-request")]
    [InlineData("\"command\":\"mark\"", "\"command\":\"mark\",\"host_timeout_seconds\":\"NaN\"", 422, "invalid")]
    [InlineData("\"command\":\"mark\"", "\"command\":\"mark\",\"host_timeout_seconds\":1e999", 422, "invalid")]
    [InlineData("\"command\":\"mark\"", "\"command\":\"mark\",\"host_timeout_seconds\":-1", 422, "invalid")]
    [InlineData("\"command\":\"mark\"", "\"command\":\"mark\",\"reason\":\"\\ud800\"", 400, "bad-request")]
    [InlineData("\"command\":\"mark\"", "\"command\":\"mark\",\"\\udc00\":1", 400, "bad-request")]
    [InlineData("\"command\":\"mark\"", "\"command\":\"mark\",\"reason\":[[[[[[[[[1]]]]]]]]]", 400, "bad-request")]
    [InlineData("\"command\":\"mark\"", "\"command\":\"mark\",/* */\"reason\":\"x\"", 400, "bad-request")]
    [InlineData("\"command\":\"mark\"", "\"command\":\"mark\",", 400, "bad-request")]
    [InlineData("\"command\":\"mark\"", "'command':'mark'", 400, "bad-request")]
    [InlineData("{\"id\"", "[{\"id\"", 400, "bad-request")]
    [InlineData("{\"id\"", "{}{\"id\"", 400, "bad-request")]
    [InlineData("{\"id\"", "\ufeff{\"id\"", 400, "bad-request")]
    [InlineData("Z\"}", "Z\"", 400, "bad-request")]
    [InlineData("Z\"}", "Z\"}{}", 400, "bad-request")]
    [InlineData("Z\"}", "\"}", 422, "invalid")]
    [InlineData("Z\"}", "+00:00\",\"not_after\":\"2030-01-01T00:00:00Z\"}", 400, "bad-request")]
    public Task A_document_that_two_readers_could_read_in_two_ways(string what, string instead, int status, string problem) =>
        agent.RefusedAsync(SignedRequest.Mark(agent.Alice).WithDocument(what, instead), status, problem);

    [Fact]
    public async Task Bytes_that_are_no_text()
    {
        var mark = SignedRequest.Mark(agent.Alice, more: ",\"reason\":\"?\"");
        int at = Array.IndexOf(mark.Body!, (byte)'?');
        foreach (byte[] wrong in new byte[][] { [0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0] })
        {
            await agent.RefusedAsync(mark with { Body = [.. mark.Body![..at], .. wrong, .. mark.Body[(at + 1)..]] }, 400, "bad-request");
        }
    }

    [Fact]
    public async Task Depth_of_a_hundred_thousand()
    {
        var mark = SignedRequest.Mark(agent.Alice);
        await agent.RefusedAsync(mark with { Body = Encoding.ASCII.GetBytes(new string('[', 100_000)) }, 400, "bad-request");
        await agent.RefusedAsync(mark with { Body = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("{\"reason\":", 20_000))) }, 400, "bad-request");
        await agent.TakenAsync(mark);
    }

    [Fact]
    public async Task What_a_key_may_not_by_its_line()
    {
        await agent.RefusedAsync(Of("\"order\":\"rsync\",\"group\":\"site\""), 403, "not-allowed", "the order rsync");
        await agent.RefusedAsync(Of("\"order\":\"rkill\",\"group\":\"site\""), 403, "not-allowed", "the order rkill");
        await agent.RefusedAsync(Of("\"order\":\"status\",\"group\":\"shop\""), 403, "not-allowed", "the sync group shop");
        await agent.RefusedAsync(Of("\"order\":\"status\",\"group\":\"SITE\""), 403, "not-allowed", "the sync group SITE");
        await agent.RefusedAsync(Of("\"order\":\"status\",\"group\":\"site \""), 403, "not-allowed", "the sync group site");
        await agent.RefusedAsync(Of($"\"order\":\"status\",\"origin\":\"rsync://127.0.0.1:1/site/\",\"target\":\"{agent.Target}/site\""), 403, "not-allowed", "its groups are named");
        await agent.RefusedAsync(Of("\"order\":\"exec\",\"command\":\"other\""), 403, "not-allowed", "the command other");
        await agent.RefusedAsync(Of("\"order\":\"exec\",\"command\":\"MARK\""), 403, "not-allowed", "the command MARK");
        await agent.RefusedAsync(Of("\"order\":\"exec\",\"command\":\"mark*\""), 403, "not-allowed", "the command mark*");
        await agent.RefusedAsync(SignedRequest.Mark(agent.Proxy), 403, "not-allowed", "may read only");
        await agent.RefusedAsync(
            SignedRequest.Mark(agent.Bob, life: 60) with { Target = "/v1/leases/steal", Body = "{\"what\":\"site\",\"reason\":\"x\"}"u8.ToArray() }, 403, "not-allowed", "the order rsync");
        Assert.Empty(agent.Marks("other"));
    }

    [Fact]
    public async Task A_command_that_there_is_not_and_arguments_that_do_not_fit_start_nothing()
    {
        foreach (var bent in new[]
        {
            SignedRequest.Mark(agent.Alice).WithDocument("\"mark\"", "\"MARK\""),
            SignedRequest.Mark(agent.Alice).WithDocument("\"mark\"", "\"../mark\""),
            SignedRequest.Mark(agent.Alice).WithDocument("\"]", "\",\"x\"]"),
            SignedRequest.Mark(agent.Alice).WithDocument("[\"", "[\"../"),
            SignedRequest.Mark(agent.Alice).WithDocument("[\"", "[\"-"),
            SignedRequest.Mark(agent.Alice).WithDocument("[\"", "[\"$(id)"),
        })
        {
            Assert.Equal(202, (await agent.AskAsync(bent)).Status);
            var host = await EndedAsync(agent, bent.Nonce);
            Assert.Contains(host.GetProperty("state").GetString(), (string[])["refused", "failed"]);
            Assert.Empty(agent.Marks(bent.Nonce));
        }

        Assert.DoesNotContain(Directory.EnumerateFiles(agent.Root), file => Path.GetFileName(file).StartsWith("01", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_plan_that_is_not_what_would_be_done_any_more_changes_nothing()
    {
        using var folder = new TempFolder();
        using var origin = TestOrigin.Start(folder, 1000);
        using var planned = new AttackedAgent { Origin = origin.Site };
        await planned.InitializeAsync();
        try
        {
            var sync = Sync($",\"plan\":{{\"{new string('a', 64)}\":\"{AttackedAgent.Name}\"}}");
            Assert.Equal(202, (await planned.AskAsync(sync)).Status);
            var host = await EndedAsync(planned, sync.Nonce);
            Assert.Equal(("refused", "plan-drift"), (host.GetProperty("state").GetString(), host.GetProperty("cause").GetString()));
            Assert.False(File.Exists(planned.Target + "/site/index.html"));

            var plain = Sync(string.Empty);
            Assert.Equal(202, (await planned.AskAsync(plain)).Status);
            Assert.Equal("ok", (await EndedAsync(planned, plain.Nonce)).GetProperty("state").GetString());
            Assert.True(File.Exists(planned.Target + "/site/index.html"));
        }
        finally
        {
            await planned.DisposeAsync();
        }

        SignedRequest Sync(string plan) => Document(planned.Alice, $"\"order\":\"rsync\",\"group\":\"site\"{plan}");
    }

    /// <summary>An order of Bob's.</summary>
    private SignedRequest Of(string members) => Document(agent.Bob, members);

    /// <summary>An order of these members, for the attacked agent.</summary>
    internal static SignedRequest Document(Security.Keys.TestKey key, string members)
    {
        string id = JobId.New(DateTimeOffset.UtcNow).ToString();
        long until = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 600;
        return SignedRequest.Order(key, id, until, $$"""{"id":"{{id}}",{{members}},"hosts":"{{AttackedAgent.Name}}","not_after":"{{SignedRequest.Moment(until)}}"}""");
    }

    /// <summary>How the job's one host ended.</summary>
    internal static async Task<System.Text.Json.JsonElement> EndedAsync(AttackedAgent at, string id)
    {
        for (long end = Environment.TickCount64 + (long)Eventually.Limit.TotalMilliseconds; ; await Task.Delay(50))
        {
            var host = Assert.Single((await at.ReadAsync($"/v1/jobs/{id}/hosts")).GetProperty("items").EnumerateArray());
            if (host.GetProperty("state").GetString() is not ("queued" or "running"))
            {
                return host;
            }

            Assert.True(Environment.TickCount64 < end, host.ToString());
        }
    }
}
