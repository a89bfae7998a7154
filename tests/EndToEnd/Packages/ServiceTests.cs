using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd.Packages;

/// <summary>The units and the init script of packaging/.</summary>
[Trait("Category", "EndToEnd")]
public class ServiceTests
{
    [ToolFact("dash", AsRoot = true)]
    public Task The_init_script_runs_an_agent_under_dash() => InitScriptAsync("dash");

    [ToolFact("bash", AsRoot = true)]
    public Task The_init_script_runs_an_agent_under_bash() => InitScriptAsync("bash");

    /// <summary>An empty root with the units, the binary and a shell, so that this host's own units are not asked.</summary>
    [ToolFact("systemd-analyze")]
    public async Task Systemd_takes_the_units()
    {
        using var folder = new TempFolder();
        string units = folder["usr/lib/systemd/system"];
        Directory.CreateDirectory(folder["usr/bin"]);
        Directory.CreateDirectory(folder["bin"]);
        Directory.CreateDirectory(units);
        File.Copy(PublishedBinary.Path, folder["usr/bin/deploy"]);
        File.Copy("/bin/sh", folder["bin/sh"]);
        foreach (string unit in Directory.GetFiles("/usr/lib/systemd/system", "*.target").Concat(Directory.GetFiles(ShellRun.Repository("packaging/systemd"), "deploy-*")))
        {
            File.Copy(unit, Path.Combine(units, Path.GetFileName(unit)));
        }

        Directory.CreateDirectory(folder["etc/systemd/system/deploy-agent.service.d"]);
        string[] ours = [.. Directory.GetFiles(units, "deploy-*").Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
        Assert.Equal(["deploy-agent.service", "deploy-agent.socket", "deploy-proxy.service", "deploy-proxy.socket"], ours);
        foreach (bool hardened in new[] { false, true })
        {
            if (hardened)
            {
                File.Copy(ShellRun.Repository("packaging/systemd/hardened-agent.conf"), folder["etc/systemd/system/deploy-agent.service.d/hardened.conf"]);
            }

            var run = await ShellRun.RunAsync("systemd-analyze", ["verify", "--man=no", "--root=" + folder.Path, .. ours]);
            Assert.True(run.ExitCode == 0 && !run.Text.Contains("deploy", StringComparison.Ordinal), run.Text); // what it says of others is theirs
        }
    }

    private static async Task InitScriptAsync(string shell)
    {
        using var folder = new TempFolder();
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0x1ED); // 0755: another user asks for its status
        string text = await ShellRun.DoneAsync(
            "timeout", "200", "sh", ShellRun.Script("init-script.sh"), shell, ShellRun.Repository(string.Empty), PublishedBinary.Path, folder.Path, LoopbackAddress.Next());
        Assert.EndsWith("ok\n", text, StringComparison.Ordinal);
    }
}
