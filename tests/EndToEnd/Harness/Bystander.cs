using System.Diagnostics;
using Deploy.Processes.Native;

namespace Deploy.Tests.EndToEnd.Harness;

/// <summary>A process in a session of its own that an agent has no business with (or had, by a forged record); killed and reaped at its end.</summary>
internal sealed class Bystander : IDisposable
{
    private readonly Process process;

    private Bystander(Process process) => this.process = process;

    public int Pid => process.Id;

    public bool IsLive => ProcFacts.IsLive(Pid);

    /// <summary>Sleeps on; <paramref name="ignoresTerm"/> makes it one that ends of KILL alone.</summary>
    public static async Task<Bystander> StartAsync(bool ignoresTerm = false)
    {
        var start = new ProcessStartInfo("/usr/bin/setsid") { RedirectStandardOutput = true };
        foreach (string word in new[] { "/bin/sh", "-c", (ignoresTerm ? "trap '' TERM; " : string.Empty) + "echo ready; exec sleep 600" })
        {
            start.ArgumentList.Add(word);
        }

        var bystander = new Bystander(Process.Start(start)!);
        await bystander.process.StandardOutput.ReadLineAsync().WaitAsync(Eventually.Limit); // By now it has its session, and sh its trap.
        return bystander;
    }

    public void Dispose()
    {
        _ = Libc.kill(-Pid, Libc.SIGKILL);
        process.WaitForExit();
        process.Dispose();
    }
}
