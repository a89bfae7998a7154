using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Deploy.Rsync;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Rsync;

/// <summary>Every failure that can be provoked here, with the installed rsync.</summary>
public class LiveDiagnosisTests
{
    private const int Timeout = 120_000;

    [Fact(Timeout = Timeout)]
    public async Task A_missing_or_unusable_rsync_is_said_so()
    {
        await using var live = new LiveRsync();
        string notExecutable = Path.Combine(live.Root, "data");
        File.WriteAllText(notExecutable, "data");
        var call = live.Call(live.Origin + "/");
        await Fails(live, call with { Program = Path.Combine(live.Root, "none") }, Fault.Configuration, "not installed: there is no " + live.Root);
        await Fails(live, call with { Program = Path.Combine(notExecutable, "below") }, null, "could not be started");
        await Fails(live, call with { Program = notExecutable }, Fault.Configuration, "cannot be executed");
        await Fails(live, call with { Program = live.Script("echo", "echo hello") }, Fault.Configuration, "did not say that it is rsync: hello");
        await Fails(live, call with { Program = live.Script("silent", "exit 0") }, Fault.Configuration, "printed nothing");
        await Fails(live, call with { Program = live.Script("old", "echo 'rsync  version 2.6.9  protocol version 29'") }, Fault.Configuration, "older than 3.0.0");
        await Fails(live, call with { Program = live.Script("openrsync", "echo 'openrsync: protocol version 29'") }, Fault.Configuration, "did not say that it is rsync");
        await Fails(live, call with { Program = string.Empty }, Fault.Configuration, "path of rsync is empty");
        await Fails(live, call with { Program = live.Script("liar", "[ \"$1\" = --version ] && echo 'rsync  version 3.5.0  protocol version 32'; exit 0") }, Fault.Configuration, "without statistics");
        Assert.False(Directory.Exists(live.Target));
    }

    [Fact(Timeout = Timeout)]
    public async Task An_origin_that_says_no_is_named_with_its_reason()
    {
        await using var live = new LiveRsync();
        Directory.CreateDirectory(live.Target);
        var daemon = live.Daemon(null,
            new RsyncModule("site", live.Origin), new RsyncModule("gone", Path.Combine(live.Root, "nosuch")), new RsyncModule("secret", live.Origin) { User = "bob" },
            new RsyncModule("denied", live.Origin) { Further = "hosts deny = *" });
        string passwords = Path.Combine(live.Root, "password");
        File.WriteAllText(passwords, "secret\n");
        if (OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(passwords, UnixFileMode.UserRead);
        }

        await Fails(live, live.Call(daemon.Url("nope")), Fault.Configuration, "origin 127.0.0.1 has no module nope");
        await Fails(live, live.Call(daemon.Url("secret", user: "bob")), Fault.Configuration, "refused the user or password for module secret");
        await Fails(live, live.Call(daemon.Url("gone")), Fault.Configuration, "directory of module gone does not exist");
        var denied = await live.RunAsync(live.Call(daemon.Url("denied")));
        Assert.Equal((SyncOutcome.Failed, Fault.Configuration), (denied.Outcome, denied.Diagnosis!.Fault)); // 'access denied' or 'Unknown module', by version
        var missing = await live.RunAsync(live.Call(daemon.Url("site", "no/such")));
        Assert.Equal((SyncOutcome.Partial, Fault.Configuration), (missing.Outcome, missing.Diagnosis!.Fault));
        Assert.Contains("path 'no/such' does not exist in module site", missing.Diagnosis.What, StringComparison.Ordinal);
        var let = await live.RunAsync(live.Call(daemon.Url("secret", user: "bob")) with { Options = ["-a", "--password-file=" + passwords] });
        Assert.Equal(SyncOutcome.Ok, let.Outcome);
    }

    [Fact(Timeout = Timeout)]
    public async Task An_origin_that_is_not_there_is_named()
    {
        await using var live = new LiveRsync();
        using var bound = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        bound.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // taken, and nobody listens
        int port = ((IPEndPoint)bound.LocalEndPoint!).Port;
        await Fails(live, live.Call($"rsync://127.0.0.1:{port}/site/"), Fault.Network, $"origin 127.0.0.1 refused the connection (port {port})");
        await Fails(live, live.Call("no-such-host.invalid::site/"), Fault.Network, "origin host no-such-host.invalid cannot be resolved");
    }

    [Fact(Timeout = Timeout)]
    public async Task An_origin_that_falls_silent_ends_by_the_io_timeout()
    {
        await using var live = new LiveRsync();
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        string origin = $"rsync://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/site/";
        await Fails(live, live.Call(origin) with { IoTimeout = TimeSpan.FromSeconds(1) }, Fault.Network, "sent nothing for too long");
    }

    [Fact(Timeout = Timeout)]
    public async Task A_busy_origin_is_told_from_a_refusing_one()
    {
        await using var live = new LiveRsync();
        File.WriteAllBytes(Path.Combine(live.Origin, "big"), new byte[4 << 20]);
        var daemon = live.Daemon(null, new RsyncModule("site", live.Origin) { MaxConnections = 1 });
        var first = await live.Runner.StartAsync(live.Call(daemon.Url("site")) with { Options = ["-a", "--bwlimit=200"] });
        await Until(() => first.Progress is not null);
        await Fails(live, live.Call(daemon.Url("site")), Fault.OriginBusy, "origin 127.0.0.1 is busy: module site has its max connections (1)");
        Assert.Equal(SyncOutcome.Cancelled, (await first.StopAsync(TimeSpan.FromSeconds(10))).Outcome);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_target_that_cannot_be_written_is_named_with_its_reason()
    {
        await using var live = new LiveRsync();
        File.WriteAllText(Path.Combine(live.Origin, "a"), "a");
        File.WriteAllText(Path.Combine(live.Origin, "b"), "b");
        string url = live.Daemon().Url("site");
        string file = Path.Combine(live.Root, "file");
        File.WriteAllText(file, "x");
        await Fails(live, live.Call(url) with { Target = live.Root + "/no/such/parent" }, Fault.Disk, $"the parent of target {live.Root}/no/such/parent does not exist");
        await Fails(live, live.Call(url) with { Target = file }, Fault.Configuration, $"target {file} is a file");
        await Fails(live, live.Call(url) with { Target = file + "/below" }, Fault.Disk, $"a part of the path of target {file}/below is a file");
        Assert.Equal("x", File.ReadAllText(file));

        if (Environment.IsPrivilegedProcess)
        {
            string unprivileged = live.Script("unprivileged", "exec setpriv --reuid=65534 --clear-groups /usr/bin/rsync \"$@\"");
            Open(live.Root);
            Directory.CreateDirectory(live.Target);
            var result = await live.RunAsync(live.Call(url) with { Program = unprivileged });
            Assert.Equal((SyncOutcome.Partial, Fault.Disk), (result.Outcome, result.Diagnosis!.Fault));
            Assert.Contains($"target {live.Target}/ cannot be written", result.Diagnosis.What, StringComparison.Ordinal);
        }
    }

    [MountFact(Timeout = Timeout)]
    public async Task A_full_disk_is_said_so()
    {
        await using var live = new LiveRsync();
        string tiny = Directory.CreateDirectory(Path.Combine(live.Root, "tiny")).FullName;
        Assert.Equal(0, Shell("mount", "-t", "tmpfs", "-o", "size=64k", "none", tiny));
        try
        {
            File.WriteAllBytes(Path.Combine(live.Origin, "big"), new byte[1 << 20]);
            await Fails(live, live.Call(live.Daemon().Url("site")) with { Target = tiny }, Fault.Disk, "no space left for target " + tiny);
        }
        finally
        {
            Shell("umount", "-l", tiny);
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task Wrong_options_are_named()
    {
        await using var live = new LiveRsync();
        var call = live.Call(live.Origin + "/");
        await Fails(live, call with { Options = ["-a", "--no-such-option"] }, Fault.Configuration, "does not know option --no-such-option");
        await Fails(live, call with { Options = ["-a", "--max-delete=x"] }, Fault.Configuration, "rsync refused its options");
        await Fails(live, call with { Options = ["-a", "--max-delete"] }, Fault.Configuration, "option --max-delete of the group has no value");
        await Fails(live, call with { Options = ["--version"] }, Fault.Configuration, "without statistics");
        await Fails(live, call with { Target = "relative" }, Fault.Configuration, "no absolute path");
        Assert.False(Directory.Exists(live.Target));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_remote_shell_can_work_and_can_fail_in_its_own_ways()
    {
        await using var live = new LiveRsync();
        File.WriteAllText(Path.Combine(live.Origin, "a"), "a");
        var call = live.Call("user@far:" + live.Origin + "/");
        // In the failing ones a sleep holds the pipe open until the shell is a zombie: else rsync may notice its silence before its exit code.
        var worked = await live.RunAsync(call with { Rsh = live.Script("rsh", "while [ \"$1\" != far ]; do shift; done; shift; exec \"$@\"") });
        Assert.Equal((SyncOutcome.Ok, 1L), (worked.Outcome, worked.Counts.FilesTransferred));
        await Fails(live, call with { Rsh = live.Script("ssh", "echo 'ssh: connect to host far port 22: Connection refused' >&2; sleep 1 & exit 255") }, Fault.Network, "remote shell to origin far failed: ssh: connect to host far");
        await Fails(live, call with { Rsh = live.Script("none", "echo 'sh: rsync: not found' >&2; sleep 1 & exit 127") }, Fault.Configuration, "rsync was not found at origin far");
        await Fails(live, call with { Rsh = live.Script("denied", "sleep 1 & exit 126") }, Fault.Configuration, "cannot be executed");
        await Fails(live, call with { Rsh = Path.Combine(live.Root, "nosuch") }, Fault.Configuration, "remote shell cannot be started here");
    }

    [Fact(Timeout = Timeout)]
    public async Task A_dry_run_says_that_the_targets_parent_is_missing_as_the_run_would()
    {
        await using var live = new LiveRsync();
        File.WriteAllText(Path.Combine(live.Origin, "a"), "a");
        var call = live.Call(live.Daemon().Url("site")) with { Target = Path.Combine(live.Root, "no", "parent"), DryRun = true };
        await Fails(live, call, Fault.Disk, "the parent of target");
        Assert.Equal(SyncOutcome.Ok, (await live.RunAsync(call with { Options = ["-a", "--mkpath"] })).Outcome);
    }

    [Fact(Timeout = Timeout)]
    public async Task Partial_runs_say_what_is_missing()
    {
        await using var live = new LiveRsync();
        Directory.CreateDirectory(live.Target);
        File.WriteAllText(Path.Combine(live.Origin, "a"), "a");
        foreach (string name in new[] { "x", "y", "z" })
        {
            File.WriteAllText(Path.Combine(live.Target, name), "old");
        }

        var limited = await live.RunAsync(live.Call(live.Daemon().Url("site")) with { Options = ["-a", "--delete", "--max-delete=1"] });
        Assert.Equal((SyncOutcome.Partial, Fault.Files, 25, 1L), (limited.Outcome, limited.Diagnosis!.Fault, limited.ExitCode, limited.Counts.Deletions));
        Assert.Contains("deletions stopped", limited.Diagnosis.What, StringComparison.Ordinal);
        Assert.Contains("Deletions stopped due to --max-delete limit (2 skipped)", limited.Said, StringComparison.Ordinal);

        if (Environment.IsPrivilegedProcess && OperatingSystem.IsLinux())
        {
            Open(live.Root);
            File.SetUnixFileMode(Path.Combine(live.Origin, "a"), UnixFileMode.None);
            var daemon = live.Daemon(null, new RsyncModule("site", live.Origin) { Further = "uid = 65534\ngid = 65534" });
            var unread = await live.RunAsync(live.Call(daemon.Url("site")) with { Options = ["-rc"] });
            Assert.Equal((SyncOutcome.Partial, Fault.Files, 23), (unread.Outcome, unread.Diagnosis!.Fault, unread.ExitCode));
            Assert.Contains("Permission denied (13)", unread.Diagnosis.What, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task Files_that_vanish_are_a_warning()
    {
        await using var live = new LiveRsync();
        File.WriteAllBytes(Path.Combine(live.Origin, "a"), new byte[4 << 20]);
        File.WriteAllText(Path.Combine(live.Origin, "b"), "b");
        var run = await live.Runner.StartAsync(live.Call(live.Daemon().Url("site")) with { Options = ["-a", "--bwlimit=1500"] });
        await Until(() => run.Progress is { BytesDone: > 0 });
        File.Delete(Path.Combine(live.Origin, "b"));
        var result = await run.Completion;
        Assert.Equal((24, SyncOutcome.Ok), (result.ExitCode, result.Outcome));
        Assert.Contains("vanished", result.Warning, StringComparison.Ordinal);
        Assert.Null(result.Diagnosis);
    }

    private static async Task Fails(LiveRsync live, SyncCall call, Fault? fault, string what)
    {
        var result = await live.RunAsync(call);
        Assert.Equal(SyncOutcome.Failed, result.Outcome);
        Assert.Contains(what, result.Diagnosis!.What, StringComparison.Ordinal);
        Assert.NotEmpty(result.Diagnosis.NextStep);
        if (fault is not null)
        {
            Assert.Equal(fault, result.Diagnosis.Fault);
        }
    }

    private static async Task Until(Func<bool> reached)
    {
        var watch = Stopwatch.StartNew();
        while (!reached())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), "waited 30 s in vain");
            await Task.Delay(10);
        }
    }

    /// <summary>Lets other users into the test's directory.</summary>
    private static void Open(string directory) => Shell("chmod", "755", directory);

    private static int Shell(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
