using System.Text;
using Deploy.Processes;
using Xunit;

namespace Deploy.Tests.Processes;

public class ChildOutputTests
{
    private const int Timeout = 60_000;

    [Fact(Timeout = Timeout)]
    public async Task One_pipe_keeps_the_order_of_both_streams()
    {
        await using var harness = new ChildHarness();
        var kept = new Kept();
        var start = ChildHarness.Shell(kept, "i=0; while [ $i -lt 300 ]; do echo o$i; echo e$i >&2; i=$((i+1)); done") with { OnePipe = true };
        Assert.Equal(0, (await harness.RunAsync(start)).Code);
        Assert.Equal(string.Concat(Enumerable.Range(0, 300).Select(i => $"o{i}\ne{i}\n")), kept.Text);
        Assert.Equal("", kept.ErrorText);
    }

    [Fact(Timeout = Timeout)]
    public async Task Five_megabytes_arrive_whole()
    {
        await using var harness = new ChildHarness();
        var kept = new Kept();
        await harness.RunAsync(ChildHarness.Shell(kept, "yes 0123456789 | head -c 5242880; yes err | head -c 100000 >&2"));
        byte[] expected = new byte[5_242_880];
        for (int i = 0; i < expected.Length; i++)
        {
            expected[i] = "0123456789\n"u8[i % 11];
        }

        Assert.True(kept.Output.AsSpan().SequenceEqual(expected));
        Assert.Equal(100_000, kept.ErrorText.Length);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_slow_taker_loses_nothing_of_a_child_that_has_ended()
    {
        await using var harness = new ChildHarness();
        using var gate = new ManualResetEventSlim();
        var kept = new Kept();
        var slow = new Hooked(bytes =>
        {
            gate.Wait(ChildHarness.Long);
            kept.OnOutput(bytes);
        });
        var child = await harness.StartAsync(ChildHarness.Shell(slow, "yes 0123456789 | head -c 110000"));
        await Task.Delay(1500); // Longer than pipes are drained after the end.
        gate.Set();
        await child.Exited.WaitAsync(ChildHarness.Long);
        Assert.Equal(110_000, kept.Output.Length);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_taker_that_throws_hurts_nobody()
    {
        await using var harness = new ChildHarness();
        var kept = new Kept();
        var bad = await harness.StartAsync(ChildHarness.Shell(new Hooked(_ => throw new FormatException("taker is wrong")), "echo a; sleep 0.1; echo b"));
        var good = await harness.RunAsync(ChildHarness.Shell(kept, "sleep 0.2; echo fine"));
        Assert.Equal(0, (await bad.Exited.WaitAsync(ChildHarness.Long)).Code);
        Assert.Equal(0, good.Code);
        Assert.Equal("fine\n", kept.Text);
        Assert.Single(harness.Log.All.Split('\n'), line => line.Contains("taker is wrong", StringComparison.Ordinal));
    }

    [Fact(Timeout = Timeout)]
    public async Task Two_hundred_children_at_once_each_get_their_own_output_and_code()
    {
        await using var harness = new ChildHarness();
        var runs = Enumerable.Range(0, 200).Select(async i =>
        {
            var kept = new Kept();
            var child = await harness.StartAsync(ChildHarness.Shell(kept, $"sleep 0.3; echo $$; echo e{i} >&2; exit {i}"));
            var exit = await child.Exited.WaitAsync(ChildHarness.Long);
            Assert.Equal(new ChildExit(i, null, Stopped: false), exit);
            Assert.Equal($"{child.Pid}\n", kept.Text);
            Assert.Equal($"e{i}\n", kept.ErrorText);
            return child.Pid;
        });
        Assert.Equal(200, (await Task.WhenAll(runs)).Distinct().Count());
    }

    [Fact(Timeout = Timeout)]
    public async Task A_child_that_closes_its_streams_is_waited_for()
    {
        await using var harness = new ChildHarness();
        Assert.Equal(5, (await harness.RunAsync(ChildHarness.Shell(new Kept(), "exec >&- 2>&-; sleep 0.5; exit 5"))).Code);
    }

    /// <summary>Calls something for each piece of output.</summary>
    internal sealed class Hooked(Hooked.Take take) : IChildOutput
    {
        internal delegate void Take(ReadOnlySpan<byte> bytes);

        public void OnOutput(ReadOnlySpan<byte> bytes) => take(bytes);

        public void OnError(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
    }
}
