using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Deploy.Processes.Native;
using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd;

/// <summary>Where it listens: sockets that a service manager hands down, ports below 1024, connections held back until they say something.</summary>
[Trait("Category", "EndToEnd")]
public class SocketTests
{
    /// <summary>A service manager in small: binds, puts the sockets at 3 and after, says so, and becomes the daemon.</summary>
    private const string Manager = """
        import os, socket, sys
        kind, addresses, program = sys.argv[1], sys.argv[2].split(","), sys.argv[3:]
        sockets = []
        for address in addresses:
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            host, port = address.split(":")
            s.bind((host, int(port)))
            if kind == "listening":
                s.listen(16)
            sockets.append(s)
        fds = [os.dup(s.fileno()) for s in sockets]
        fds = [os.dup2(fd, 20 + i) for i, fd in enumerate(fds)]
        for i, fd in enumerate(fds):
            os.dup2(fd, 3 + i, inheritable=True)
        os.closerange(3 + len(fds), 64)
        os.environ["LISTEN_FDS"] = str(len(fds))
        os.environ["LISTEN_PID"] = str(os.getpid() + (1 if kind == "other" else 0))
        os.execv(program[0], program)
        """;

    [Fact]
    public async Task Sockets_that_were_handed_down_are_served_and_stay_out_of_children()
    {
        using var folder = new TempFolder();
        string second = LoopbackAddress.Next();
        var setup = new AgentSetup(folder.Path) { Commands = "see = ls -l /proc/self/fd\nenvironment = env" };
        await using var agent = await ActivatedAgent.StartAsync(setup, "listening", $"{setup.Address}:3440,{second}:3440");
        await agent.SaysAsync($"listens on {setup.Address}:3440, {second}:3440, sockets of the service manager");
        await agent.SaysAsync($"the configuration says {setup.Address}:3440, and the service manager's sockets are");
        await agent.SaysAsync("accepts orders on");
        foreach (string address in new[] { setup.Address, second })
        {
            var seen = await ClientCall.RunAsync("exec see", address);
            Assert.Equal(0, seen.ExitCode);
            Assert.DoesNotContain("socket:", seen.Out, StringComparison.Ordinal);
            Assert.DoesNotContain("LISTEN_", (await ClientCall.RunAsync("exec environment", address)).Out, StringComparison.Ordinal);
        }

        agent.Signal(1); // SIGHUP: the same addresses are no change
        await agent.SaysAsync("the configuration was read again");
        Assert.DoesNotContain("needs a restart", agent.Log, StringComparison.Ordinal);
        Assert.Equal(0, await agent.StopAsync());
    }

    [Fact]
    public async Task Sockets_for_another_process_are_none_of_ours()
    {
        using var folder = new TempFolder();
        var setup = new AgentSetup(folder.Path);
        await using var agent = await ActivatedAgent.StartAsync(setup, "other", $"{LoopbackAddress.Next()}:3440");
        await agent.SaysAsync($"accepts orders on {setup.Address}:3440");
        Assert.DoesNotContain("service manager", agent.Log, StringComparison.Ordinal);
        Assert.Equal(0, await agent.StopAsync());
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("bound")]
    public async Task What_is_no_listening_socket_is_a_mistake(string kind)
    {
        using var folder = new TempFolder();
        await using var agent = await ActivatedAgent.StartAsync(new AgentSetup(folder.Path), kind, $"{LoopbackAddress.Next()}:3440");
        Assert.Equal(78, await agent.ExitAsync());
        Assert.Contains("deploy: error: descriptor 3, handed down as a socket, is no listening TCP socket\n", agent.Log, StringComparison.Ordinal);
    }

    [RootFact]
    public async Task A_port_below_1024_is_bound_before_root_is_given_up()
    {
        using var folder = new TempFolder();
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0x1ED); // 0755: the state directory in it is the user's then
        var setup = new AgentSetup(folder.Path) { Server = "user = nobody", Commands = "who = id -u", Arguments = ["--port", "440", "--pid-file", Path.Combine(folder.Path, "pid")] };
        await using var agent = await RunningAgent.StartAsync(setup);
        var run = await ClientCall.RunAsync("exec who", setup.Address + ":440");
        Assert.Equal(0, run.ExitCode);
        Assert.DoesNotContain("  0", run.Lines);
        Assert.Equal($"{agent.Pid}\n", PidText.Of(Path.Combine(folder.Path, "pid")));
        Assert.Equal(0, await agent.StopAsync());
        Assert.Equal(string.Empty, File.ReadAllText(Path.Combine(folder.Path, "pid"))); // its directory is root's, so it stays, and says nothing
    }

    [Fact]
    public async Task A_silent_connection_is_held_back_where_that_is_asked_for()
    {
        using var folder = new TempFolder();
        var setup = new AgentSetup(folder.Path) { Commands = "who = id -u", Arguments = ["--socket-accept-filter=on"] };
        await using var agent = await RunningAgent.StartAsync(setup);
        Assert.Equal(0, (await ClientCall.RunAsync("exec who", setup.Address)).ExitCode);
        int before = ProcFacts.Descriptors(agent.Pid);
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await silent.ConnectAsync(IPAddress.Parse(setup.Address), 3440);
        Assert.Equal(before, ProcFacts.Descriptors(agent.Pid)); // it has not been accepted; without the filter it would be, at once
    }

    /// <summary>A daemon behind the manager above.</summary>
    private sealed class ActivatedAgent : IAsyncDisposable
    {
        private readonly Process process;
        private readonly Task reading;
        private readonly Lock gate = new();
        private string said = string.Empty;

        private ActivatedAgent(Process process)
        {
            this.process = process;
            reading = ReadAsync();
        }

        public string Log
        {
            get
            {
                lock (gate)
                {
                    return said;
                }
            }
        }

        public static async Task<ActivatedAgent> StartAsync(AgentSetup setup, string kind, string addresses)
        {
            setup.Write();
            var start = new ProcessStartInfo("python3") { RedirectStandardError = true };
            foreach (string word in (string[])["-c", Manager, kind, addresses, PublishedBinary.Path, .. setup.CommandLine])
            {
                start.ArgumentList.Add(word);
            }

            await Task.Yield();
            return new ActivatedAgent(Process.Start(start)!);
        }

        public Task SaysAsync(string text) => Eventually.TrueAsync(() => Log.Contains(text, StringComparison.Ordinal), () => $"{text}\nin:\n{Log}");

        public void Signal(int signal) => Assert.Equal(0, Libc.kill(process.Id, signal));

        public Task<int> StopAsync()
        {
            Signal(Libc.SIGTERM);
            return ExitAsync();
        }

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
            }

            await ExitAsync();
            process.Dispose();
        }

        private async Task ReadAsync()
        {
            while (await process.StandardError.ReadLineAsync() is { } line)
            {
                lock (gate)
                {
                    said += line + "\n";
                }
            }
        }
    }
}
