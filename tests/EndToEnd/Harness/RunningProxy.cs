using System.Diagnostics;
using Deploy.Processes.Native;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd.Harness;

/// <summary>A published proxy in a process of its own, from an INI and an api file, with what it logs; one group, <c>web</c>.</summary>
internal sealed class RunningProxy : IAsyncDisposable
{
    private const string ApiKey = "end-to-end-api-key";

    private readonly Process process;
    private readonly Task reading;
    private readonly Lock gate = new();
    private readonly List<string> lines = [];
    private readonly string root;

    private RunningProxy(string root, string address)
    {
        (this.root, Address) = (root, address);
        process = ProgramRun.Start(["proxy", "--config", Path.Combine(root, "proxy.ini"), "--state-dir", Path.Combine(root, "state")]);
        reading = ReadAsync(process.StandardError);
    }

    /// <summary>Where it listens, on port 3441.</summary>
    public string Address { get; }

    public int Pid => process.Id;

    /// <summary>What it wrote to stderr until now.</summary>
    public IReadOnlyList<string> Log
    {
        get
        {
            lock (gate)
            {
                return [.. lines];
            }
        }
    }

    /// <summary>All of <see cref="Log"/>.</summary>
    public string LogText => string.Join('\n', Log);

    /// <summary>Starts it and waits until it accepts orders.</summary>
    /// <param name="folder">The test's.</param>
    /// <param name="agents">The group's hosts.</param>
    /// <param name="client">Further lines of <c>[client]</c>.</param>
    public static async Task<RunningProxy> StartAsync(TempFolder folder, IEnumerable<string> agents, string client)
    {
        string address = LoopbackAddress.Next(), root = folder["proxy-" + address];
        Directory.CreateDirectory(root);
        await File.WriteAllTextAsync(Path.Combine(root, "proxy.ini"), $"[server]\naddr = {address}\n[client]\nkey_cipher = {AgentSetup.Key}\n{client}\n[allow::hosts]\nhost[] = 127.0.0.0/8\n[api]\npath = {root}/api.ini\n");
        WriteApi(root, agents);
        var proxy = new RunningProxy(root, address);
        try
        {
            await proxy.LogHasAsync("accepts orders on");
            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes the api file anew, for a SIGHUP.</summary>
    public void WriteApi(IEnumerable<string> agents) => WriteApi(root, agents);

    /// <summary><c>deploy client</c> in the original's form, through this proxy.</summary>
    public Task<ProgramRun> OrderAsync(string args, params IEnumerable<string> words) => ProgramRun.RunAsync(
        ["client", "--hosts", Address, "--args", args, "--thread-timeout", "60", "--socket-timeout", "60", .. words],
        new Dictionary<string, string?> { ["DEPLOY_API_KEY"] = ApiKey });

    /// <summary>Waits for a line with this text.</summary>
    public async Task LogHasAsync(string text)
    {
        bool Found() => Log.Any(line => line.Contains(text, StringComparison.Ordinal));
        await Eventually.TrueAsync(() => Found() || reading.IsCompleted, () => $"{text}\nin the log:\n{LogText}");
        Assert.True(Found(), $"the proxy ended and had not said '{text}':\n{LogText}");
    }

    /// <summary>Sends a signal.</summary>
    public void Signal(int signal) => Assert.Equal(0, Libc.kill(Pid, signal));

    /// <summary>Waits for its end; its exit code.</summary>
    public async Task<int> ExitAsync()
    {
        await Task.WhenAll(process.WaitForExitAsync(), reading).WaitAsync(ProgramRun.Limit);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        await reading.WaitAsync(ProgramRun.Limit);
        process.Dispose();
    }

    private static void WriteApi(string root, IEnumerable<string> agents) =>
        File.WriteAllText(Path.Combine(root, "api.ini"), $"[keys]\n{ApiKey}[] = web\n[servers]\n{string.Concat(agents.Select(agent => $"web[] = {agent}\n"))}");

    private async Task ReadAsync(StreamReader stream)
    {
        while (await stream.ReadLineAsync() is { } line)
        {
            lock (gate)
            {
                lines.Add(line);
            }
        }
    }
}
