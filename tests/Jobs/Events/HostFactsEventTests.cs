using Deploy.Jobs.Events;
using Deploy.Model.Jobs;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Jobs.Events;

/// <summary>What readers of all hear of hosts.</summary>
public class HostFactsEventTests
{
    private readonly ManualTime time = new(new DateTimeOffset(2026, 5, 4, 10, 0, 0, TimeSpan.Zero));
    private readonly EventHub hub;

    public HostFactsEventTests() => hub = new EventHub(time);

    [Fact]
    public async Task The_newest_of_a_host_comes_once_in_five_seconds_and_its_state_at_once()
    {
        await using var reader = hub.ReadAsync(null, null, () => [], CancellationToken.None).GetAsyncEnumerator();
        await Reading.NextAsync(reader, 2); // hello, bookmark
        hub.Tell(Of("web-1", "1"), atOnce: false);
        hub.Tell(Of("web-1", "2"), atOnce: false);
        hub.Tell(Of("web-2", "7"), atOnce: false);
        hub.Tell(Of("web-1", "3"), atOnce: false);
        Assert.Equal(["web-1 1", "web-2 7"], await NextAsync(reader, 2));
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(["web-1 3"], await NextAsync(reader, 1));
        hub.Tell(Of("web-1", "4"), atOnce: true);
        hub.Tell(Of("web-1", "5"), atOnce: true);
        Assert.Equal("web-1 5", (await NextAsync(reader, 1))[0]); // 4 was not read, and 5 took its place
        Assert.Equal(2, hub.Held.Events);
    }

    [Fact]
    public async Task A_reader_that_comes_back_hears_what_changed_meanwhile()
    {
        string since;
        await using (var reader = hub.ReadAsync(null, null, () => [], CancellationToken.None).GetAsyncEnumerator())
        {
            await Reading.NextAsync(reader, 2);
            hub.Tell(Of("web-1", "1"), atOnce: true);
            await NextAsync(reader, 1);
            since = $"{reader.Current.Epoch}:{reader.Current.Seq}";
        }

        hub.Tell(Of("web-2", "2"), atOnce: true);
        hub.Tell(Of("web-2", "3"), atOnce: true);
        await using var again = hub.ReadAsync(null, since, () => [], CancellationToken.None).GetAsyncEnumerator();
        Assert.Equal("hello", await Reading.NextAsync(again));
        Assert.Equal(["web-2 3"], await NextAsync(again, 1));
    }

    [Fact]
    public async Task Readers_of_all_are_watchers_and_readers_of_a_job_are_not()
    {
        int woken = 0;
        hub.FirstWatcher = () => woken++;
        await using (var reader = hub.ReadAsync(null, null, () => [], CancellationToken.None).GetAsyncEnumerator())
        {
            Assert.Equal(0, hub.Watchers);
            await Reading.NextAsync(reader);
            Assert.Equal((1, 1), (hub.Watchers, woken));
            await using var job = hub.ReadAsync(Deploy.Model.JobId.New(time.GetUtcNow()), null, () => [], CancellationToken.None).GetAsyncEnumerator();
            await Reading.NextAsync(job);
            Assert.Equal((1, 1), (hub.Watchers, woken));
        }

        Assert.Equal(0, hub.Watchers);
    }

    private static HostFacts Of(string name, string version) => new() { Name = name, Wire = "v1", Version = version };

    private static async Task<List<string>> NextAsync(IAsyncEnumerator<JobEvent> reader, int count)
    {
        var told = new List<string>();
        while (told.Count < count)
        {
            Assert.True(await reader.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
            if (reader.Current is { Type: EventType.HostFacts, Facts: { } facts })
            {
                told.Add($"{facts.Name} {facts.Version}");
            }
        }

        return told;
    }
}
