using System.Globalization;
using Deploy.Model;

namespace Deploy.Bench.Stage;

/// <summary>What one scenario stands on: the binary, a folder of its own, addresses, and everything that it started. At its end that is stopped and the folder removed.</summary>
internal sealed class Scene : IDisposable
{
    /// <summary>The agents' key_cipher.</summary>
    public static readonly Secret Key = new("bench");

    /// <summary>What opens the proxy's group.</summary>
    public static readonly Secret ApiKey = new("bench-api-key");

    /// <summary>The longest that any one measured command may take.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private static readonly Dictionary<string, string> Environment = new()
    {
        ["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin",
        ["LC_ALL"] = "C.UTF-8", // what the agent gives its children: rsync prints names by it
        ["HOME"] = "/",
        ["DEPLOY_KEY_CIPHER"] = Key.Reveal(),
        ["DEPLOY_API_KEY"] = ApiKey.Reveal(),
    };

    private readonly List<Command> started = [];
    private readonly Dictionary<string, string> withoutKeys;
    private int addresses;
    private string? inMemory;

    /// <param name="binary">The published deploy, absolute.</param>
    /// <param name="folder">To be made and removed.</param>
    /// <param name="stop">Ends everything.</param>
    /// <exception cref="BenchError">There is no binary.</exception>
    public Scene(string binary, string folder, CancellationToken stop)
    {
        if (!File.Exists(binary))
        {
            throw new BenchError($"there is no {binary}: ./build publish");
        }

        (Binary, Folder, Stop) = (binary, folder, stop);
        withoutKeys = new(Environment) { ["XDG_STATE_HOME"] = folder };
        withoutKeys.Remove("DEPLOY_KEY_CIPHER");
        withoutKeys.Remove("DEPLOY_API_KEY");
        Directory.CreateDirectory(folder);
        File.WriteAllText(KeyFile, Key.Reveal() + "\n");
        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead);
    }

    public string Binary { get; }

    public string Folder { get; }

    /// <summary>Holds <see cref="Key"/>.</summary>
    public string KeyFile => Place("key");

    public CancellationToken Stop { get; }

    /// <summary>The absolute path of a peer's program.</summary>
    /// <exception cref="BenchError">It is not installed.</exception>
    public static string Program(string name) =>
        Environment["PATH"].Split(':').Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists)
            ?? throw new BenchError($"{name} is not installed: ./build bench installs it");

    /// <summary>A folder in memory: for what would lie on as many disks as there are hosts.</summary>
    /// <exception cref="BenchError">There is no /dev/shm.</exception>
    public string InMemory
    {
        get
        {
            if (inMemory is null && !Directory.Exists("/dev/shm"))
            {
                throw new BenchError("there is no /dev/shm: the states of many agents would share one disk");
            }

            return inMemory ??= Directory.CreateDirectory($"/dev/shm/deploy-bench-{System.Environment.ProcessId}").FullName;
        }
    }

    /// <summary>A path in the folder.</summary>
    public string Place(string name) => Path.Combine(Folder, name);

    /// <summary>An address out of 127.0.0.0/8 that no other run uses at the same time, mostly.</summary>
    public string NextAddress()
    {
        int number = addresses++;
        return string.Create(CultureInfo.InvariantCulture, $"127.{20 + (number / 250)}.{System.Environment.ProcessId % 250}.{1 + (number % 250)}");
    }

    /// <summary>The words that start this program again.</summary>
    public static IReadOnlyList<string> Self(params IReadOnlyList<string> words) => [System.Environment.ProcessPath!, .. words];

    /// <summary>Starts what runs beside the measured commands; it is stopped at the end, the last started first.</summary>
    /// <param name="logPath">Where its stdout and stderr go.</param>
    /// <param name="words">An absolute path, and the arguments.</param>
    public Command Start(string logPath, params IReadOnlyList<string> words)
    {
        Stop.ThrowIfCancellationRequested();
        var command = Command.Start(words, Environment, logPath);
        started.Add(command);
        return command;
    }

    /// <summary>Starts a program on a terminal; whoever asked ends it, at the latest the scene does.</summary>
    public Command StartOn(PseudoTerminal terminal, params IReadOnlyList<string> words)
    {
        Stop.ThrowIfCancellationRequested();
        var command = Command.StartOn(words, new Dictionary<string, string>(withoutKeys) { ["TERM"] = "xterm-256color" }, terminal.Path);
        started.Add(command);
        return command;
    }

    /// <summary>Runs a command to its end, its output thrown away; milliseconds from before its start to its end.</summary>
    public double Time(params IReadOnlyList<string> words) => Command.Time(words, Environment, Limit, Stop).TotalMilliseconds;

    /// <summary><c>deploy client ORDER… --hosts …</c>, timed likewise; every host must be ok.</summary>
    public double TimeClient(string order, IEnumerable<Agent> agents) =>
        Time([Binary, "client", .. order.Split(' '), "--hosts", string.Join(',', agents.Select(agent => agent.Address))]);

    /// <summary>The same as a job: by v1, which takes no key.</summary>
    public double TimeJob(string order, Agent agent) => Command.Time([Binary, "client", .. order.Split(' '), "--hosts", agent.Address], withoutKeys, Limit, Stop).TotalMilliseconds;

    /// <summary>The same, signed by this operator, over TLS.</summary>
    public double TimeSigned(string order, Agent agent, Keys keys) =>
        Command.Time([Binary, "client", .. order.Split(' '), "--hosts", agent.Address, "--identity", keys.Identity, "--known-agents", keys.KnownAgents], withoutKeys, Limit, Stop).TotalMilliseconds;

    public void Dispose()
    {
        started.Reverse();
        started.ForEach(command => command.Terminate()); // all at once, then the waiting
        started.ForEach(command => command.Dispose());

        Directory.Delete(Folder, recursive: true);
        if (inMemory is not null)
        {
            Directory.Delete(inMemory, recursive: true);
        }
    }
}
