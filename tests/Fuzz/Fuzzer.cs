using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Deploy.Tests.Fuzz;

/// <summary>Gives a parser its good inputs, then so many that were made of them. A test run has a fixed number and a fixed seed; <c>./build fuzz</c> gives seconds and a seed by the environment.</summary>
/// <remarks><c>DEPLOY_FUZZ_SECONDS</c>: for each parser. <c>DEPLOY_FUZZ_SEED</c>. <c>DEPLOY_FUZZ_FROM</c>: the number of the first input, to see one again.</remarks>
internal static class Fuzzer
{
    private const int Seed = 20261123;
    private const int Smaller = 3000; // tries to make an input smaller that broke something

    /// <summary>Where a test run stops early: on a host so slow that the rest tells nothing more.</summary>
    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(15);

    /// <summary>One input takes micro- or milliseconds; after this it hangs, on the slowest of hosts too.</summary>
    private static readonly TimeSpan LongestInput = TimeSpan.FromSeconds(60);

    /// <summary>Runs it.</summary>
    /// <exception cref="XunitException">Something does not hold: says seed, number and input.</exception>
    public static async Task RunAsync(FuzzTarget target, ITestOutputHelper output)
    {
        int seed = (int)(Number("DEPLOY_FUZZ_SEED") ?? Seed);
        var run = new Run(target, seed, Number("DEPLOY_FUZZ_FROM") ?? 0, Number("DEPLOY_FUZZ_SECONDS") is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        var work = Task.Factory.StartNew(run.Go, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        for (long seen = -1; await Task.WhenAny(work, Task.Delay(LongestInput)) != work; seen = run.Done)
        {
            if (seen == run.Done)
            {
                throw new XunitException(run.Told($"takes longer than {LongestInput.TotalSeconds:0} s", run.Current));
            }
        }

        await work;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{target.Name}: seed {seed}, {run.Done} inputs, {run.Done / run.Took.TotalSeconds:0} a second"));
    }

    private static long? Number(string name) => long.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    /// <summary>One parser's run; its numbers may be read by another thread.</summary>
    private sealed class Run(FuzzTarget target, int seed, long from, TimeSpan? most)
    {
        private readonly Stopwatch clock = new();
        private long done;
        private long number;

        public long Done => Interlocked.Read(ref done);

        public TimeSpan Took => clock.Elapsed;

        /// <summary>The input that was begun last.</summary>
        public byte[] Current { get; private set; } = [];

        public void Go()
        {
            byte[][] good = [.. Corpus.Of(target.Name), .. target.More];
            if (good.Length == 0)
            {
                throw new XunitException($"there is no corpus: tests/Fuzz/Corpus/{target.Name}/");
            }

            var mutation = new Mutation(good, target.Words, target.MostBytes);
            for (number = -good.Length; number < 0; number++)
            {
                Try(good[^(int)-number]);
            }

            clock.Start();
            for (number = from; (most is not null || number < from + target.Inputs) && clock.Elapsed < (most ?? LongestRun); number++)
            {
                Try(mutation.Of(seed, number));
                Interlocked.Increment(ref done);
            }

            clock.Stop();
        }

        public string Told(string what, byte[] input) =>
            $"{target.Name} {what}\nseed {seed}, input {number}, {input.Length} bytes in base64: {Convert.ToBase64String(input)}\nagain: DEPLOY_FUZZ_SEED={seed} DEPLOY_FUZZ_FROM={Math.Max(number, 0)}, and the test of {target.Name}; keep it as a file below tests/Fuzz/Corpus/{target.Name}/";

        private void Try(byte[] input)
        {
            Current = input;
            if (Fault(input) is not { } fault)
            {
                return;
            }

            byte[] small = Shrunk(input, fault);
            throw new XunitException(Told($"does not bear an input: {Fault(small) ?? fault}", small), fault);
        }

        /// <summary>What this input breaks; null for nothing.</summary>
        private Exception? Fault(byte[] input)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                target.Check([.. input]); // what it is given it may change
            }
            catch (Exception fault)
            {
                return fault;
            }

            long cost = GC.GetAllocatedBytesForCurrentThread() - before;
            return cost > target.MostAllocated ? new XunitException($"it cost {cost} bytes of memory") : null;
        }

        /// <summary>The input without what is not needed to break the same.</summary>
        private byte[] Shrunk(byte[] input, Exception fault)
        {
            int tries = Smaller;
            for (int piece = Math.Max(1, input.Length / 2); piece > 0; piece /= 2)
            {
                for (int at = 0; at + piece <= input.Length && tries > 0; tries--)
                {
                    byte[] less = [.. input.AsSpan(0, at), .. input.AsSpan(at + piece)];
                    bool same = Fault(less)?.GetType() == fault.GetType();
                    (input, at) = same ? (less, at) : (input, at + piece);
                }
            }

            return input;
        }
    }
}
