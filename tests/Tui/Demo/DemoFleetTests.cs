using System.Threading.Channels;
using Deploy.Tests.Fixtures;
using Deploy.Tui;
using Deploy.Tui.Demo;
using Xunit;

namespace Deploy.Tests.Tui.Demo;

/// <summary>The made-up fleet as the dashboard has it: by a channel and a clock.</summary>
public class DemoFleetTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task It_greets_answers_and_goes_on_with_the_clock_until_it_is_left()
    {
        var time = new ManualTime(new DateTimeOffset(2026, 11, 23, 14, 2, 0, TimeSpan.Zero));
        var fleet = new DemoFleet(time, seed: 1, hosts: 60);
        var messages = Channel.CreateBounded<Message>(16);
        using var stop = new CancellationTokenSource();
        var running = fleet.RunAsync(messages.Writer, stop.Token);
        Assert.IsType<Message.Connected>(await NextAsync(messages));
        Assert.IsType<Message.GroupsTold>(await NextAsync(messages));
        Assert.True(Assert.IsType<Message.HostsTold>(await NextAsync(messages)).IsAll);
        fleet.Ask(new Effect.ReadAudit(null));
        await UntilAsync<Message.AuditTold>(messages);
        var told = UntilAsync<Message.Heard>(messages);
        for (int tick = 0; tick < 10_000 && !told.IsCompleted; tick++)
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        await told.WaitAsync(Limit);
        await stop.CancelAsync();
        await running.WaitAsync(Limit);
    }

    [Fact]
    public void Ten_thousand_hosts_cost_little_while_a_rollout_runs()
    {
        var world = new DemoWorld(1, 10_000, new DateTimeOffset(2026, 11, 23, 14, 2, 0, TimeSpan.Zero));
        Assert.Equal(10_000, world.Hosts.All.Count);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int events = DemoWorldTests.Play(world, TimeSpan.FromSeconds(10)).OfType<Message.Happened>().Sum(happened => happened.Events.Count);
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(events > 2_000, $"{events} events");
        Assert.True(bytes / events < 16 * 1024, $"{bytes / events} bytes an event: something goes through all hosts"); // 10,000 hosts: 80 KB at least
    }

    private static async Task<Message> NextAsync(Channel<Message> messages) => await messages.Reader.ReadAsync().AsTask().WaitAsync(Limit);

    private static async Task UntilAsync<T>(Channel<Message> messages)
    {
        while (await NextAsync(messages) is not T)
        {
        }
    }
}
