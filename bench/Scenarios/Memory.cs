using Deploy.Bench.Report;
using Deploy.Bench.Stage;
using Deploy.Model;
using Deploy.Protocol;
using Deploy.Security;

namespace Deploy.Bench.Scenarios;

/// <summary>What an agent keeps of ten thousand orders (a command, a command with 1 MB of output, a preview, in turn), and what it does when it has nothing to do.</summary>
internal static class Memory
{
    private const string Name = "memory";
    private const int Orders = 10_000;
    private const int AtOnce = 16;
    private const double MostResident = 20; // MiB
    private const double MostProcessor = 0.05; // %: shows as 0.0
    private static readonly TimeSpan BackTime = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(20);
    private static readonly (Order Order, string Options)[] Mix = [(Order.Exec, "true"), (Order.Exec, "much"), (Order.Status, "tree")];

    public static async Task<IReadOnlyList<Figure>> RunAsync(Scene scene, int rounds)
    {
        string tree = Directory.CreateDirectory(scene.Place("tree")).FullName;
        File.WriteAllText(Path.Combine(tree, "file"), "file");
        var loaded = new double[rounds];
        var back = new double[rounds];
        var seconds = new double[rounds];
        var idle = new double[rounds];
        for (int round = 0; round < rounds; round++)
        {
            var agent = Agent.StartAll(scene, 1, tree + "/")[0];
            await LoadAsync(agent, scene.Stop);
            loaded[round] = agent.Peak;
            for (back[round] = agent.Resident; back[round] > MostResident && seconds[round] < BackTime.TotalSeconds; back[round] = agent.Resident)
            {
                await Task.Delay(Look, scene.Stop);
                seconds[round] += Look.TotalSeconds;
            }

            var before = agent.Processor;
            await Task.Delay(IdleTime, scene.Stop);
            idle[round] = (agent.Processor - before) / IdleTime * 100;
        }

        return
        [
            new(Name, $"resident at most, {Orders} orders", "MiB", new Sample(loaded)),
            new(Name, "resident afterwards", "MiB", new Sample(back)) { Target = new Target(MostResident, OfRatio: false) },
            new(Name, "time until then", "s", new Sample(seconds)) { Target = new Target(BackTime.TotalSeconds, OfRatio: false) },
            new(Name, "processor, idle", "%", new Sample(idle)) { Target = new Target(MostProcessor, OfRatio: false), Note = $"of one processor, over {IdleTime.TotalSeconds:0} s" },
        ];
    }

    /// <summary>Gives all the orders over the wire, so many at once; each must come back with 200.</summary>
    private static async Task LoadAsync(Agent agent, CancellationToken cancellationToken)
    {
        var exchange = new LegacyExchange(TimeProvider.System, new ReceiveBudget(long.MaxValue));
        await Parallel.ForAsync(0, Orders, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (number, token) =>
        {
            var (order, options) = Mix[number % Mix.Length];
            var outcome = await exchange.SendAsync(
                new LegacyRequest
                {
                    Host = agent.Address,
                    Port = 3440,
                    Order = order,
                    Body = LegacyForm.Encode(new LegacyFields(LegacyKey.Make(Scene.Key, TimeProvider.System.GetUtcNow()), options, string.Empty, new Secret(string.Empty))),
                    ThreadTimeout = Scene.Limit,
                    SocketTimeout = Scene.Limit,
                },
                token);
            if (outcome is not Answered { Code: 200 })
            {
                token.ThrowIfCancellationRequested();
                throw new BenchError($"{order} came to {outcome}");
            }
        });
    }
}
