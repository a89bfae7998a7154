using System.Text;
using Xunit;

namespace Deploy.Tests.Attacks;

/// <summary>Cancelling, pausing and resuming what the key may not order, and signatures of these that live too long.</summary>
[Trait("Category", "EndToEnd")]
public class ActTests(AttackedAgent agent) : IClassFixture<AttackedAgent>
{
    [Fact]
    public async Task Whoever_may_not_order_a_job_does_nothing_to_it()
    {
        var other = Other();
        Assert.Equal(202, (await agent.AskAsync(other)).Status);
        foreach (string act in new[] { "cancel", "pause", "resume" })
        {
            await DeniedAsync(Act(other.Nonce, act) with { Key = agent.Bob }, "the command other");
        }

        var mark = SignedRequest.Mark(agent.Alice);
        await agent.TakenAsync(mark);
        Assert.Equal(200, (await agent.AskAsync(Act(mark.Nonce, "cancel") with { Key = agent.Bob })).Status);
    }

    [Fact]
    public async Task A_cancellation_that_comes_first_holds_for_what_its_key_may_order()
    {
        var (other, mark) = (Other(), SignedRequest.Mark(agent.Alice));
        foreach (var late in new[] { other, mark })
        {
            Assert.Equal(404, (await agent.AskAsync(Act(late.Nonce, "cancel") with { Key = agent.Bob })).Status);
        }

        Assert.Equal(202, (await agent.AskAsync(other)).Status);
        await agent.RefusedAsync(mark, 409, "cancelled", "cancelled before it came");
    }

    [Fact]
    public async Task The_signature_of_what_waits_nowhere_lives_a_minute()
    {
        var mark = SignedRequest.Mark(agent.Alice);
        await agent.TakenAsync(mark);
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        foreach (string act in new[] { "pause", "resume" })
        {
            await DeniedAsync(Act(mark.Nonce, act) with { Created = now, Expires = now + 61 }, "lives over 60 s", 401);
        }

        var steal = new SignedRequest { Key = agent.Alice, Target = "/v1/leases/steal", Body = Encoding.UTF8.GetBytes("""{"what":"site","reason":"x"}"""), Created = now, Expires = now + 61 };
        await DeniedAsync(steal, "lives over 60 s", 401);
        Assert.Equal(404, (await agent.AskAsync(steal with { Expires = now + 60 })).Status);
        Assert.Equal(200, (await agent.AskAsync(Act(mark.Nonce, "cancel") with { Created = now, Expires = now + 3600 })).Status);
        await DeniedAsync(Act(mark.Nonce, "cancel") with { Created = now, Expires = now + (3 * 3600) }, "max_order_lifetime");
    }

    [Fact]
    public async Task A_parameter_that_no_order_has_is_refused_on_the_record()
    {
        var mark = SignedRequest.Mark(agent.Alice);
        await agent.RefusedAsync(mark with { Target = "/v1/jobs?x=1" }, 400, "bad-request", "not known here");
    }

    private SignedRequest Act(string id, string act) => new() { Key = agent.Alice, Target = $"/v1/jobs/{id}/{act}" };

    private SignedRequest Other()
    {
        var mark = SignedRequest.Mark(agent.Alice);
        return mark.WithDocument("\"command\":\"mark\"", "\"command\":\"other\"").WithDocument($",\"arguments\":[\"{mark.Nonce}\"]", string.Empty);
    }

    private async Task DeniedAsync(SignedRequest request, string why, int status = 403)
    {
        int before = agent.Refusals();
        var answer = await agent.AskAsync(request);
        Assert.True(answer.Status == status, answer.ToString());
        Assert.Contains(why, answer.Detail, StringComparison.Ordinal);
        await EndToEnd.Harness.Eventually.TrueAsync(() => agent.Refusals() > before);
    }
}
