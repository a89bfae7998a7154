using Deploy.Jobs.Events;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tests.Fixtures;
using Xunit;
using static Deploy.Tests.Jobs.Events.Reading;

namespace Deploy.Tests.Jobs.Events;

/// <summary>What readers of events get, one thing at a time.</summary>
public class EventHubTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 4, 10, 0, 0, TimeSpan.Zero);

    private readonly ManualTime time = new(Start);
    private readonly EventHub hub;
    private readonly Truth job = new(JobId.New(Start), 3);

    public EventHubTests() => hub = new EventHub(time);

    [Fact]
    public async Task A_fresh_reader_gets_the_whole_then_what_comes_until_the_end()
    {
        await using var reader = Read(job.Id, null);
        Assert.Equal("hello", await NextAsync(reader));
        Assert.Equal(["h1 queued", "h2 queued", "h3 queued", "running", "bookmark"], (await NextAsync(reader, 5)).Order(StringComparer.Ordinal).Order(new WordsLast()));
        hub.Publish(job.Move("h1", HostState.Connecting));
        hub.Publish(job.Move(JobState.Done));
        hub.Publish(job.End());
        Assert.Equal(["h1 connecting", "done", "end"], await NextAsync(reader, 3));
        Assert.False(await reader.MoveNextAsync());
    }

    [Fact]
    public async Task A_slow_reader_gets_the_newest_of_each_host_in_order()
    {
        await using var reader = Read(job.Id, null);
        await NextAsync(reader, 6);
        for (int turn = 0; turn < 1000; turn++)
        {
            hub.Publish(job.Move("h1", turn % 2 == 0 ? HostState.Connecting : HostState.Running));
            hub.Publish(job.Move("h2", HostState.Running, $"turn {turn}"));
        }

        Assert.Equal(2, hub.Held.Events);
        Assert.Equal(["h1 running", "h2 running"], await NextAsync(reader, 2));
        Assert.Equal("turn 999", reader.Current.Standing!.Reason);
    }

    [Fact]
    public async Task Progress_comes_once_a_second_and_host_the_last_of_it_always()
    {
        await using var reader = Read(job.Id, null);
        await NextAsync(reader, 6);
        hub.Publish(job.Progress("h1", 1));
        hub.Publish(job.Progress("h1", 2));
        hub.Publish(job.Progress("h2", 7));
        hub.Publish(job.Progress("h1", 3));
        Assert.Equal(["h1 1 bytes", "h2 7 bytes"], await NextAsync(reader, 2));
        time.Advance(TimeSpan.FromSeconds(0.9));
        hub.Publish(job.Progress("h1", 4));
        Assert.Equal(2, hub.Held.Events);
        time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal("h1 4 bytes", await NextAsync(reader));

        // What waits is older than a state that comes.
        hub.Publish(job.Progress("h1", 5));
        hub.Publish(job.Move("h1", HostState.Ok));
        time.Advance(TimeSpan.FromSeconds(5));
        hub.Publish(job.Move("h3", HostState.Skipped));
        Assert.Equal(["h1 ok", "h3 skipped"], await NextAsync(reader, 2));
    }

    [Fact]
    public async Task Summaries_come_four_times_a_second_the_last_of_them_always()
    {
        await using var reader = Read(job.Id, null);
        await NextAsync(reader, 6);
        for (int turn = 1; turn <= 100; turn++)
        {
            hub.Publish(job.Summary(turn));
            time.Advance(TimeSpan.FromMilliseconds(10));
        }

        time.Advance(TimeSpan.FromSeconds(1));
        hub.Publish(job.Move(JobState.Done));
        Assert.Equal("done", await NextAsync(reader));
        Assert.InRange(hub.Last, 5, 6); // 1 s: at 0, 250, 500, 750 and what was left, and the state
    }

    [Fact]
    public async Task What_waited_is_told_before_the_end()
    {
        await using var reader = Read(job.Id, null);
        await NextAsync(reader, 6);
        hub.Publish(job.Progress("h1", 1));
        hub.Publish(job.Progress("h1", 2));
        hub.Publish(job.Summary(1));
        hub.Publish(job.Summary(2));
        hub.Publish(job.Line("last words"));
        hub.Publish(job.End());
        Assert.Equal(["last words", "end"], (await NextAsync(reader, 4)).Where(word => word is "last words" or "end"));
        Assert.False(await reader.MoveNextAsync());
    }

    [Fact]
    public async Task Ten_quiet_seconds_bring_a_bookmark_and_nothing_else_is_due()
    {
        hub.Publish(job.Move("h1", HostState.Connecting));
        await using var reader = Read(job.Id, null);
        await NextAsync(reader, 6);
        for (int turn = 0; turn < 3; turn++)
        {
            var next = reader.MoveNextAsync();
            Assert.False(next.IsCompleted);
            Assert.Equal(1, time.Armed);
            time.Advance(TimeSpan.FromSeconds(9.9));
            Assert.False(next.IsCompleted);
            time.Advance(TimeSpan.FromSeconds(0.1));
            Assert.True(await next.AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
            Assert.Equal((EventType.Bookmark, 1L), (reader.Current.Type, reader.Current.Seq));
        }

        Assert.Equal(0, time.Armed);
    }

    [Fact]
    public async Task What_cannot_be_resumed_gives_a_gap_and_the_whole()
    {
        hub.Publish(job.Move("h1", HostState.Connecting));
        foreach (string since in new[] { $"{JobId.New(Start)}:1", $"{hub.Epoch}:2", $"{hub.Epoch}:-1", $"{hub.Epoch}:", "1", "", ":" })
        {
            await using var reader = Read(job.Id, since);
            Assert.Equal(["hello", "gap", "bookmark"], (await NextAsync(reader, 7)).Where(word => word is "hello" or "gap" or "bookmark"));
        }

        await using var fresh = Read(job.Id, $"{hub.Epoch}:0");
        Assert.DoesNotContain("gap", await NextAsync(fresh, 6));
        await using var resumed = Read(job.Id, $"{hub.Epoch}:1");
        hub.Publish(job.Move("h1", HostState.Running));
        Assert.Equal(["hello", "h1 running"], await NextAsync(resumed, 2));
    }

    [Fact]
    public async Task A_job_that_has_ended_is_told_whole_and_ends()
    {
        job.Move("h1", HostState.Ok);
        job.Move("h2", HostState.Failed);
        job.Move("h3", HostState.Skipped);
        job.Move(JobState.Stopped);
        await using var reader = Read(job.Id, null);
        Assert.Equal(["hello", "stopped", "end"], (await NextAsync(reader, 6)).Where(word => word[0] != 'h' || word == "hello"));
        Assert.Equal(JobState.Stopped, reader.Current.Summary!.State);
        Assert.False(await reader.MoveNextAsync());

        await using var unknown = hub.ReadAsync(JobId.New(Start), null, () => [], default).GetAsyncEnumerator();
        Assert.Equal("hello", await NextAsync(unknown));
        Assert.False(await unknown.MoveNextAsync());
        Assert.Equal((0, 0), hub.Held);
    }

    [Fact]
    public async Task Resumed_behind_its_end_a_job_ends_at_once()
    {
        hub.Publish(job.Move("h1", HostState.Connecting));
        hub.Publish(job.Move(JobState.Done));
        hub.Publish(job.End());
        await using var reader = Read(job.Id, $"{hub.Epoch}:3");
        Assert.Equal(["hello", "end"], await NextAsync(reader, 2));
        Assert.Equal(3, reader.Current.Seq);
        Assert.False(await reader.MoveNextAsync());
    }

    [Fact]
    public async Task A_job_that_ends_while_it_is_told_is_told_to_its_end()
    {
        IEnumerable<JobEvent> Late()
        {
            foreach (var what in job.Whole().ToList())
            {
                if (what.Type == EventType.JobState && job.State == JobState.Running)
                {
                    foreach (string host in job.Standings.Keys)
                    {
                        job.Move(host, HostState.Ok);
                    }

                    yield return job.Move(JobState.Done);
                }
                else
                {
                    yield return what;
                }
            }
        }

        var picture = new Picture();
        await foreach (var what in hub.ReadAsync(job.Id, null, Late, default))
        {
            picture.Take(what);
        }

        Assert.True(picture.HasEnded);
        picture.Holds(job);
    }

    [Fact]
    public async Task A_reader_of_all_hears_of_every_job_but_neither_lines_nor_ends()
    {
        var other = new Truth(JobId.New(Start), 1);
        await using var reader = hub.ReadAsync(null, null, () => [], default).GetAsyncEnumerator();
        Assert.Equal(["hello", "bookmark"], await NextAsync(reader, 2));
        hub.Publish(job.Move("h1", HostState.Connecting));
        hub.Publish(job.Line("x"));
        hub.Publish(other.Move("h1", HostState.Cancelled));
        hub.Publish(other.Move(JobState.Cancelled));
        hub.Publish(other.End());
        hub.Publish(job.Move("h2", HostState.Connecting));
        Assert.Equal(["h1 connecting", "h1 cancelled", "cancelled", "h2 connecting"], await NextAsync(reader, 4));
    }

    [Fact]
    public async Task A_reader_ends_when_it_is_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        await using var reader = hub.ReadAsync(job.Id, null, job.Whole, cancel.Token).GetAsyncEnumerator();
        await NextAsync(reader, 6);
        var next = reader.MoveNextAsync().AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.WaitAsync(TimeSpan.FromSeconds(30)));
        await reader.DisposeAsync();
        Assert.Equal((0, 0), hub.Held);
    }

    private IAsyncEnumerator<JobEvent> Read(JobId? id, string? since) => hub.ReadAsync(id, since, job.Whole, default).GetAsyncEnumerator();

    /// <summary>Hosts first, in their order; then the others as they come.</summary>
    private sealed class WordsLast : IComparer<string>
    {
        public int Compare(string? x, string? y) => Rank(x!).CompareTo(Rank(y!));

        private static int Rank(string word) => word[0] == 'h' ? 0 : word == "bookmark" ? 2 : 1;
    }
}
