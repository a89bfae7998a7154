using Deploy.Bench.Fleet;
using Deploy.Bench.Report;
using Deploy.Bench.Stage;

namespace Deploy.Bench.Scenarios;

/// <summary>The dashboard: on a made-up fleet of 10,000 hosts during a rollout, and on a real proxy's 2,000 hosts at rest.</summary>
internal static class Dashboard
{
    private const string Name = "tui";
    private const int Hosts = 10_000;
    private const int Keys = 200; // of a round
    private const double MostAnswer = 50; // ms, at the 99th percentile
    private const double MostProcessor = 10; // % of one processor, at 10 frames a second
    private const double MostBytes = 8; // KiB/s, at 4 frames a second
    private const double MostAtRest = 2; // KiB a minute
    private const double MostResident = 120; // MiB
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan Lost = TimeSpan.FromSeconds(2);

    public static async Task<IReadOnlyList<Figure>> RunAsync(Scene scene, int rounds)
    {
        var answers = new double[rounds];
        var processor = new double[rounds];
        var bytes = new double[rounds];
        var rest = new double[rounds];
        var resident = new double[rounds];
        for (int round = 0; round < rounds; round++)
        {
            using (var screen = new Screen(scene, 10, "--demo", "--demo-hosts", "10000"))
            {
                screen.ToRollout();
                await Task.Delay(Settling, scene.Stop);
                var before = screen.Command.Processor;
                await Task.Delay(Look, scene.Stop);
                processor[round] = (screen.Command.Processor - before) / Look * 100;
                answers[round] = await AnswerAsync(screen.Terminal, scene.Stop);
                resident[round] = screen.Peak;
            }

            using (var screen = new Screen(scene, 4, "--demo", "--demo-hosts", "10000"))
            {
                screen.ToRollout();
                await Task.Delay(Settling, scene.Stop);
                long before = screen.Terminal.Bytes;
                await Task.Delay(Look, scene.Stop);
                bytes[round] = (screen.Terminal.Bytes - before) / 1024.0 / Look.TotalSeconds;
            }
        }

        var agents = FleetAgents.Start(scene, scene.InMemory);
        var proxy = Proxy.StartV1(scene, agents.Hosts, AgentProcess.Port);
        for (int round = 0; round < rounds; round++)
        {
            using var screen = new Screen(scene, 4, "--via", proxy.Address);
            screen.Terminal.Type("1", "HOST", Lost); // it remembers where it was left
            await Task.Delay(Look, scene.Stop); // every host was asked
            long before = screen.Terminal.Bytes;
            await Task.Delay(Rest, scene.Stop);
            rest[round] = (screen.Terminal.Bytes - before) / 1024.0;
        }

        return
        [
            new(Name, $"a key's answer, {Hosts} hosts, 99th percentile", "ms", new Sample(answers)) { Target = new Target(MostAnswer, OfRatio: false), Note = $"of {Keys} keys, during a rollout" },
            new(Name, "processor during the rollout, 10 frames a second", "%", new Sample(processor)) { Target = new Target(MostProcessor, OfRatio: false), Note = "of one processor; on its screen, where every row moves; the made-up fleet's share is in it" },
            new(Name, "to the terminal, 4 frames a second", "KiB/s", new Sample(bytes)) { Target = new Target(MostBytes, OfRatio: false), Note = "120x40" },
            new(Name, "to the terminal at rest, a minute", "KiB", new Sample(rest)) { Target = new Target(MostAtRest, OfRatio: false), Note = $"a proxy's {agents.Hosts.Count} hosts, nothing runs" },
            new(Name, $"resident at most, {Hosts} hosts", "MiB", new Sample(resident)) { Target = new Target(MostResident, OfRatio: false) },
        ];
    }

    /// <summary>Down and up in turn: milliseconds until the row under the cursor is drawn anew.</summary>
    private static async Task<double> AnswerAsync(PseudoTerminal terminal, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        for (int key = 0; key < Keys; key++)
        {
            times.Add((terminal.Type(key % 8 < 4 ? "j" : "k", "\e[", Lost) ?? Lost).TotalMilliseconds);
            await Task.Delay(Between, cancellationToken);
        }

        times.Sort();
        return times[(int)(Keys * 0.99) - 1];
    }

    /// <summary>A dashboard on a terminal of 120 by 40.</summary>
    private sealed class Screen : IDisposable
    {
        public Screen(Scene scene, int frames, params string[] words)
        {
            Terminal = new PseudoTerminal(120, 40);
            Command = scene.StartOn(Terminal, [scene.Binary, "tui", "--fps", $"{frames}", .. words]);
            Terminal.WaitFor("LIVE", Start);
        }

        public PseudoTerminal Terminal { get; }

        public Command Command { get; }

        /// <summary>To the rollout that runs, and there to the rows that move: those that have failed come first, and stand still.</summary>
        public void ToRollout()
        {
            Terminal.Type("2", "running", Start);
            Terminal.Type("\r", "ETA", Lost);
            Terminal.Type("/state:running\r", "running", Lost);
        }

        /// <summary>The most that was resident, MiB.</summary>
        public double Peak => Daemon.Mebibytes(Command.Pid, "VmHWM");

        public void Dispose()
        {
            Command.Dispose();
            Terminal.Dispose();
        }
    }
}
