using Deploy.Tests.Fixtures;

namespace Deploy.Tests.EndToEnd.Harness;

/// <summary>A published proxy in a process of its own, from an INI and an api file, one group, <c>web</c>; or from <c>proxy.toml</c>, for jobs.</summary>
internal sealed class RunningProxy : RunningDaemon
{
    private const string ApiKey = "end-to-end-api-key";

    private readonly string root;

    private RunningProxy(string root, string address, string config, IReadOnlyDictionary<string, string?>? environment = null)
        : base(ProgramRun.Start(["proxy", "--unsigned-loopback", "on", "--config", Path.Combine(root, config), "--state-dir", Path.Combine(root, "state")], environment), root)
    {
        (this.root, Address) = (root, address);
        Read();
    }

    /// <summary>Where it listens, on port 3441.</summary>
    public string Address { get; }

    /// <summary>Starts one of the original's wire and waits until it accepts orders.</summary>
    /// <param name="folder">The test's.</param>
    /// <param name="agents">The group's hosts.</param>
    /// <param name="client">Further lines of <c>[client]</c>.</param>
    public static async Task<RunningProxy> StartAsync(TempFolder folder, IEnumerable<string> agents, string client)
    {
        string address = LoopbackAddress.Next(), root = folder["proxy-" + address];
        Directory.CreateDirectory(root);
        await File.WriteAllTextAsync(Path.Combine(root, "proxy.ini"), $"[server]\naddr = {address}\n[client]\nkey_cipher = {AgentSetup.Key}\n{client}\n[allow::hosts]\nhost[] = 127.0.0.0/8\n[api]\npath = {root}/api.ini\n");
        WriteApi(root, agents);
        return await ReadyAsync(new RunningProxy(root, address, "proxy.ini"));
    }

    /// <summary>Starts one for jobs.</summary>
    /// <param name="folder">The test's.</param>
    /// <param name="address">Where it listens; the same again after its end is the same proxy, with its state.</param>
    /// <param name="hosts">Addresses of its hosts by name, with a port where it is not 3440; they are the group <c>all</c>.</param>
    /// <param name="more">Further lines of <c>[proxy]</c>.</param>
    public static Task<RunningProxy> StartJobsAsync(TempFolder folder, string address, IReadOnlyDictionary<string, string> hosts, string more = "") =>
        ReadyAsync(LaunchJobs(folder, address, hosts, more));

    /// <summary>The same without a wait.</summary>
    public static RunningProxy LaunchJobs(TempFolder folder, string address, IReadOnlyDictionary<string, string> hosts, string more = "", IReadOnlyDictionary<string, string?>? environment = null)
    {
        string root = folder["proxy-" + address];
        Directory.CreateDirectory(root);
        File.WriteAllText(Path.Combine(root, "proxy.toml"), $"""
            [proxy]
            listen = ["{address}:3441"]
            {more}
            [allow]
            hosts = ["127.0.0.0/8"]
            [legacy]
            mode = "loopback"
            [hosts]
            {string.Join('\n', hosts.Select(host => $"\"{host.Key}\" = {{ {Place(host.Value.Split(':'))}, wire = \"v1\" }}"))}
            [groups]
            all = "{string.Join(',', hosts.Keys)}"
            """ + "\n");
        return new RunningProxy(root, address, "proxy.toml", environment);
    }

    /// <summary>Writes the api file anew, for a SIGHUP.</summary>
    public void WriteApi(IEnumerable<string> agents) => WriteApi(root, agents);

    /// <summary><c>deploy client</c> in the original's form, through this proxy.</summary>
    public Task<ProgramRun> OrderAsync(string args, params IEnumerable<string> words) => ProgramRun.RunAsync(
        ["client", "--hosts", Address, "--args", args, "--thread-timeout", "60", "--socket-timeout", "60", .. words],
        new Dictionary<string, string?> { ["DEPLOY_API_KEY"] = ApiKey });

    private static string Place(string[] parts) => $"address = \"{parts[0]}\"{(parts.Length > 1 ? ", port = " + parts[1] : string.Empty)}";

    private static void WriteApi(string root, IEnumerable<string> agents) =>
        File.WriteAllText(Path.Combine(root, "api.ini"), $"[keys]\n{ApiKey}[] = web\n[servers]\n{string.Concat(agents.Select(agent => $"web[] = {agent}\n"))}");
}
