using Deploy.Jobs.Events;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tests.Fixtures;
using Xunit;
using static Deploy.Tests.Jobs.Events.Reading;

namespace Deploy.Tests.Jobs.Events;

/// <summary>What is held, however much is told and however little is read.</summary>
public class EventHubBoundTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 4, 10, 0, 0, TimeSpan.Zero);

    private readonly ManualTime time = new(Start);
    private readonly EventHub hub;
    private readonly Truth job = new(JobId.New(Start), 3);

    public EventHubBoundTests() => hub = new EventHub(time);

    [Fact]
    public async Task Readers_that_do_not_read_cost_nothing_and_ended_jobs_are_held_up_to_a_bound()
    {
        var small = new EventHub(time, recent: 100);
        var readers = Enumerable.Range(0, 1000).Select(_ => small.ReadAsync(null, null, () => [], default).GetAsyncEnumerator()).ToList();
        foreach (var reader in readers)
        {
            await NextAsync(reader, 2);
        }

        for (int turn = 0; turn < 300; turn++)
        {
            var some = new Truth(JobId.New(Start), 20);
            foreach (string host in some.Standings.Keys)
            {
                small.Publish(some.Move(host, HostState.Connecting));
                small.Publish(some.Move(host, HostState.Running));
                small.Publish(some.Progress(host, 1));
                small.Publish(some.Line("x"));
                small.Publish(some.Move(host, HostState.Ok) with { Content = new ShapeContent(ShapeKind.Changes, new byte[8192]) });
            }

            small.Publish(some.Move(JobState.Done));
            small.Publish(some.End());
            Assert.InRange(small.Held.Events, 0, 100);
        }

        foreach (var reader in readers)
        {
            Assert.Equal("gap", await NextAsync(reader));
            Assert.Equal("bookmark", await NextAsync(reader));
            await reader.DisposeAsync();
        }
    }

    [Fact]
    public async Task Lines_and_contents_are_held_up_to_a_bound()
    {
        for (int turn = 0; turn < 5000; turn++)
        {
            hub.Publish(job.Line(new string('x', turn % 2000)));
        }

        Assert.InRange(hub.Held.Events, 100, Limits.EventLines);
        var large = new Truth(JobId.New(Start), 2000);
        foreach (string host in large.Standings.Keys)
        {
            hub.Publish(large.Move(host, HostState.Ok) with { Content = new ShapeContent(ShapeKind.Output, new byte[8192]) });
        }

        int with = 0;
        await using var reader = hub.ReadAsync(large.Id, $"{hub.Epoch}:5000", large.Whole, default).GetAsyncEnumerator();
        for (int turn = 0; turn <= 2000; turn++)
        {
            Assert.True(await reader.MoveNextAsync());
            with += reader.Current.Content is null ? 0 : 1;
        }

        Assert.Equal(Limits.EventContentBytes / 8192, with);
    }
}
