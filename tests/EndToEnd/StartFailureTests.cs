using System.Net;
using System.Net.Sockets;
using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd;

/// <summary>An agent that cannot start: one error a line, a hint, the exit code, and never a stack trace.</summary>
[Trait("Category", "EndToEnd")]
public class StartFailureTests
{
    [Fact]
    public async Task A_configuration_that_is_not_there_is_78()
    {
        using var folder = new TempFolder();
        var run = await ProgramRun.RunAsync(["agent", "--config", folder["none.ini"]]);
        Assert.Equal(78, run.ExitCode);
        string[] said = [.. Said(run)];
        Assert.Equal(2, said.Length);
        Assert.StartsWith($"deploy: error: {folder["none.ini"]}: ", said[0], StringComparison.Ordinal);
        Assert.Equal("deploy: hint: write that file, or name another: deploy agent --config FILE", said[1]);
    }

    [Fact]
    public async Task Every_mistake_of_a_configuration_is_told_with_its_place()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["broken.ini"], "[server]\nport = none\nbacklog = -1\naddr = here\n[rsync::group::site]\ndest = rsync://h/m/\n");
        var run = await ProgramRun.RunAsync(["agent", "--config", folder["broken.ini"], "--state-dir", folder["state"]]);
        Assert.Equal(78, run.ExitCode);
        Assert.All(Said(run), line => Assert.StartsWith($"deploy: error: {folder["broken.ini"]}:", line, StringComparison.Ordinal));
        foreach (string place in new[] { ":2:8: ", ":3:11: ", ":4:8: " })
        {
            Assert.Single(Said(run), line => line.Contains(place, StringComparison.Ordinal));
        }

        Assert.False(Directory.Exists(folder["state"]));
    }

    [Fact]
    public async Task Ssl_without_a_key_that_can_be_used_is_refused_instead_of_plain_orders_taken()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["public.pem"], "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
        foreach (var (file, said) in new[] { ("/nowhere.pem", "the key file '/nowhere.pem' cannot be read: no such file"), (folder["public.pem"], "is a public key: expected the private key of the pair") })
        {
            var setup = new AgentSetup(folder.Path) { Server = "ssl = true\nssl_private_key = " + file };
            setup.Write();
            var run = await ProgramRun.RunAsync(setup.CommandLine);
            Assert.Equal(78, run.ExitCode);
            string error = Said(run).Single(line => line.StartsWith("deploy: error: ", StringComparison.Ordinal));
            Assert.StartsWith($"deploy: error: {setup.IniPath}:6:", error, StringComparison.Ordinal);
            Assert.Contains(said, error, StringComparison.Ordinal);
            Assert.StartsWith("deploy: hint: ", Said(run).Last(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_port_in_use_is_1_and_the_text_names_it()
    {
        using var folder = new TempFolder();
        var setup = new AgentSetup(folder.Path);
        setup.Write();
        using var taken = new TcpListener(IPAddress.Parse(setup.Address), 3440);
        taken.Start();
        var run = await ProgramRun.RunAsync(setup.CommandLine);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(2, Said(run).Count());
        Assert.Equal($"deploy: error: cannot listen on {setup.Address}:3440: Address already in use", Said(run).First());
        Assert.StartsWith("deploy: hint: ", Said(run).Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_of_another_host_is_1()
    {
        using var folder = new TempFolder();
        var setup = new AgentSetup(folder.Path) { Arguments = ["--addr", "192.0.2.1"] };
        setup.Write();
        var run = await ProgramRun.RunAsync(setup.CommandLine);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal("deploy: error: cannot listen on 192.0.2.1:3440: Cannot assign requested address", Said(run).First());
    }

    [Theory]
    [InlineData("--nope")]
    [InlineData("--port", "70000")]
    [InlineData("--port", "x")]
    [InlineData("--port")]
    [InlineData("--addr", "here")]
    [InlineData("--backlog", "0")]
    [InlineData("--shutdown-grace", "-1")]
    [InlineData("--shutdown-grace", "soon")]
    [InlineData("more")]
    public async Task Wrong_usage_is_64(params string[] arguments)
    {
        var run = await ProgramRun.RunAsync(["agent", .. arguments]);
        Assert.Equal((64, string.Empty), (run.ExitCode, run.Out));
        Assert.Equal(2, run.ErrorLines.Count);
        Assert.StartsWith("deploy: error: ", run.ErrorLines[0], StringComparison.Ordinal);
        Assert.Equal("deploy: hint: see deploy agent --help", run.ErrorLines[1]);
    }

    [Fact]
    public async Task The_help_names_every_option()
    {
        var run = await ProgramRun.RunAsync(["agent", "--help"]);
        Assert.Equal((0, string.Empty), (run.ExitCode, run.Error));
        Assert.All(["--config", "--state-dir", "--addr", "--port", "--backlog", "--socket-timeout", "--max-process-timeout", "--shutdown-grace", "--debug"], option => Assert.Contains(option, run.Out, StringComparison.Ordinal));
    }

    /// <summary>What is said besides warnings; nowhere a stack trace.</summary>
    private static IEnumerable<string> Said(ProgramRun run)
    {
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", run.Error, StringComparison.Ordinal);
        Assert.Equal(string.Empty, run.Out);
        return run.ErrorLines.Where(line => !line.Contains("Z warning ", StringComparison.Ordinal));
    }
}
