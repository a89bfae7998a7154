using System.Globalization;

namespace Deploy.Bench.Stage;

/// <summary>A published agent in a process of its own, on port 3440 of its own loopback address; what it logs goes to a file.</summary>
internal sealed class Agent
{
    private const string Ready = "accepts orders on";
    private static readonly TimeSpan ReadyTime = TimeSpan.FromSeconds(30);

    private readonly Command command;
    private readonly string log;

    private Agent(Command command, string address, string log, string target)
    {
        this.command = command;
        this.log = log;
        Address = address;
        Target = target;
    }

    /// <summary>For <c>--hosts</c>.</summary>
    public string Address { get; }

    /// <summary>The target of its one sync group, <c>tree</c>.</summary>
    public string Target { get; }

    /// <summary>Resident memory, MiB.</summary>
    public double Resident => Mebibytes("VmRSS");

    /// <summary>The most that was resident since <see cref="ForgetPeak"/>, MiB.</summary>
    public double Peak => Mebibytes("VmHWM");

    /// <summary>Processor time of the process so far.</summary>
    public TimeSpan Processor => command.Processor;

    /// <summary>Starts so many, and waits until all accept orders. They know the commands <c>true</c> and <c>much</c> (1 MB), and the group <c>tree</c>.</summary>
    /// <param name="scene">Where.</param>
    /// <param name="count">How many.</param>
    /// <param name="origin">What the group reads; null for none.</param>
    public static IReadOnlyList<Agent> StartAll(Scene scene, int count, string? origin = null)
    {
        List<Agent> agents = [.. Enumerable.Range(0, count).Select(_ => Start(scene, origin))];
        foreach (var agent in agents)
        {
            agent.WaitForLines(scene, Ready, 1, ReadyTime);
        }

        return agents;
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
                throw new BenchError($"the agent at {Address} {(command.IsAlive ? $"took more than {limit.TotalSeconds:0} s" : "ended")}; it said: {File.ReadAllText(log)}");
            }

            Thread.Sleep(2);
        }
    }

    private static Agent Start(Scene scene, string? origin)
    {
        string address = scene.NextAddress();
        string root = scene.Place("agent-" + address);
        string target = Path.Combine(root, "www", "tree");
        Directory.CreateDirectory(Path.Combine(root, "www"));
        string ini = Path.Combine(root, "agent.ini");
        string jobs = Path.Combine(root, "jobs.ini");
        File.WriteAllText(jobs, "[bench]\ntrue = /bin/true\nmuch = head -c 1000000 /dev/zero\n");
        File.WriteAllText(ini, $"""
            [server]
            addr = {address}
            port = 3440
            key_cipher = {Scene.Key.Reveal()}
            [allow::hosts]
            host[] = 127.0.0.0/8
            [allow::paths]
            path[] = {root}/www
            [jobs]
            path = {jobs}
            {(origin is null ? string.Empty : $"[rsync::group::tree]\ndest = {origin}\nsrc = {target}")}
            """ + "\n");
        string log = Path.Combine(root, "log");
        return new Agent(scene.Start(log, scene.Binary, "agent", "--config", ini, "--state-dir", Path.Combine(root, "state")), address, log, target);
    }

    private double Mebibytes(string field)
    {
        string line = File.ReadLines($"/proc/{command.Pid}/status").First(line => line.StartsWith(field + ":", StringComparison.Ordinal));
        return long.Parse(line[(field.Length + 1)..^"kB".Length].Trim(), CultureInfo.InvariantCulture) / 1024.0;
    }
}
