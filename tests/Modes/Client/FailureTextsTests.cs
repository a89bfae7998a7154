using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Deploy.Jobs.Syncs;
using Deploy.Modes;
using Deploy.Output;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Modes.Client;

/// <summary>What an operator reads when a sync fails: the whole way from rsync through agent and wire to the client's table.</summary>
public sealed partial class FailureTextsTests : IDisposable
{
    private const int Timeout = 300_000;

    private readonly TempFolder folder = new();
    private readonly RsyncDaemon daemon;

    public FailureTextsTests()
    {
        foreach (string name in new[] { "origin", "conf", "dst", "dst/read-only", "dst/full", "locked-away" })
        {
            Directory.CreateDirectory(folder[name]);
        }

        File.WriteAllBytes(folder["origin/big"], new byte[1 << 20]);
        File.WriteAllText(folder["origin/small"], "x");
        File.WriteAllText(folder["dst/is-a-file"], "x");
        daemon = RsyncDaemon.Start(folder["conf"],
        [
            new RsyncModule("site", folder["origin"]), new RsyncModule("secret", folder["origin"]) { User = "bob" }, new RsyncModule("gone", folder["nowhere"]),
        ]);
    }

    public void Dispose()
    {
        daemon.Dispose();
        folder.Dispose();
    }

    [Fact(Timeout = Timeout)]
    public async Task Every_failure_has_a_line_of_its_own_with_host_thing_and_next_step()
    {
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // taken, and nobody listens
        await ReadAsync("FailureTexts",
        [
            Group("rsync-missing") with { Rsync = folder["no-rsync"] },
            Group("rsync-not-executable") with { Rsync = Script("data", "", executable: false) },
            Group("rsync-too-old") with { Rsync = Script("rsync-2.6.9", "echo 'rsync  version 2.6.9  protocol version 29'") },
            Group("rsync-is-something-else") with { Rsync = Script("other", "echo 'usage: other FILE'") },
            Group("origin-refused") with { Origin = $"rsync://127.0.0.1:{((IPEndPoint)closed.LocalEndPoint!).Port}/site/" },
            Group("origin-unresolvable") with { Origin = "no-such-host.invalid::site/" },
            Group("module-unknown") with { Origin = daemon.Url("nosuch") },
            Group("module-without-directory") with { Origin = daemon.Url("gone") },
            Group("authentication-failed") with { Origin = daemon.Url("secret", user: "bob") },
            Group("path-missing-in-module") with { Origin = daemon.Url("site", "no/such/") },
            Group("option-unknown") with { Options = ["--archive", "--no-such-option"] },
            Group("parent-missing") with { Target = folder["dst/no/such/parent"] },
            Group("target-is-a-file") with { Target = folder["dst/is-a-file"] },
            Group("target-not-allowed") with { Target = "/opt/elsewhere" },
        ]);
    }

    [MountFact(Timeout = Timeout)]
    public async Task A_full_and_a_read_only_target_are_told_apart()
    {
        Assert.Equal(0, Run("mount", "-t", "tmpfs", "-o", "size=64k", "none", folder["dst/full"]));
        Assert.Equal(0, Run("mount", "-t", "tmpfs", "-o", "size=64k,ro", "none", folder["dst/read-only"]));
        try
        {
            await ReadAsync("FailureTextsOfDisks", [Group("disk-full") with { Target = folder["dst/full"] }, Group("target-read-only") with { Target = folder["dst/read-only"] }]);
        }
        finally
        {
            Run("umount", "-l", folder["dst/full"]);
            Run("umount", "-l", folder["dst/read-only"]);
        }
    }

    private SyncGroup Group(string name) => new() { Name = name, Origin = daemon.Url("site"), Target = folder["dst/" + name] };

    /// <summary>Orders a sync of each group, and holds all that the client printed against the golden file.</summary>
    private async Task ReadAsync(string golden, SyncGroup[] groups)
    {
        await using var agent = await AgentFixture.StartAsync(settings => settings with
        {
            Names = ["web1"],
            AllowedPaths = [folder["dst"]],
            Groups = groups.ToDictionary(group => group.Name),
        }, time: new ManualTime(DateTimeOffset.UtcNow)); // the second that an order waits for an early end is as long as that takes
        var text = new StringBuilder();
        foreach (var group in groups)
        {
            using StringWriter output = new() { NewLine = "\n" }, errors = new() { NewLine = "\n" };
            string[] arguments = ["client", "rsync", group.Name, "--hosts", agent.Address.ToString(), "--key-cipher", AgentFixture.Key, "--thread-timeout", "120", "--socket-timeout", "120", "--no-color"];
            int exit = await DeployCommand.RunAsync(arguments, new Terminal(output, errors), TimeProvider.System);
            text.Append($"$ deploy client rsync {group.Name} --hosts web1\n{Normal(output.ToString(), agent)}{errors}exit {exit}\n\n");
        }

        Golden.Golden.Verify(text.ToString(), golden);
        string[] reasons = [.. text.ToString().Split('\n').Where(line => TableLine().IsMatch(line))];
        Assert.Equal(groups.Length, reasons.Length);
        Assert.Equal(groups.Length, reasons.Distinct().Count());
    }

    /// <summary>Ports, paths of this machine and what only one version of rsync says, made equal.</summary>
    private string Normal(string text, AgentFixture agent)
    {
        // From the table on: above it stands what rsync said, in the words of its version.
        text = text[text.IndexOf("HOST ", StringComparison.Ordinal)..].Replace(folder.Path, "/srv", StringComparison.Ordinal);
        text = Regex.Replace(text, $@"127\.0\.0\.1:{agent.Address.Port} *", "web1  ");
        text = text.Replace($"127.0.0.1:{daemon.Port}", "127.0.0.1:PORT", StringComparison.Ordinal);
        text = Temporary().Replace(text, ".XXXXXX\"");
        text = text.Replace("failed to set times on", "failed to set permissions on", StringComparison.Ordinal); // whichever comes first: were origin and mount made in the same second?
        return VersionsOfRsync().Replace(PortInText().Replace(text, "PORT"), "VERSION");
    }

    private string Script(string name, string text, bool executable = true)
    {
        File.WriteAllText(folder[name], "#!/bin/sh\n" + text + "\n");
        if (executable && OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(folder[name], UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        }

        return folder[name];
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode;
    }

    [GeneratedRegex("\\.[A-Za-z0-9]{6}\"")]
    private static partial Regex Temporary();

    [GeneratedRegex(@"^web1 .*(failed|partial|refused)")]
    private static partial Regex TableLine();

    [GeneratedRegex(@"(?<=127\.0\.0\.1:)\d+|(?<=\(port )\d+(?=\))")]
    private static partial Regex PortInText();

    [GeneratedRegex(@"(?<=rsync )\d+\.\d+\.\d+(?= does not know)")]
    private static partial Regex VersionsOfRsync();
}
