using System.Diagnostics;
using Deploy.Processes.Native;
using Xunit;

namespace Deploy.Tests.EndToEnd.Harness;

/// <summary>A published agent in a process of its own, with what it logs; stopped and waited for at its end, with whatever it started.</summary>
internal sealed class RunningAgent : IAsyncDisposable
{
    private const string ReadyText = "accepts orders on";

    private readonly Process process;
    private readonly Task reading;
    private readonly Lock gate = new();
    private readonly List<string> lines = [];

    private RunningAgent(AgentSetup setup)
    {
        Setup = setup;
        process = ProgramRun.Start(setup.CommandLine, setup.Environment, setup.Within);
        reading = ReadAsync(process.StandardError);
    }

    public AgentSetup Setup { get; }

    /// <summary>For <c>--hosts</c>.</summary>
    public string Address => Setup.Address;

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

    public bool HasExited => process.HasExited;

    /// <summary>Live processes that it started, its forks' forks too; also after its own end.</summary>
    public IReadOnlyList<int> Children => [.. ProcFacts.WithArgument(Setup.Root).Concat(ProcFacts.ChildrenOf(Pid)).Where(pid => pid != Pid).Distinct()];

    /// <summary>Writes the files, starts it and waits until it accepts orders.</summary>
    public static async Task<RunningAgent> StartAsync(AgentSetup setup)
    {
        var agent = Launch(setup);
        try
        {
            await agent.ReadyAsync();
            return agent;
        }
        catch
        {
            await agent.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes the files and starts it, without a wait.</summary>
    public static RunningAgent Launch(AgentSetup setup)
    {
        setup.Write();
        return new RunningAgent(setup);
    }

    /// <summary>Waits until it accepts orders; fails with its log when it ends instead.</summary>
    public Task ReadyAsync() => LogHasAsync(ReadyText);

    /// <summary>Waits for a line with this text, after the first <paramref name="after"/> lines.</summary>
    public async Task<string> LogHasAsync(string text, int after = 0)
    {
        string? Found() => Log.Skip(after).FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal));
        await Eventually.TrueAsync(() => Found() is not null || reading.IsCompleted, () => $"{text}\nin the log:\n{LogText}");
        return Found() ?? throw new Xunit.Sdk.XunitException($"the agent ended and had not said '{text}':\n{LogText}");
    }

    /// <summary>Sends a signal.</summary>
    public void Signal(int signal) => Assert.Equal(0, Libc.kill(Pid, signal));

    /// <summary>Waits for its end; its exit code, 128 and the signal for one that was killed.</summary>
    public async Task<int> ExitAsync()
    {
        try
        {
            await Task.WhenAll(process.WaitForExitAsync(), reading).WaitAsync(ProgramRun.Limit);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"the agent did not end within {ProgramRun.Limit.TotalSeconds} s:\n{LogText}");
        }

        return process.ExitCode;
    }

    /// <summary>SIGTERM, and its exit code.</summary>
    public Task<int> StopAsync()
    {
        Signal(Libc.SIGTERM);
        return ExitAsync();
    }

    /// <summary>SIGKILL, and waits until it is gone; its children are not told.</summary>
    public async Task KillAsync()
    {
        Signal(Libc.SIGKILL);
        await ExitAsync();
    }

    /// <summary>Waits until nothing that it started is left.</summary>
    public Task NoChildrenAsync() => Eventually.TrueAsync(() => Children.Count == 0, () => string.Join('\n', Children.Select(pid => $"{pid} {ProcFacts.Arguments(pid)}")));

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            var left = Children;
            process.Kill();
            await process.WaitForExitAsync();
            Kill(left);
        }

        Kill(Children);
        await reading.WaitAsync(ProgramRun.Limit);
        process.Dispose();
    }

    private static void Kill(IEnumerable<int> pids)
    {
        foreach (int pid in pids)
        {
            _ = Libc.kill(pid, Libc.SIGKILL);
        }
    }

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
