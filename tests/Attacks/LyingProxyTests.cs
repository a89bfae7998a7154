using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Deploy.Tests.EndToEnd.Harness;
using Xunit;

namespace Deploy.Tests.Attacks;

/// <summary>
/// A proxy that was taken over: it has an operator's signed order in its hands, its own key, and an agent that lets it read. What it may is to resend, to delay and to drop. What no agent and no
/// client can notice: that it reads, and that it tells the results of one host as those of another, since results are not signed.
/// </summary>
[Trait("Category", "EndToEnd")]
public class LyingProxyTests(AttackedAgent agent) : IClassFixture<AttackedAgent>
{
    private const string NotTheKeys = "the signature is not the key's";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    [Fact]
    public async Task It_may_resend_and_delay()
    {
        var mark = SignedRequest.Mark(agent.Alice);
        await Task.Delay(TimeSpan.FromSeconds(2));
        await agent.TakenAsync(mark);
        Assert.Equal(200, (await agent.AskAsync(mark)).Status);
        Assert.Single(agent.Marks(mark.Nonce));
    }

    [Fact]
    public async Task A_body_that_was_written_anew_means_the_same_and_is_another()
    {
        var mark = SignedRequest.Mark(agent.Alice);
        byte[] anew = JsonSerializer.SerializeToUtf8Bytes(JsonNode.Parse(mark.Body!), Indented);
        await agent.RefusedAsync(mark with { Sent = anew }, 401, "unauthenticated", "the body is not the one that was signed");
        await agent.RefusedAsync((mark with { Sent = anew }).WithHead(DigestOf(mark.Body!), DigestOf(anew)), 401, "unauthenticated", NotTheKeys);
    }

    [Theory]
    [InlineData("\"hosts\":\"web-002\"", "\"hosts\":\"web-[001-002]\"")]
    [InlineData("\"hosts\":\"web-002\"", "\"hosts\":\"web-002,web-001\"")]
    [InlineData("\"hosts\":\"web-002\"", "\"hosts\":\"web-001\"")]
    [InlineData("\"command\":\"mark\"", "\"command\":\"other\"")]
    public async Task An_added_host_and_another_command(string what, string instead)
    {
        var mark = SignedRequest.Mark(agent.Alice, "web-002");
        byte[] other = Encoding.UTF8.GetBytes(SignedRequest.Replaced(Encoding.UTF8.GetString(mark.Body!), what, instead));
        await agent.RefusedAsync((mark with { Sent = other }).WithHead(DigestOf(mark.Body!), DigestOf(other)), 401, "unauthenticated", NotTheKeys);
        Assert.Empty(agent.Marks("other"));
    }

    [Theory]
    [InlineData("web-002", "is none of its names")]
    [InlineData("web-001", "is not among the job's hosts")]
    public async Task An_order_for_another_host_by_saying_that_this_is_that_host(string told, string why)
    {
        var mark = SignedRequest.Mark(agent.Alice, "web-002");
        await agent.RefusedAsync(mark, 422, "invalid", "none of this agent's names");
        await agent.RefusedAsync(mark.WithHead("Connection: close\r\n", $"Connection: close\r\nDeploy-Host: {told}\r\n"), 422, "invalid", why);
    }

    [Fact]
    public async Task A_name_of_this_host_may_be_told()
    {
        var mark = SignedRequest.Mark(agent.Alice, "web-002,web-001");
        await agent.TakenAsync(mark.WithHead("Connection: close\r\n", "Connection: close\r\nDeploy-Host: web-001\r\n"));
    }

    [Fact]
    public async Task Its_own_signature_is_for_reading()
    {
        var read = SignedRequest.Get(agent.Proxy, "/v1/jobs") with { Tag = "deploy-hop-1" };
        Assert.Equal(200, (await agent.AskAsync(read)).Status);
        await agent.RefusedAsync(SignedRequest.Mark(agent.Proxy) with { Tag = "deploy-hop-1" }, 403, "not-allowed", "signed as a proxy that reads");
        await agent.RefusedAsync(SignedRequest.Mark(agent.Proxy), 403, "not-allowed", "may read only");
        await agent.RefusedAsync(SignedRequest.Mark(agent.Alice) with { Tag = "deploy-hop-1" }, 403, "not-allowed", "signed as a proxy that reads");
        await agent.RefusedAsync((SignedRequest.Mark(agent.Alice) with { Tag = "deploy-hop-1" }).WithHead("deploy-hop-1", "deploy-order-1"), 401, "unauthenticated", NotTheKeys);
        await agent.RefusedAsync(new SignedRequest { Key = agent.Proxy, Tag = "deploy-hop-1", Target = $"/v1/jobs/{read.Nonce}/cancel" }, 403, "not-allowed", "signed as a proxy that reads");
        await agent.RefusedAsync(new SignedRequest { Key = agent.Proxy, Target = $"/v1/jobs/{read.Nonce}/pause" }, 403, "not-allowed", "may read only");
        await agent.RefusedAsync(SignedRequest.Mark(agent.Proxy, life: 60) with { Tag = "deploy-hop-1", Target = "/v1/leases/steal", Body = "{\"what\":\"site\",\"reason\":\"x\"}"u8.ToArray() }, 403, "not-allowed", "signed as a proxy that reads");
    }

    [Fact]
    public async Task A_signature_of_one_request_is_of_no_other()
    {
        // A read has no body, and a read's signature lives a minute: neither makes an order of it.
        var read = SignedRequest.Get(agent.Alice, "/v1/jobs");
        var mark = SignedRequest.Mark(agent.Alice);
        string id = mark.Nonce;
        await agent.RefusedAsync(read with { Nonce = id, Head = head => head.Replace("GET /v1/jobs ", $"POST /v1/jobs/{id}/cancel ", StringComparison.Ordinal) }, 401, "unauthenticated", NotTheKeys);

        // The order's own, for what else could be done to its job, and for another route that takes a body.
        foreach (string target in new[] { "/v1/leases/steal", $"/v1/jobs/{id}/cancel" })
        {
            await agent.RefusedAsync(mark.WithHead("POST /v1/jobs ", $"POST {target} "), 401, "unauthenticated");
        }

        // Who asks, as the proxy has it, changes nothing of who asked.
        var other = SignedRequest.Mark(agent.Alice);
        await agent.TakenAsync(other.WithHead("Connection: close\r\n", "Connection: close\r\nDeploy-By: root\r\n"));
        Assert.Equal("alice", (await agent.ReadAsync("/v1/jobs/" + other.Nonce)).GetProperty("by").GetString());
    }

    private static string DigestOf(byte[] body) => Convert.ToBase64String(SHA256.HashData(body));
}
