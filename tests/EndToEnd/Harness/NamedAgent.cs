using System.Globalization;
using Deploy.Processes.Native;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd.Harness;

/// <summary>An agent under the original's name, which goes to the background: found by its pid file; whatever is left of it is stopped at the end.</summary>
internal sealed class NamedAgent(AgentSetup setup) : IAsyncDisposable
{
    private readonly string links = Directory.CreateDirectory(Path.Combine(setup.Folder, "links-" + setup.Address)).FullName;

    public string PidFile => Path.Combine(setup.Root, "pid");

    /// <summary>The link's path.</summary>
    public string Program
    {
        get
        {
            string link = Path.Combine(links, "deploy-agent");
            if (!File.Exists(link))
            {
                File.CreateSymbolicLink(link, PublishedBinary.Path);
            }

            return link;
        }
    }

    /// <summary>What follows the name, but for <c>--debug</c>.</summary>
    public IReadOnlyList<string> Arguments => ["--path", setup.ConfigPath, "--state-dir", setup.StateDirectory, "--pid-file", PidFile, .. setup.Arguments];

    public int Pid => int.Parse(PidText.Of(PidFile), CultureInfo.InvariantCulture);

    /// <summary>Writes the files and starts it, to the end of the program that was started.</summary>
    public Task<ProgramRun> StartAsync(params string[] more)
    {
        setup.Write();
        return ProgramRun.RunAsync([.. Arguments, .. more], setup.Environment, link: Program);
    }

    /// <summary>SIGTERM, and waits until it is gone.</summary>
    public async Task StopAsync()
    {
        int pid = Pid;
        Assert.Equal(0, Libc.kill(pid, Libc.SIGTERM));
        await Eventually.TrueAsync(() => !ProcFacts.IsLive(pid));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (int pid in ProcFacts.WithArgument(setup.Root))
        {
            _ = Libc.kill(pid, Libc.SIGKILL);
            await Eventually.TrueAsync(() => !ProcFacts.IsLive(pid));
        }
    }
}
