using System.Text;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tests.EndToEnd.Harness;
using Xunit;
using static Deploy.Tests.Attacks.Liars.Story;

namespace Deploy.Tests.Attacks.Liars;

/// <summary>A proxy whose words are those of v1, and that says what cannot be. Results are not signed, so it may say that all is well; it may not have counted as well what it did not say.</summary>
[Trait("Category", "EndToEnd")]
public sealed class FalseResultTests : IDisposable
{
    private readonly DeceivedClient client = new();

    public void Dispose() => client.Dispose();

    [Fact]
    public async Task The_truth_is_0()
    {
        var run = await ToldAsync(new Story(), 0);
        Assert.Contains("2 hosts: 2 ok", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_answer_for_another_job() =>
        await ToldAsync(new Story { Taken = spec => Json(202, View(spec with { Id = JobId.New(DateTimeOffset.UtcNow) }, JobState.Running, HostState.Queued, HostState.Queued)) }, 4);

    [Fact]
    public async Task Events_of_another_job()
    {
        var run = await ToldAsync(new Story
        {
            Events = spec => Lines(Hello(), Host(spec with { Id = JobId.New(DateTimeOffset.UtcNow) }, "web-1", HostState.Ok), Host(spec, "web-2", HostState.Ok), End(spec, HostState.Ok, HostState.Ok)),
            Job = spec => Json(200, View(spec, JobState.Running, HostState.Running, HostState.Running)),
        }, 4);
        NotTwo(run);
    }

    [Fact]
    public async Task The_end_of_another_job() => NotTwo(await ToldAsync(new Story
    {
        Events = spec => Lines(Hello(), End(spec, HostState.Ok, HostState.Ok)),
        Job = spec => Json(200, View(spec with { Id = JobId.New(DateTimeOffset.UtcNow) }, JobState.Done, HostState.Ok, HostState.Ok)),
    }, 4));

    [Fact]
    public async Task A_host_that_was_not_asked_in_the_place_of_one_that_was()
    {
        var run = await ToldAsync(new Story
        {
            Events = spec => Lines(Hello(), Host(spec, "web-1", HostState.Ok), Host(spec, "web-9", HostState.Ok), End(spec, HostState.Ok, HostState.Ok)),
            Hosts = _ => Page(Standing("web-1", HostState.Ok), Standing("web-9", HostState.Ok)),
        }, 4);
        NotTwo(run);
        Assert.DoesNotContain("web-9", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_was_not_asked_beside_those_that_were()
    {
        var run = await ToldAsync(new Story { Events = spec => Lines(Hello(), Host(spec, "web-1", HostState.Ok), Host(spec, "web-2", HostState.Failed), Host(spec, "web-9", HostState.Ok), End(spec, HostState.Ok, HostState.Ok, HostState.Ok)) }, 2);
        NotTwo(run);
        Assert.DoesNotContain("web-9", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_host()
    {
        var run = await ToldAsync(new Story
        {
            Events = spec => Lines(Hello(), Host(spec, "web-1", HostState.Ok), End(spec, HostState.Ok, HostState.Ok)),
            Hosts = _ => Page(Standing("web-1", HostState.Ok)),
        }, 4);
        NotTwo(run);
    }

    [Fact]
    public async Task A_missing_host_that_is_not_counted_either()
    {
        var run = await ToldAsync(new Story
        {
            Taken = spec => Json(202, View(spec with { Hosts = "web-1" }, JobState.Running, HostState.Queued)),
            Events = spec => Lines(Hello(), Host(spec, "web-1", HostState.Ok), End(spec, HostState.Ok)),
            Job = spec => Json(200, View(spec with { Hosts = "web-1" }, JobState.Done, HostState.Ok)),
            Hosts = _ => Page(Standing("web-1", HostState.Ok)),
        }, 4);
        NotTwo(run);
        Assert.Contains("web-2", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_host_at_all() => NotTwo(await ToldAsync(new Story
    {
        Taken = spec => Json(202, View(spec, JobState.Done)),
        Events = spec => Lines(Hello(), End(spec)),
        Job = spec => Json(200, View(spec, JobState.Done)),
        Hosts = _ => Page(),
    }, 4));

    [Fact]
    public async Task A_host_that_is_named_twice_with_two_ends()
    {
        var run = await ToldAsync(new Story
        {
            Events = spec => Lines(Hello(), End(spec, HostState.Ok, HostState.Ok)),
            Hosts = _ => Page(Standing("web-1", HostState.Failed), Standing("web-1", HostState.Ok), Standing("web-2", HostState.Ok)),
        }, 4);
        NotTwo(run);
    }

    [Fact]
    public async Task A_host_that_is_named_twice_in_the_place_of_another()
    {
        var run = await ToldAsync(new Story
        {
            Events = spec => Lines(Hello(), Host(spec, "web-1", HostState.Ok), Host(spec, "WEB-1", HostState.Ok, rev: 2), End(spec, HostState.Ok, HostState.Ok)),
            Hosts = _ => Page(Standing("web-1", HostState.Ok), Standing("WEB-1", HostState.Ok)),
        }, 4);
        NotTwo(run);
    }

    [Theory]
    [InlineData("ok", "running")]
    [InlineData("ok", "queued")]
    [InlineData("failed", "ok")]
    [InlineData("unknown", "ok")]
    public async Task A_state_that_goes_back(string first, string then)
    {
        Assert.True(HostStates.TryParse(first, out var one) & HostStates.TryParse(then, out var other));
        NotTwo(await ToldAsync(new Story { Events = spec => Lines(Hello(), Host(spec, "web-1", HostState.Ok), Host(spec, "web-2", one), Host(spec, "web-2", other, rev: 2), End(spec, HostState.Ok, HostState.Ok)) }, 4));
    }

    [Fact]
    public async Task A_job_that_ended_with_hosts_that_have_not() => NotTwo(await ToldAsync(new Story
    {
        Events = spec => Lines(Hello(), Host(spec, "web-1", HostState.Ok), Host(spec, "web-2", HostState.Running), End(spec, HostState.Ok, HostState.Ok)),
        Hosts = _ => Page(Standing("web-1", HostState.Ok), Standing("web-2", HostState.Running)),
    }, 4));

    [Fact]
    public async Task Numbers_that_cannot_be()
    {
        var absurd = new JobSummary { State = JobState.Running, Hosts = int.MinValue, Counts = new Dictionary<string, int> { ["ok"] = int.MaxValue, ["weather"] = -1 }, Batch = -1, Batches = int.MinValue, BytesDone = long.MinValue, BytesTotal = -1, BytesPerSecond = long.MaxValue, EtaSeconds = int.MinValue, Stalled = -1, Slow = int.MaxValue };
        NotTwo(await ToldAsync(new Story
        {
            Events = spec => Lines(
                Hello(),
                Line(Event(EventType.JobSummary) with { Job = spec.Id, Summary = absurd }),
                Host(spec, "web-1", HostState.Running, long.MinValue, host => host with { Progress = new HostProgress { BytesDone = long.MinValue, FilesDone = -1, BytesTotal = long.MaxValue, StalledSeconds = int.MinValue } }),
                Host(spec, "web-1", HostState.Ok, long.MaxValue, host => host with { Totals = new SyncTotals { Bytes = long.MinValue, New = long.MaxValue, Deleted = long.MinValue }, Batch = int.MinValue, ExitCode = int.MinValue }),
                Host(spec, "web-2", HostState.Failed),
                Line(Event(EventType.End) with { Job = spec.Id, Summary = absurd with { State = JobState.Done } })),
        }, 2));
    }

    [Fact]
    public async Task An_output_that_is_not_the_digest_s()
    {
        var run = await ToldAsync(new Story
        {
            Events = spec => Lines(Hello(), Host(spec, "web-1", HostState.Ok, change: host => host with { Shape = new string('a', 64) }), Host(spec, "web-2", HostState.Failed, change: host => host with { Shape = "../../../etc/passwd" }), End(spec, HostState.Ok, HostState.Failed)),
            Else = _ => Said(200, "application/octet-stream", "exit 0\nforged"u8.ToArray()),
        }, 2);
        Assert.DoesNotContain("forged", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_of_hosts_without_end() => NotTwo(await ToldAsync(new Story
    {
        Events = spec => Lines(Hello(), End(spec, HostState.Ok, HostState.Ok)),
        Hosts = _ => Json(200, """{"items":[],"cursor":"1"}"""),
    }, 4));

    [Fact]
    public async Task Pages_of_one_host_without_end() => NotTwo(await ToldAsync(new Story
    {
        Events = spec => Lines(Hello(), End(spec, HostState.Ok, HostState.Ok)),
        Hosts = _ => Json(200, $$"""{"items":[{{Standing("web-1", HostState.Ok)}}],"cursor":"1"}"""),
    }, 4));

    /// <summary>The order, with this story.</summary>
    private async Task<ProgramRun> ToldAsync(Story story, int exitCode)
    {
        await using var proxy = new FalseProxy(story.Told());
        var run = await client.OrderAsync(proxy, exitCode);
        Assert.Single(proxy.Requests.Where(request => request.Line == "POST /v1/jobs").Select(request => Encoding.UTF8.GetString(request.Body)).Distinct()); // asked again, it is the same order
        return run;
    }

    /// <summary>Two hosts that are well are not what it was told.</summary>
    private static void NotTwo(ProgramRun run) => Assert.DoesNotContain("2 ok", run.Out + run.Error, StringComparison.Ordinal);
}
