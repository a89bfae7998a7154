using System.Text;
using Deploy.Model;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Attacks;

/// <summary>What was taken once, sent again: by a proxy that resends, or by whoever recorded it.</summary>
[Trait("Category", "EndToEnd")]
public class ReplayTests(AttackedAgent agent) : IClassFixture<AttackedAgent>
{
    [Fact]
    public async Task The_same_bytes_start_nothing_a_second_time_and_are_told_of_the_job_that_is_there()
    {
        var mark = SignedRequest.Mark(agent.Alice);
        await agent.TakenAsync(mark);
        for (int again = 0; again < 3; again++)
        {
            var answer = await agent.AskAsync(mark);
            Assert.Equal((200, mark.Nonce), (answer.Status, answer.Json().GetProperty("id").GetString()));
        }

        Assert.Single(agent.Marks(mark.Nonce));
    }

    [Fact]
    public async Task The_same_bytes_at_once_start_it_once()
    {
        var mark = SignedRequest.Mark(agent.Alice);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => agent.AskAsync(mark)));
        Assert.Equal(1, answers.Count(answer => answer.Status == 202));
        Assert.Equal(7, answers.Count(answer => answer.Status == 200));
        await agent.RanAsync(mark.Nonce);
    }

    [Fact]
    public async Task The_same_id_with_another_content_is_refused_though_rightly_signed()
    {
        var mark = SignedRequest.Mark(agent.Alice);
        await agent.TakenAsync(mark);
        var other = mark.WithDocument("\"command\":\"mark\"", "\"command\":\"other\"").WithDocument($",\"arguments\":[\"{mark.Nonce}\"]", string.Empty);
        int before = agent.Refusals();
        var answer = await agent.AskAsync(other);
        Assert.Equal((409, "other-content"), (answer.Status, answer.Problem));
        await EndToEnd.Harness.Eventually.TrueAsync(() => agent.Refusals() > before);
        Assert.Single(agent.Records(), line => line.Contains(mark.Nonce, StringComparison.Ordinal) && line.Contains("\"outcome\":\"refused\",\"was\":\"accepted\"", StringComparison.Ordinal));
        var spaced = mark with { Body = [.. mark.Body!, (byte)' '] };
        Assert.Equal((409, "other-content"), (await agent.AskAsync(spaced)) is var second ? (second.Status, second.Problem) : default);
        Assert.Empty(agent.Marks("other"));
        Assert.Single(agent.Marks(mark.Nonce));
    }

    [Fact]
    public async Task After_a_restart_too()
    {
        var mark = SignedRequest.Mark(agent.Alice);
        await agent.TakenAsync(mark);
        var status = Status(agent, "site");
        Assert.Equal(202, (await agent.AskAsync(status)).Status);
        Assert.Equal(200, (await agent.AskAsync(status)).Status);
        await agent.RestartAsync();

        var answer = await agent.AskAsync(mark);
        Assert.Equal((200, mark.Nonce), (answer.Status, answer.Json().GetProperty("id").GetString()));
        answer = await agent.AskAsync(mark with { Body = [.. mark.Body!, (byte)' '] });
        Assert.Equal((409, "other-content"), (answer.Status, answer.Problem));
        Assert.Single(agent.Marks(mark.Nonce));
        await agent.TakenAsync(SignedRequest.Mark(agent.Alice));
    }

    [Fact]
    public async Task After_the_state_directory_is_lost_nothing_that_was_signed_before_is_done()
    {
        var (mark, late) = (SignedRequest.Mark(agent.Alice), SignedRequest.Mark(agent.Alice));
        await agent.TakenAsync(mark);
        await Task.Delay(TimeSpan.FromSeconds(2)); // a signature has whole seconds
        Assert.Equal(0, await agent.Daemon.StopAsync());
        Directory.Move(agent.StateDirectory, agent.StateDirectory + ".damaged");
        await agent.StartAsync();

        foreach (var old in new[] { mark, late })
        {
            int before = agent.Refusals();
            var answer = await agent.AskAsync(old);
            Assert.Equal((409, "too-late"), (answer.Status, answer.Problem));
            Assert.Contains("remembers orders from", answer.Detail, StringComparison.Ordinal);
            await EndToEnd.Harness.Eventually.TrueAsync(() => agent.Refusals() > before);
        }

        Assert.Single(agent.Marks(mark.Nonce));
        Assert.Empty(agent.Marks(late.Nonce));
        await agent.TakenAsync(SignedRequest.Mark(agent.Alice));
    }

    [Fact]
    public async Task A_status_that_was_signed_well_before_the_start_is_not_done_since_nobody_knows_whether_it_was()
    {
        var status = Status(agent, "site");
        await agent.RefusedAsync(status with { Created = status.Created - 3600 }, 409, "too-late", "signed before");
        Assert.Equal(202, (await agent.AskAsync(status)).Status);
        var answer = await agent.AskAsync(status.WithDocument("\"site\"", "\"shop\""));
        Assert.Equal((409, "other-content"), (answer.Status, answer.Problem));
    }

    [Fact]
    public async Task A_cancelled_id_that_arrives_late_starts_nothing_and_a_signature_of_a_cancel_is_of_that_one()
    {
        var late = SignedRequest.Mark(agent.Alice);
        var cancel = new SignedRequest { Key = agent.Alice, Target = $"/v1/jobs/{late.Nonce}/cancel" };
        var other = SignedRequest.Mark(agent.Alice);
        Assert.Equal(401, (await agent.AskAsync(cancel.WithHead(late.Nonce + "/cancel", other.Nonce + "/cancel"))).Status);
        var early = await agent.AskAsync(cancel);
        Assert.Equal((404, "not-found"), (early.Status, early.Problem));
        await agent.RefusedAsync(late, 409, "cancelled", "cancelled before it came");
        await agent.TakenAsync(other);
    }

    /// <summary>A status order.</summary>
    internal static SignedRequest Status(AttackedAgent agent, string group, long life = 600)
    {
        var now = DateTimeOffset.UtcNow;
        string id = JobId.New(now).ToString();
        long until = now.ToUnixTimeSeconds() + life;
        return SignedRequest.Order(agent.Alice, id, until, $$"""{"id":"{{id}}","order":"status","hosts":"{{AttackedAgent.Name}}","group":"{{group}}","not_after":"{{SignedRequest.Moment(until)}}"}""");
    }
}
