using System.Net;
using System.Net.Sockets;
using Deploy.Processes.Native;
using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd;

/// <summary>The original's name: to the background once ready; what goes wrong until then is told to whoever started it.</summary>
[Trait("Category", "EndToEnd")]
public class BackgroundTests
{
    private const int SigInt = 2; // signal(7)

    [Fact]
    public async Task It_takes_orders_when_the_command_has_ended_and_stops_without_a_trace()
    {
        using var folder = new TempFolder();
        var setup = new AgentSetup(folder.Path) { Commands = "who = id -u" };
        await using var agent = new NamedAgent(setup);
        var run = await agent.StartAsync("--max-prefork=5", "--bogus");
        Assert.Equal((0, string.Empty), (run.ExitCode, run.Out));
        Assert.Contains("Unknown option: bogus", run.ErrorLines);
        Assert.Single(run.ErrorLines, line => line.Contains(" warning --max-prefork has no effect", StringComparison.Ordinal));
        Assert.Single(run.ErrorLines, line => line.Contains($"accepts orders on {setup.Address}:3440", StringComparison.Ordinal));
        Assert.Single(run.ErrorLines, line => line.Contains("nothing is logged from here on: set log_write", StringComparison.Ordinal));
        Assert.Equal(0, (await ClientCall.RunAsync("exec who", setup.Address)).ExitCode);

        int pid = agent.Pid;
        Assert.Equal($"deploy::agent: master process deploy-agent --config={setup.ConfigPath} --state-dir={setup.StateDirectory} --pid-file={agent.PidFile} --max-prefork=5", ProcFacts.Arguments(pid).TrimEnd());
        Assert.Equal("deploy-agent", ProcFacts.Status(pid, "Name"));
        Assert.Equal("0022", ProcFacts.Status(pid, "Umask"));
        Assert.Equal("/", new FileInfo($"/proc/{pid}/cwd").LinkTarget);
        Assert.Equal(["/dev/null", "/dev/null", "/dev/null"], new[] { 0, 1, 2 }.Select(fd => new FileInfo($"/proc/{pid}/fd/{fd}").LinkTarget!));
        Assert.Equal(pid, Libc.getsid(pid)); // no terminal to be hung up by
        await agent.StopAsync();
        Assert.False(File.Exists(agent.PidFile));
        Assert.Empty(ProcFacts.WithArgument(setup.Root));
    }

    [Fact]
    public async Task A_secret_of_the_command_line_is_in_no_process_list()
    {
        using var folder = new TempFolder();
        var setup = new AgentSetup(folder.Path) { Commands = "who = id -u", Arguments = ["--key-cipher", "hush-hush"] };
        await using var agent = new NamedAgent(setup);
        Assert.Equal(0, (await agent.StartAsync()).ExitCode);
        Assert.DoesNotContain("hush", ProcFacts.Arguments(agent.Pid), StringComparison.Ordinal);
        Assert.Equal(12, (await ClientCall.RunAsync("exec who", setup.Address)).ExitCode); // the file's key is not in force
        var with = await ProgramRun.RunAsync(["client", "exec", "who", "--hosts", setup.Address], new Dictionary<string, string?> { ["DEPLOY_KEY_CIPHER"] = "hush-hush" });
        Assert.Equal(0, with.ExitCode);
    }

    [Fact]
    public async Task A_mistake_of_the_configuration_is_told_and_nothing_is_left()
    {
        using var folder = new TempFolder();
        var setup = new AgentSetup(folder.Path) { Server = "backlog = many" };
        await using var agent = new NamedAgent(setup);
        var run = await agent.StartAsync();
        Assert.Equal(78, run.ExitCode);
        Assert.Single(run.ErrorLines, line => line.StartsWith($"deploy: error: {setup.IniPath}:", StringComparison.Ordinal));
        AssertNothingLeft(setup, agent);
    }

    [Fact]
    public async Task A_port_in_use_and_a_second_start_are_told()
    {
        using var folder = new TempFolder();
        var setup = new AgentSetup(folder.Path);
        await using var agent = new NamedAgent(setup);
        using (var taken = new TcpListener(IPAddress.Parse(setup.Address), 3440))
        {
            taken.Start();
            var run = await agent.StartAsync();
            Assert.Equal(1, run.ExitCode);
            Assert.Single(run.ErrorLines, line => line.StartsWith($"deploy: error: cannot listen on {setup.Address}:3440: ", StringComparison.Ordinal));
            AssertNothingLeft(setup, agent);
        }

        Assert.Equal(0, (await agent.StartAsync()).ExitCode);
        int pid = agent.Pid;
        var second = await agent.StartAsync();
        Assert.Equal(1, second.ExitCode);
        Assert.Single(second.ErrorLines, line => line.StartsWith("deploy: error: ", StringComparison.Ordinal));
        Assert.Equal(pid, agent.Pid);
        Assert.True(ProcFacts.IsLive(pid));
    }

    [Theory]
    [InlineData("--port", "x")]
    [InlineData("--log-write", "perhaps")]
    public async Task Wrong_usage_is_1_and_the_usage_is_shown(params string[] arguments)
    {
        using var folder = new TempFolder();
        await using var agent = new NamedAgent(new AgentSetup(folder.Path));
        var run = await agent.StartAsync(arguments);
        Assert.Equal((1, string.Empty), (run.ExitCode, run.Out));
        Assert.StartsWith($"deploy: error: {arguments[0]} takes ", run.ErrorLines[0], StringComparison.Ordinal);
        Assert.Equal("usage: deploy-agent [OPTION...]", run.ErrorLines[1]);
    }

    [Fact]
    public async Task Told_to_stop_before_it_is_ready_it_stops_the_daemon()
    {
        using var folder = new TempFolder();
        var setup = new AgentSetup(folder.Path);
        await using var agent = new NamedAgent(setup);
        using var stubborn = await Bystander.StartAsync(ignoresTerm: true); // what a killed agent left holds the start up for some seconds
        Leftover.Put(setup, Leftover.Of(stubborn.Pid));
        setup.Write();
        using var process = ProgramRun.Start(agent.Arguments, link: agent.Program);
        var error = process.StandardError.ReadToEndAsync();
        await Eventually.TrueAsync(() => ProcFacts.WithArgument(setup.Root).Any(pid => pid != process.Id) && File.Exists(agent.PidFile));
        Assert.Equal(0, Libc.kill(process.Id, SigInt));
        await process.WaitForExitAsync().WaitAsync(ProgramRun.Limit);
        Assert.Equal(130, process.ExitCode);
        Assert.Contains("stopped before it was ready", await error, StringComparison.Ordinal);
        AssertNothingLeft(setup, agent);
    }

    [Fact]
    public async Task With_debug_it_stays_in_the_foreground()
    {
        using var folder = new TempFolder();
        var setup = new AgentSetup(folder.Path);
        await using var agent = new NamedAgent(setup);
        setup.Write();
        using var process = ProgramRun.Start([.. agent.Arguments, "--debug"], link: agent.Program);
        var error = process.StandardError.ReadToEndAsync();
        await Eventually.TrueAsync(() => File.Exists(agent.PidFile));
        Assert.Equal(process.Id, agent.Pid);
        await Eventually.TrueAsync(() => ProcFacts.Arguments(process.Id).StartsWith("deploy::agent: master process deploy-agent --config=", StringComparison.Ordinal));
        Assert.Equal(0, Libc.kill(process.Id, Libc.SIGTERM));
        await process.WaitForExitAsync().WaitAsync(ProgramRun.Limit);
        Assert.Equal(0, process.ExitCode);
        Assert.Contains("stopped", await error, StringComparison.Ordinal);
        AssertNothingLeft(setup, agent);
    }

    [Fact]
    public async Task The_proxy_likewise()
    {
        using var folder = new TempFolder();
        string link = folder["deploy-proxy"], pidFile = folder["pid"], address = LoopbackAddress.Next();
        File.CreateSymbolicLink(link, PublishedBinary.Path);
        File.WriteAllText(folder["proxy.ini"], $"[server]\naddr = {address}\nprocess_name = relay:\n[allow::hosts]\nhost[] = 127.0.0.0/8\n");
        var run = await ProgramRun.RunAsync(["-path", folder["proxy.ini"], "--state-dir", folder["state"], "--pid-file", pidFile, "--key-cipher", "hush-hush", "--client-key-cipher=hush-hush"], link: link);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Single(run.ErrorLines, line => line.Contains(" warning --key-cipher has no effect", StringComparison.Ordinal));
        int pid = int.Parse(PidText.Of(pidFile), System.Globalization.CultureInfo.InvariantCulture);
        try
        {
            Assert.Equal($"relay: master process deploy-proxy --config={folder["proxy.ini"]} --state-dir={folder["state"]} --pid-file={pidFile}", ProcFacts.Arguments(pid).TrimEnd());
            var answer = await ProgramRun.RunAsync(["client", "--order=status", "--options=x", "--args=groups:web", "--hosts", address, "--api-key=none"]);
            Assert.Contains("You don't have permisson to access on this", answer.Out, StringComparison.Ordinal);
        }
        finally
        {
            _ = Libc.kill(pid, Libc.SIGTERM);
            await Eventually.TrueAsync(() => !ProcFacts.IsLive(pid));
        }

        Assert.False(File.Exists(pidFile));
    }

    private static void AssertNothingLeft(AgentSetup setup, NamedAgent agent)
    {
        Assert.Empty(ProcFacts.WithArgument(setup.Root));
        Assert.False(File.Exists(agent.PidFile));
    }
}
