namespace Deploy.Bench.Stage;

/// <summary>An agent on port 3440. It knows the commands <c>true</c> and <c>much</c> (1 MB).</summary>
internal sealed class Agent : Daemon
{
    private Agent(Scene scene, string address, string root, string target, string config, Keys? keys)
        : base(scene, address, root, ["agent", .. keys is null ? ["--unsigned-loopback", "on"] : Array.Empty<string>(), "--config", config]) => Target = target;

    /// <summary>The target of its one sync group, <c>tree</c>.</summary>
    public string Target { get; }

    /// <summary>Starts so many, each on an address of its own, and waits until all accept orders.</summary>
    /// <param name="scene">Where.</param>
    /// <param name="count">How many.</param>
    /// <param name="origin">What the group <c>tree</c> reads; null for no group.</param>
    /// <param name="guard">What the guard does before a sync of that group.</param>
    public static IReadOnlyList<Agent> StartAll(Scene scene, int count, string? origin = null, Guarding guard = Guarding.Glances)
    {
        List<Agent> agents = [.. Enumerable.Range(0, count).Select(_ => Start(scene, [scene.NextAddress()], origin, guard))];
        agents.ForEach(agent => agent.WaitUntilReady(scene));
        return agents;
    }

    /// <summary>Starts one that answers on so many addresses, and waits until it accepts orders.</summary>
    public static (Agent Agent, IReadOnlyList<string> Addresses) StartOnMany(Scene scene, int count)
    {
        string[] addresses = [.. Enumerable.Range(0, count).Select(_ => scene.NextAddress())];
        var agent = Start(scene, addresses, origin: null, Guarding.Nothing);
        agent.WaitUntilReady(scene);
        return (agent, addresses);
    }

    /// <summary>Starts one that takes signed orders over TLS, and the original's plain ones on the same port; it is trusted.</summary>
    public static Agent StartSecure(Scene scene, Keys keys)
    {
        var agent = Start(scene, [scene.NextAddress()], origin: null, Guarding.Nothing, keys);
        agent.WaitUntilReady(scene);
        keys.Trust(scene, agent.Address);
        return agent;
    }

    private static Agent Start(Scene scene, string[] addresses, string? origin, Guarding guard, Keys? keys = null)
    {
        string root = scene.Place("agent-" + addresses[0]);
        string target = Path.Combine(root, "www", "tree");
        Directory.CreateDirectory(Path.Combine(root, "www"));
        string config = Path.Combine(root, "agent.toml");
        File.WriteAllText(config, $$"""
            [agent]
            names = ["{{addresses[0]}}"]
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
            {{keys?.Table}}
            {{(origin is null ? string.Empty : Group(origin, target, guard))}}
            """ + "\n");
        return new Agent(scene, addresses[0], root, target, config, keys);
    }

    /// <summary>With the original's behaviour, so that rsync beside it does the same work.</summary>
    private static string Group(string origin, string target, Guarding guard) => $"""
        [sync.tree]
        origin = "{origin}"
        target = "{target}"
        safe_links = false
        devices = true
        delay_updates = false
        host_timeout = "none"
        {guard switch
    {
        Guarding.Nothing => """options = ["--archive"]""",
        Guarding.Glances => """
            guard.max_delete = "none"
            guard.max_delete_percent = "none"
            guard.count_first = false
            """,
        _ => string.Empty,
    }}
        """;
}

/// <summary>What the delete guard of an agent's group does before each sync.</summary>
internal enum Guarding
{
    /// <summary>Nothing: the options delete nothing.</summary>
    Nothing,

    /// <summary>It looks whether the origin's top holds files, since its limits are "none".</summary>
    Glances,

    /// <summary>It counts by a dry run, as by default.</summary>
    Counts,
}
