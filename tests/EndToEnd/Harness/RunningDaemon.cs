using System.Diagnostics;
using Deploy.Processes.Native;
using Xunit;

namespace Deploy.Tests.EndToEnd.Harness;

/// <summary>A published daemon in a process of its own, with what it logs; stopped and waited for at its end, with whatever it started.</summary>
/// <param name="start">Its command line, behind the program's name, and what it runs in.</param>
/// <param name="root">Its own folder, whose path stands in the arguments of whatever it starts there.</param>
internal abstract class RunningDaemon(Process start, string root) : IAsyncDisposable
{
    private const string ReadyText = "accepts orders on";

    private readonly Lock gate = new();
    private readonly List<string> lines = [];
    private Task? reading;

    public int Pid { get; } = start.Id;

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

    public bool HasExited => start.HasExited;

    /// <summary>Live processes that it started, its forks' forks too; also after its own end.</summary>
    public IReadOnlyList<int> Children => [.. ProcFacts.WithArgument(root).Concat(ProcFacts.ChildrenOf(Pid)).Where(pid => pid != Pid).Distinct()];

    /// <summary>Waits until it accepts orders; fails with its log when it ends instead.</summary>
    public Task ReadyAsync() => LogHasAsync(ReadyText);

    /// <summary>Waits for a line with this text, after the first <paramref name="after"/> lines.</summary>
    public async Task<string> LogHasAsync(string text, int after = 0)
    {
        string? Found() => Log.Skip(after).FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal));
        await Eventually.TrueAsync(() => Found() is not null || reading!.IsCompleted, () => $"{text}\nin the log:\n{LogText}");
        return Found() ?? throw new Xunit.Sdk.XunitException($"the daemon ended and had not said '{text}':\n{LogText}");
    }

    /// <summary>Sends a signal.</summary>
    public void Signal(int signal) => Assert.Equal(0, Libc.kill(Pid, signal));

    /// <summary>Waits for its end; its exit code, 128 and the signal for one that was killed.</summary>
    public async Task<int> ExitAsync()
    {
        try
        {
            await Task.WhenAll(start.WaitForExitAsync(), reading!).WaitAsync(ProgramRun.Limit);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"the daemon did not end within {ProgramRun.Limit.TotalSeconds} s:\n{LogText}");
        }

        return start.ExitCode;
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
        if (!start.HasExited)
        {
            var left = Children;
            start.Kill();
            await start.WaitForExitAsync();
            Kill(left);
        }

        Kill(Children);
        await reading!.WaitAsync(ProgramRun.Limit);
        start.Dispose();
    }

    /// <summary>Begins to read what it logs; called once, by the maker.</summary>
    protected void Read() => reading = ReadAsync(start.StandardError);

    /// <summary>The daemon once it accepts orders; else nothing is left of it.</summary>
    protected static async Task<T> ReadyAsync<T>(T daemon)
        where T : RunningDaemon
    {
        try
        {
            await daemon.ReadyAsync();
            return daemon;
        }
        catch
        {
            await daemon.DisposeAsync();
            throw;
        }
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
