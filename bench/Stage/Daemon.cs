using System.Globalization;

namespace Deploy.Bench.Stage;

/// <summary>A published daemon in a process of its own, on a loopback address of its own; what it logs goes to a file.</summary>
internal class Daemon
{
    private const string Ready = "accepts orders on";
    private static readonly TimeSpan ReadyTime = TimeSpan.FromSeconds(30);

    private readonly Scene scene;
    private readonly IReadOnlyList<string> words;
    private readonly string log;
    private Command command;

    /// <param name="scene">Where; it is stopped with it.</param>
    /// <param name="address">Where it listens, the first of them.</param>
    /// <param name="root">Its folder; made here.</param>
    /// <param name="words">The mode and its arguments.</param>
    protected Daemon(Scene scene, string address, string root, params IReadOnlyList<string> words)
    {
        (this.scene, Address) = (scene, address);
        log = Path.Combine(root, "log");
        this.words = [scene.Binary, .. words, "--state-dir", Path.Combine(root, "state")];
        command = scene.Start(log, this.words);
    }

    /// <summary>For <c>--hosts</c>.</summary>
    public string Address { get; }

    /// <summary>Resident memory, MiB.</summary>
    public double Resident => Mebibytes(command.Pid, "VmRSS");

    /// <summary>The most that was resident since <see cref="ForgetPeak"/>, MiB.</summary>
    public double Peak => Mebibytes(command.Pid, "VmHWM");

    /// <summary>Processor time of the process so far.</summary>
    public TimeSpan Processor => command.Processor;

    /// <summary>Waits until it takes orders.</summary>
    /// <exception cref="BenchError">It ended instead, or took too long.</exception>
    public void WaitUntilReady(Scene scene) => WaitForLines(scene, Ready, 1, ReadyTime);

    /// <summary>Kills it, starts it again with the same state, and waits until it takes orders; its log begins anew.</summary>
    public void KillAndStartAgain()
    {
        command.Kill();
        command = scene.Start(log, words);
        WaitUntilReady(scene);
    }

    /// <summary>From here on <see cref="Peak"/> counts anew (proc_pid_clear_refs(5)).</summary>
    public void ForgetPeak() => File.WriteAllText($"/proc/{command.Pid}/clear_refs", "5");

    /// <summary>How many lines with this text it has logged.</summary>
    public int Lines(string text) => File.ReadLines(log).Count(line => line.Contains(text, StringComparison.Ordinal));

    /// <summary>Waits until it has logged so many lines with this text.</summary>
    /// <exception cref="BenchError">It ended instead, or took too long.</exception>
    public void WaitForLines(Scene scene, string text, int count, TimeSpan limit)
    {
        long end = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        while (Lines(text) < count)
        {
            scene.Stop.ThrowIfCancellationRequested();
            if (!command.IsAlive || Environment.TickCount64 > end)
            {
                throw new BenchError($"the daemon at {Address} {(command.IsAlive ? $"took more than {limit.TotalSeconds:0} s" : "ended")}; it said: {File.ReadAllText(log)}");
            }

            Thread.Sleep(2);
        }
    }

    /// <summary>A field of proc_pid_status(5), e.g. <c>VmHWM</c>, in MiB.</summary>
    public static double Mebibytes(int pid, string field)
    {
        string line = File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith(field + ":", StringComparison.Ordinal));
        return long.Parse(line[(field.Length + 1)..^"kB".Length].Trim(), CultureInfo.InvariantCulture) / 1024.0;
    }
}
