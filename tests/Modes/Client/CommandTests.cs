using System.Text;
using Deploy.Model;
using Deploy.Modes;
using Deploy.Tests.Fixtures;
using Deploy.Tests.Protocol;
using Xunit;

namespace Deploy.Tests.Modes.Client;

/// <summary>From command line to what is printed, in this process, against scripted servers.</summary>
public class CommandTests
{
    private const int Patience = 60_000;

    [Fact(Timeout = Patience)]
    public async Task Help_is_grouped_and_has_examples()
    {
        var harness = new ClientHarness();
        foreach (string[] line in (string[][])[["--help"], ["client", "--help"], ["client", "rsync", "-h"], ["client", "plan", "-h"], ["client", "exec", "--help"], ["client", "jobs", "--help"], ["client", "retry", "--help"]])
        {
            Assert.Equal(0, await harness.DeployAsync(line));
        }

        Assert.Equal(0, await harness.LegacyAsync("--help"));
        Golden.Golden.Verify(harness.Output, "Help");
    }

    [Fact(Timeout = Patience)]
    public async Task Mistakes_say_what_and_the_next_step_and_send_nothing()
    {
        await using var server = ScriptedServer.Answering([]);
        string host = $"127.0.0.1:{server.Port}";
        var text = new StringBuilder();
        foreach (string[] line in (string[][])
        [
            [], ["clent"], ["client"], ["client", "statuz", "x"], ["client", "status"], ["client", "status", "site"], ["client", "status", "site", "--hosts", "a b"],
            ["client", "status", "site", "--hosts", "web-[20-01]"], ["client", "status", "site", "--hosts", "web1,!@db"], ["client", "status", "site", "--hosts", "web1,!web[1-2]"],
            ["client", "status", "site", "--hosts", host, "--port", "0"], ["client", "rsync", "site", "--dry-run", "--hosts", host],
            ["client", "rsync", "site", "--hosts", host, "--thread-timeout", "0"], ["client", "rsync", "a,b", "/x", "--hosts", host],
            ["client", "exec", "a", "b|c", "--hosts", host, "--legacy"], ["client", "--order=no", "--hosts", host], ["client", "--order=status", "rsync", "x", "--hosts", host],
            ["client", "status", "x", "--hosts", host, "--key-cipher-file", "/nonexistent/key"], ["client", "status", "x", "--bad\e[31m", "--hosts", host],
            ["client", "--order=status", "--hosts", host, "--ssl-public-key=/nonexistent/key"],
            ["client", "status", "site", "--hosts", "10.1.2.3"], ["client", "status", "site", "--hosts", "127.0.0.1:1,127.0.0.1:2"], ["client", "status", "site", "--group", "web"],
            ["client", "rsync", "site", "--hosts", host, "--limit", "0"], ["client", "rsync", "site", "--hosts", host, "--batches", "10%,1%"], ["client", "rsync", "site", "--hosts", host, "--canary", "x"],
            ["client", "rsync", "site", "--hosts", host, "--not-after", "soon"], ["client", "rsync", "site", "--hosts", host, "--not-after", "2001-01-01T00:00Z"], ["client", "status", "site", "--hosts", host, "--allow-delete", "5"],
            ["client", "rsync", "site", "--hosts", host, "--key-cipher", "k", "--canary", "1"], ["client", "status", "site", "--via", host, "--key-cipher", "k"], ["client", "status", "site", "--via", "a,b"],
            ["client", "status", "site", "--via", host, "--direct"], ["client", "--order=status", "--via", host], ["client", "rsync", "site", "--hosts", host, "--max-parallel", "0"], ["client", "watch"], ["client", "steal", "site"],
            ["client", "hosts"], ["client", "jobs", "--state", "lost"],
            ["client", "rsync", "rsync://o/m/", "/srv/d\uDCFF", "--hosts", host], ["client", "exec", "c", "\uDCFF", "--hosts", "a", "--via", host], ["client", "rsync", "site", "--hosts", host, "--reason", "\uDCFF"], ["client", "steal", "\uDCFF", "--reason", "x", "--via", host],
            ["client", "retry", "7Y8Z9A0B", "--hosts", "web-01"], ["client", "cancel", "7Y8Z9A0B", "--hosts", "web-01", "--via", host], ["client", "jobs", "--key-cipher-file", "/nonexistent"], ["client", "jobs", "--ndjson"], ["client", "cancel", "7Y8Z9A0B", "--ndjson"],
            ["client", "rsync", "site", "--hosts", host, "--not-after", "10000000d"], ["client", "rsync", "site", "--hosts", host, "--not-after", "0001-01-01T00:00:00+14:00"], ["client", "rsync", "site", "--hosts", host, "--seed", "5"],
            ["client", "status", "site", "--via", host, "--hosts", "a", "--parallel", "5"], ["client", "status", "site", "--via", host, "--hosts", "a", "--port", "5"],
            ["client", "jobs", "--via", "10.9.9.9"], ["client", "rsync", "site", "--plan", "7Y8Z9A0B", "--via", "10.9.9.9"], ["client", "rsync", "site", "--plan", "7Y8Z9A0B", "--via", "127.0.0.1:1"],
            ["client", "status", "site", "--hosts", "@job:01JZ8Q5X3T4V6W7Y8Z9A0B1C2D.failed", "--via", "127.0.0.1:1"], ["client", "jobs", "--via", "127.0.0.1:1"],
        ])
        {
            var harness = new ClientHarness();
            int exitCode = await harness.DeployAsync(line);
            text.Append("$ deploy ").AppendJoin(' ', line.Select(word => word.Replace("\e", "ESC", StringComparison.Ordinal).Replace("\uDCFF", "BYTE", StringComparison.Ordinal))).Append('\n').Append(harness.Everything(exitCode, server)).Append('\n');
        }

        Golden.Golden.Verify(text.ToString().Replace($":{server.Port}", ":PORT1", StringComparison.Ordinal), "Mistakes");
        Assert.Equal(0, server.Connections);
    }

    [Theory(Timeout = Patience)]
    [InlineData("status", "plain_status_changes")]
    [InlineData("rlist", "plain_rlist_quote")]
    [InlineData("exec", "plain_exec_exit3")]
    [InlineData("rsync", "plain_rsync_E_badmod")]
    [InlineData("rsync", "plain_rsync_running")]
    public async Task What_is_printed_for_one_host(string order, string recording)
    {
        await using var server = ScriptedServer.Answering(WireRecording.FromServer(recording));
        var harness = new ClientHarness();
        int exitCode = await harness.DeployAsync("client", order, "site", "--hosts", $"127.0.0.1:{server.Port}", "--legacy");
        Golden.Golden.Verify(harness.Everything(exitCode, server), "One-" + recording);
    }

    [Fact(Timeout = Patience)]
    public async Task Failed_hosts_come_last_with_the_reason_and_the_next_step()
    {
        await using var ok = ScriptedServer.Answering(WireRecording.FromServer("plain_status_changes"));
        await using var same = ScriptedServer.Answering(WireRecording.FromServer("plain_status_uptodate"));
        await using var key = ScriptedServer.Answering("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
        await using var evil = ScriptedServer.Answering("HTTP/1.1 403 No\r\n\r\n\e]0;pwned\a\u009b31m\u202e/x is not allowed!"u8.ToArray());
        await using var hangs = new ScriptedServer(peer => peer.HangAsync());
        ScriptedServer[] servers = [key, evil, hangs, ok, same];
        string hosts = string.Join(',', servers.Select(server => $"127.0.0.1:{server.Port}"));
        var harness = new ClientHarness();
        int exitCode = await harness.DeployAsync("client", "status", "site", "--hosts", hosts, "--legacy", "--thread-timeout", "3", "--socket-timeout", "3");
        string all = harness.Everything(exitCode, servers);
        Golden.Golden.Verify(PaddingFree(all), "ManyHosts");

        var quiet = new ClientHarness();
        await quiet.DeployAsync("client", "status", "site", "--hosts", $"127.0.0.1:{ok.Port}", "--legacy", "--quiet");
        Assert.Equal(string.Empty, quiet.Output);
    }

    [Fact(Timeout = Patience)]
    public async Task Ranges_of_hosts_are_asked_but_for_those_left_out()
    {
        await using var server = ScriptedServer.Answering(WireRecording.FromServer("plain_status_changes"));
        var harness = new ClientHarness();
        int exitCode = await harness.DeployAsync("client", "status", "site", "--hosts", $"127.0.0.[1-20]:{server.Port},!127.0.0.[2-20]", "--legacy");
        Assert.Equal((0, 1), (exitCode, server.Connections));
        Assert.Contains($"127.0.0.1:{server.Port}", harness.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience)]
    public async Task The_legacy_name_prints_json_and_exits_0_unless_asked()
    {
        await using var server = ScriptedServer.Answering(WireRecording.FromServer("plain_rlist_quote"));
        string[] line = ["--ORDER=rlist", "-hosts", $"127.0.0.1:{server.Port},127.0.0.1:1", "--opt", "site", "--bogus"];
        var harness = new ClientHarness();
        int exitCode = await harness.LegacyAsync(line);
        Golden.Golden.Verify(harness.Everything(exitCode, server), "Legacy");
        Assert.Equal(ExitCodes.HostUnreachable, await new ClientHarness().LegacyAsync([.. line, "--strict-exit"]));
        Assert.Equal(1, await new ClientHarness().LegacyAsync("--order=rlist"));
    }

    [Fact(Timeout = Patience)]
    public async Task Json_of_the_new_form_is_that_of_the_legacy_name_and_a_key_goes_as_asked()
    {
        string? sent = null;
        await using var server = new ScriptedServer(peer =>
        {
            sent = Encoding.UTF8.GetString(peer.Request);
            return peer.SendAsync(WireRecording.FromServer("proxy_status_groups"));
        });
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["key"], "s3cret\nnot this\n");
        var one = new ClientHarness();
        await one.DeployAsync("client", "--order=status", "--options=a b", "--args=groups:web", "--original-proxy", "--json", $"--hosts=127.0.0.1:{server.Port}", "--key-cipher-file", folder["key"]);
        Assert.Contains("auth_key=33e1b232a4e6fa0028a6670753749a17", sent, StringComparison.Ordinal);
        Assert.Contains("&options=a%2520b&args=groups:web&api_key=", sent, StringComparison.Ordinal);
        var other = new ClientHarness();
        await other.LegacyAsync("--order=status", "--options=site", "--args=groups:web", $"--hosts=127.0.0.1:{server.Port}");
        Assert.Equal(other.Output, one.Output);
    }

    [Fact]
    public void The_kernels_copy_of_the_command_line_keeps_bytes_and_the_name()
    {
        byte[] copy = [.. "/usr/bin/deploy-client\0--options="u8, 0xFF, .. "\0\0"u8];
        var line = CommandLine.FromKernel(copy, 2)!;
        Assert.Equal("deploy-client", line.Name);
        Assert.Equal(["--options=\uDCFF", string.Empty], line.Arguments);
        Assert.Null(CommandLine.FromKernel(copy, 3));
        Assert.Null(CommandLine.FromKernel("cut"u8, 0));
    }

    /// <summary>Columns are as wide as port numbers are long; those differ.</summary>
    private static string PaddingFree(string text) => System.Text.RegularExpressions.Regex.Replace(text, "(?<=\\S) {2,}", "  ");
}
