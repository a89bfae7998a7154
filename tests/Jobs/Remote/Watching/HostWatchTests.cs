using System.Collections.Concurrent;
using Deploy.Jobs.Remote;
using Deploy.Jobs.Remote.Watching;
using Deploy.Model.Hosts;
using Deploy.Protocol.V1;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Jobs.Remote.Watching;

/// <summary>When a proxy asks its hosts how they are: here hosts that refuse every connection, by a clock that the test moves.</summary>
public class HostWatchTests
{
    private readonly ManualTime time = new(new DateTimeOffset(2026, 5, 4, 10, 0, 0, TimeSpan.Zero));
    private readonly HostContacts contacts = new();
    private readonly ConcurrentDictionary<string, int> asked = new();
    private IReadOnlyDictionary<string, V1Peer> hosts = new Dictionary<string, V1Peer>();
    private volatile bool isWanted;

    public HostWatchTests() => contacts.Changed = (host, _) => asked.AddOrUpdate(host, 1, (_, count) => count + 1);

    [Fact(Timeout = 120_000)]
    public async Task Nobody_is_asked_until_somebody_looks_and_nobody_when_nobody_does_any_more()
    {
        Take(3);
        await RunAsync(async watch =>
        {
            await PassAsync(30);
            Assert.Empty(asked);
            isWanted = true;
            watch.Wake();
            await UntilAsync(() => asked.Count == 3);
            isWanted = false;
            await PassAsync(3); // what had begun
            int before = asked.Values.Sum();
            await PassAsync(120);
            Assert.Equal(before, asked.Values.Sum());
        });
    }

    [Fact(Timeout = 120_000)]
    public async Task A_host_that_does_not_answer_is_asked_less_and_less_and_one_that_its_job_tells_of_not_at_all()
    {
        Take(2);
        isWanted = true;
        await RunAsync(async _ =>
        {
            await UntilAsync(() => asked.Count == 2);
            int before = asked["web-001"];
            for (int second = 0; second < 240; second++)
            {
                contacts.Heard("web-002", time.GetUtcNow(), null, null);
                await PassAsync(1);
            }

            Assert.InRange(asked["web-001"] - before, 0, 8); // 24 turns of an answering host; 60 s apart at last
            Assert.Equal(contacts.Of("web-002").Last, time.GetUtcNow() - TimeSpan.FromSeconds(1));
            Assert.InRange(asked["web-002"], 240, 245); // told by this test; a first question or two
            Assert.False(contacts.Of("web-001").IsReachable);
        });
    }

    [Fact(Timeout = 120_000)]
    public async Task No_more_are_asked_at_once_than_may_be_and_hosts_that_are_new_are_asked_and_old_ones_are_not()
    {
        Take(50);
        isWanted = true;
        await RunAsync(async _ =>
        {
            for (int second = 1; asked.Count < 50; second++)
            {
                Assert.InRange(asked.Count, 0, 10 * second);
                await PassAsync(1);
            }

            Take(1, "db");
            await UntilAsync(() => asked.ContainsKey("db-001"));
            await PassAsync(5);
            int before = asked["web-001"];
            await PassAsync(120);
            Assert.Equal(before, asked["web-001"]);
        });
    }

    private void Take(int count, string name = "web") =>
        hosts = Enumerable.Range(1, count).Select(number => new V1Peer($"{name}-{number:000}", "127.14.98.1", 1)).ToDictionary(peer => peer.Name, HostName.Comparer);

    private async Task RunAsync(Func<HostWatch, Task> test)
    {
        using var wire = new V1Wire(time);
        using var stop = new CancellationTokenSource();
        var watch = new HostWatch(wire, () => hosts, contacts, () => isWanted, time) { Settings = new WatchSettings { Tick = TimeSpan.FromSeconds(1) } };
        var running = watch.RunAsync(stop.Token);
        try
        {
            await test(watch);
        }
        finally
        {
            await stop.CancelAsync();
            await running;
        }
    }

    /// <summary>So many seconds by the watch's clock; a moment of ours for each, in which it may ask.</summary>
    private async Task PassAsync(int seconds)
    {
        for (int second = 0; second < seconds; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(3);
        }
    }

    private async Task UntilAsync(Func<bool> isSo)
    {
        for (int turn = 0; !isSo(); turn++)
        {
            Assert.True(turn < 20_000, "it never came");
            await PassAsync(1);
        }
    }
}
