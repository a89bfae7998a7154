using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using Deploy.Jobs.Commands;
using Deploy.Logs;
using Deploy.Modes.Agent;
using Deploy.Security.Channel;

namespace Deploy.Bench.Fleet;

/// <summary>Many agents in one process of this program, <c>bench agents PREFIX FIRST COUNT DIRECTORY [KEYS]</c>: each an object with an address and a state of its own, as the product's.</summary>
internal static class AgentProcess
{
    /// <summary>The word that asks for it; in no help, since people have no use for it.</summary>
    public const string Word = "agents";

    /// <summary>What it prints once all accept orders.</summary>
    public const string Ready = "agents are ready";

    /// <summary>The port that all of them listen on; those with keys on the other, so that both can be there at once.</summary>
    public const int Port = 3440, SecurePort = 3442;

    /// <summary>The address of an agent.</summary>
    /// <param name="prefix">Its first three numbers.</param>
    /// <param name="number">From 0.</param>
    public static string AddressOf(string prefix, int number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}.{number + 1}");

    /// <summary>Runs until SIGTERM.</summary>
    /// <param name="prefix">The first three numbers of their addresses.</param>
    /// <param name="first">The number of the first among all agents, from 1.</param>
    /// <param name="count">How many.</param>
    /// <param name="directory">Where their states go.</param>
    /// <param name="keys">The folder of their <see cref="Stage.Keys"/>; null takes v1 plain and unsigned.</param>
    public static async Task<int> RunAsync(string prefix, int first, int count, string directory, string? keys)
    {
        using var stop = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            stop.Cancel();
        });
        var agents = new List<AgentDaemon>();
        var hostKey = keys is null ? null : HostKeyFile.Load(Stage.Keys.HostKeyPath(keys));
        for (int number = 0; number < count; number++)
        {
            string address = AddressOf(prefix, number);
            var settings = new AgentSettings
            {
                UnsignedLoopback = keys is null,
                HostKey = hostKey,
                OperatorsFile = keys is null ? null : Stage.Keys.OperatorsPath(keys),
                Names = [FleetAgents.NameOf(first + number), address],
                Listen = [new IPEndPoint(IPAddress.Parse(address), keys is null ? Port : SecurePort)],
                AllowedHosts = ["127.0.0.0/8"],
                Commands = new Dictionary<string, CommandEntry> { ["true"] = CommandEntry.Parse("true", "/bin/true") },
            };
            string state = Directory.CreateDirectory(Path.Combine(directory, address)).FullName;
            var agent = new AgentDaemon(settings, state, TimeProvider.System, new NoLog());
            await agent.StartAsync(null, stop.Token);
            agents.Add(agent);
        }

        Console.Out.WriteLine(Ready);
        await Task.Delay(Timeout.Infinite, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        foreach (var agent in agents)
        {
            await agent.StopAsync(now.Token);
            await agent.DisposeAsync();
        }

        return 0;
    }

    /// <summary>What a hundred agents have to say is not what is measured.</summary>
    private sealed class NoLog : ILog
    {
        public bool IsEnabled(LogLevel level) => false;

        public void Write(LogLevel level, string message)
        {
        }

        public void Write(AccessEntry request)
        {
        }
    }
}
