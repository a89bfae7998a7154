namespace Deploy.Bench.Stage;

/// <summary>An agent on port 3440. It knows the commands <c>true</c> and <c>much</c> (1 MB).</summary>
internal sealed class Agent : Daemon
{
    private Agent(Scene scene, string address, string root, string target, string config)
        : base(scene, address, root, "agent", "--config", config) => Target = target;

    /// <summary>The target of its one sync group, <c>tree</c>.</summary>
    public string Target { get; }

    /// <summary>Starts so many, each on an address of its own, and waits until all accept orders.</summary>
    /// <param name="scene">Where.</param>
    /// <param name="count">How many.</param>
    /// <param name="origin">What the group <c>tree</c> reads; null for no group.</param>
    /// <param name="guarded">Whether what a sync would delete is counted first, which takes a dry run.</param>
    public static IReadOnlyList<Agent> StartAll(Scene scene, int count, string? origin = null, bool guarded = false)
    {
        List<Agent> agents = [.. Enumerable.Range(0, count).Select(_ => Start(scene, [scene.NextAddress()], origin, guarded))];
        agents.ForEach(agent => agent.WaitUntilReady(scene));
        return agents;
    }

    /// <summary>Starts one that answers on so many addresses, and waits until it accepts orders.</summary>
    public static (Agent Agent, IReadOnlyList<string> Addresses) StartOnMany(Scene scene, int count)
    {
        string[] addresses = [.. Enumerable.Range(0, count).Select(_ => scene.NextAddress())];
        var agent = Start(scene, addresses, origin: null, guarded: false);
        agent.WaitUntilReady(scene);
        return (agent, addresses);
    }

    private static Agent Start(Scene scene, string[] addresses, string? origin, bool guarded)
    {
        string root = scene.Place("agent-" + addresses[0]);
        string target = Path.Combine(root, "www", "tree");
        Directory.CreateDirectory(Path.Combine(root, "www"));
        string config = Path.Combine(root, "agent.toml");
        File.WriteAllText(config, $$"""
            [agent]
            listen = [{{string.Join(", ", addresses.Select(address => $"\"{address}:3440\""))}}]
            [allow]
            hosts = ["127.0.0.0/8"]
            paths = ["{{root}}/www"]
            [legacy]
            mode = "loopback"
            key_cipher_file = "{{scene.KeyFile}}"
            [command.true]
            argv = ["/bin/true"]
            [command.much]
            argv = ["/usr/bin/head", "-c", "1000000", "/dev/zero"]
            {{(origin is null ? string.Empty : Group(origin, target, guarded))}}
            """ + "\n");
        return new Agent(scene, addresses[0], root, target, config);
    }

    /// <summary>With the original's behaviour, so that rsync beside it does the same work.</summary>
    private static string Group(string origin, string target, bool guarded) => $"""
        [sync.tree]
        origin = "{origin}"
        target = "{target}"
        safe_links = false
        devices = true
        delay_updates = false
        host_timeout = "none"
        {(guarded ? string.Empty : """
            guard.max_delete = "none"
            guard.max_delete_percent = "none"
            guard.count_first = false
            """)}
        """;
}
