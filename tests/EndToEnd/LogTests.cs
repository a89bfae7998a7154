using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Deploy.Processes.Native;
using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd;

/// <summary>The logs of the published binary: where they are, what they survive, and what is never in them.</summary>
[Trait("Category", "EndToEnd")]
public partial class LogTests
{
    private const int SigHup = 1; // signal(7)

    [Fact]
    public async Task A_name_that_changes_with_the_second_loses_no_line()
    {
        using var folder = new TempFolder();
        string logs = folder["made/by/the/agent"];
        await using var agent = await RunningAgent.StartAsync(new AgentSetup(folder.Path)
        {
            Commands = "say = echo hello",
            Server = $"log_write = on\nlog_error_path = stderr\nlog_access_path = {logs}/access.%Y%m%d-%H%M%S.log",
        });
        int orders = 0;
        var names = new HashSet<string>();
        for (var began = Stopwatch.StartNew(); names.Count < 3 && began.Elapsed < Eventually.Limit; orders++)
        {
            Assert.Equal(0, (await ClientCall.RunAsync("exec say", agent.Address)).ExitCode);
            names.UnionWith(Directory.Exists(logs) ? Directory.GetFiles(logs).Where(file => new FileInfo(file).Length > 0) : []);
        }

        Assert.Equal(0, await agent.StopAsync());
        string[] lines = [.. Directory.GetFiles(logs).Order(StringComparer.Ordinal).SelectMany(File.ReadAllLines)];
        Assert.Equal(orders, lines.Length);
        Assert.All(lines, line => Assert.Matches(AccessLine(), line));
        Assert.DoesNotContain(" warning ", agent.LogText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_was_moved_is_made_anew_with_and_without_a_signal_also_when_the_configuration_has_mistakes()
    {
        using var folder = new TempFolder();
        string error = folder["error.log"], access = folder["access.log"];
        var setup = new AgentSetup(folder.Path) { Commands = "say = echo hello", Server = $"log_write = on\nlog_error_path = {error}\nlog_access_path = {access}" };
        await using var agent = RunningAgent.Launch(setup);
        await HasAsync(error, "accepts orders on");
        await OrderAsync(agent);
        await HasAsync(access, "/agent/exec");

        File.Move(error, error + ".1");
        File.Move(access, access + ".1");
        agent.Signal(SigHup);
        await HasAsync(error, "the configuration was read again");
        await OrderAsync(agent);
        await HasAsync(access, "/agent/exec");

        File.Move(error, error + ".2");
        File.Move(access, access + ".2");
        File.WriteAllText(setup.IniPath, "[server]\nport = 99999999\n");
        agent.Signal(SigHup);
        await HasAsync(error, "the configuration has mistakes");
        Assert.True(File.Exists(access));

        File.Move(access, access + ".3");
        await Eventually.TrueAsync(() =>
        {
            OrderAsync(agent).Wait();
            return File.Exists(access);
        });

        Assert.Equal(0, await agent.StopAsync());
        await HasAsync(error, " notice stopped");
        Assert.Equal(string.Empty, agent.LogText);
    }

    [Fact]
    public async Task Full_disks_and_pipes_for_logs_stop_neither_the_start_nor_an_order_nor_the_stop()
    {
        using var folder = new TempFolder();
        using (var mkfifo = Process.Start("mkfifo", [folder["pipe"]]))
        {
            await mkfifo.WaitForExitAsync();
        }

        var setup = new AgentSetup(folder.Path) { Commands = "say = echo hello", Server = $"log_write = on\nlog_error_path = /dev/full\nlog_access_path = {folder["pipe"]}" };
        await using var agent = RunningAgent.Launch(setup);
        await agent.LogHasAsync($"the log file {folder["pipe"]} cannot be opened: it is a pipe or a socket, not a file");
        await agent.LogHasAsync("the log file /dev/full cannot be written: No space left on device");
        await Eventually.TrueAsync(() => ProcFacts.Status(agent.Pid, "State").Length > 0 && IsOpen(agent.Address));
        for (int order = 0; order < 5; order++)
        {
            await OrderAsync(agent);
        }

        Assert.Equal(0, await agent.StopAsync());
        Assert.Equal(4, agent.Log.Count); // each trouble once, each count at the end
        Assert.Contains(agent.Log, line => Regex.IsMatch(line, "warning 5 log lines were lost: the log file .*pipe cannot"));
    }

    [Fact]
    public async Task Lines_of_json_are_json_and_hold_what_an_order_was()
    {
        using var folder = new TempFolder();
        string path = folder["deploy.log"];
        var setup = new AgentSetup(folder.Path) { Toml = $"[command.say]\nargv = [\"/bin/echo\", \"hello\"]\n[log]\nlevel = \"debug\"\nerror = \"{path}\"\naccess = \"{path}\"\nformat = \"json\"\n" };
        await using var agent = RunningAgent.Launch(setup);
        await HasAsync(path, "accepts orders on");
        await OrderAsync(agent);
        using (var peer = await RawPeer.ConnectAsync(agent.Address))
        {
            await peer.SendAsync("PUT /\"\\\x01\x9b/x HTTP/1.0\r\n\r\n");
            await peer.ReadToEndAsync();
        }

        Assert.Equal(0, await agent.StopAsync());
        var lines = File.ReadAllLines(path).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.All(lines, line => Assert.Equal(JsonValueKind.String, line.GetProperty("time").ValueKind));
        var order = Assert.Single(lines, line => line.TryGetProperty("order", out _));
        Assert.Equal(("exec", "/agent/exec", 200, "127."), (order.GetProperty("order").GetString(), order.GetProperty("path").GetString(), order.GetProperty("status").GetInt32(), order.GetProperty("peer").GetString()![..4]));
        Assert.Equal(26, order.GetProperty("job").GetString()!.Length);
        Assert.True(order.GetProperty("bytes").GetInt64() > 100 && order.GetProperty("milliseconds").GetDouble() > 0);
    }

    [RootFact]
    public async Task After_root_is_given_up_the_logs_are_the_users_and_can_be_opened_anew()
    {
        using var folder = new TempFolder();
#pragma warning disable CA1416 // Linux alone.
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0x1ED); // 0755, root's
#pragma warning restore CA1416
        string logs = folder["logs"], error = logs + "/error.log";
        var setup = new AgentSetup(folder.Path) { Commands = "say = echo hello", Server = $"user = nobody\nlog_write = on\nlog_error_path = {error}\nlog_access_path = {logs}/%Y/access.log" };
        await using var agent = RunningAgent.Launch(setup);
        await HasAsync(error, "accepts orders on");
        await OrderAsync(agent);
        Assert.Equal("nobody 600", await OwnerAsync(error));
        Assert.Equal("nobody 755", await OwnerAsync(logs));
        File.Move(error, error + ".1");
        agent.Signal(SigHup);
        await HasAsync(error, "the configuration was read again");
        Assert.Equal("nobody 600", await OwnerAsync(error));
        Assert.Equal(0, await agent.StopAsync());
        Assert.Equal(string.Empty, agent.LogText);
    }

    [MountFact]
    public async Task Syslog_gets_both_logs()
    {
        using var folder = new TempFolder();
        using var daemon = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = (int)Eventually.Limit.TotalMilliseconds };
        daemon.Bind(new UnixDomainSocketEndPoint(folder["log"]));
        var setup = new AgentSetup(folder.Path) { Commands = "say = echo hello", Server = "log_write = on\nlog_error_path = syslog\nlog_access_path = SYSLOG" };
        setup.Write();
        string script = folder["in-a-dev-of-its-own"];
        File.WriteAllText(script, $"#!/bin/sh\nexec unshare --mount sh -c 'mount -t tmpfs tmpfs /dev && mknod -m 666 /dev/null c 1 3 && mknod -m 666 /dev/urandom c 1 9 && touch /dev/log && mount --bind {folder["log"]} /dev/log && exec \"$@\"' sh {PublishedBinary.Path} \"$@\"\n");
#pragma warning disable CA1416 // Linux alone.
        File.SetUnixFileMode(script, (UnixFileMode)0x1C0); // 0700
#pragma warning restore CA1416
        using var process = ProgramRun.Start(setup.CommandLine, link: script);
        var said = process.StandardError.ReadToEndAsync();
        try
        {
            string head = $@"^<PRI>1 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{{6}}Z \S+ deploy-agent {process.Id} - - ";
            Assert.Matches(head.Replace("PRI", "29", StringComparison.Ordinal) + "agent .* accepts orders on", await ReceiveAsync(daemon, "accepts orders"));
            Assert.Equal(0, (await ClientCall.RunAsync("exec say", setup.Address)).ExitCode);
            Assert.Matches(head.Replace("PRI", "30", StringComparison.Ordinal) + AccessLine().ToString()[1..], await ReceiveAsync(daemon, "/agent/exec"));
            Assert.Equal(0, Libc.kill(process.Id, Libc.SIGTERM));
            await process.WaitForExitAsync().WaitAsync(ProgramRun.Limit);
            Assert.Equal((0, string.Empty), (process.ExitCode, await said));
        }
        finally
        {
            process.Kill();
        }
    }

    [Fact]
    public async Task No_log_has_a_key_of_any_kind()
    {
        using var folder = new TempFolder();
        const string ApiKey = "api-key-of-a-user";
        string[] logs = [folder["error.log"], folder["access.log"]];
        var setup = new AgentSetup(folder.Path) { Commands = "say = echo hello", Server = $"log_write = on\nlog_error_level = debug\nlog_error_path = {logs[0]}\nlog_access_path = {logs[1]}" };
        await using var agent = RunningAgent.Launch(setup);
        await HasAsync(logs[0], "accepts orders on");
        string valid = RawPeer.Request("exec", "say");
        string auth = Regex.Match(valid, "auth_key=([0-9a-f]+)").Groups[1].Value;
        foreach (string request in new[]
        {
            valid,
            RawPeer.Request("status", "nosuch"),
            RawPeer.Request("no-order", "x"),
            $"GET /agent/exec?auth_key={auth}&options=say&api_key={ApiKey} HTTP/1.1\r\n\r\n",
            $"GET /agent/exec&auth_key={auth}&options=say&api_key={ApiKey} HTTP/1.1\r\n\r\n",
            $"POST /agent/exec/say/hosts:x/{ApiKey} HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
            $"PUT /api/exec/say/hosts:x/{ApiKey}/ HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
            $"auth_key={auth}&api_key={ApiKey}\r\n\r\n",
            $"GET /{auth} {ApiKey} HTTP/1.1\r\n\r\n",
            $"POST /agent/exec HTTP/1.1\r\nauth_key {auth}\r\nContent-Length: {ApiKey}\r\n\r\n",
            $"POST /agent/exec HTTP/1.1\r\nContent-Length: {ApiKey}\r\n\r\n",
            $"POST /agent/exec HTTP/1.1\r\nContent-Length: 5000\r\n\r\nauth_key={auth}",
        })
        {
            using var peer = await RawPeer.ConnectAsync(agent.Address);
            await peer.SendAsync(request);
            peer.HalfClose();
            await peer.ReadToEndAsync();
        }

        await OrderAsync(agent);
        Assert.Equal(0, await agent.StopAsync());
        string all = string.Concat(logs.Select(File.ReadAllText)) + agent.LogText;
        Assert.Contains("/agent/exec/say/hosts:x/[redacted]", all, StringComparison.Ordinal);
        foreach (string secret in new[] { AgentSetup.Key, auth[..8], auth[^8..], ApiKey }) // the first 32 digits of an auth_key are the key's MD5
        {
            Assert.DoesNotContain(secret, all, StringComparison.OrdinalIgnoreCase);
        }
    }

    [GeneratedRegex("^127\\.0\\.0\\.1 - \\[20\\d\\d/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d\\] \"POST /agent/exec HTTP/1\\.1\" 200 [1-9][0-9]+$")]
    private static partial Regex AccessLine();

    private static async Task OrderAsync(RunningAgent agent) => Assert.Equal(0, (await ClientCall.RunAsync("exec say", agent.Address)).ExitCode);

    private static Task HasAsync(string path, string text) =>
        Eventually.TrueAsync(() => File.Exists(path) && File.ReadAllText(path).Contains(text, StringComparison.Ordinal), () => $"{text}\nin {path}:\n{(File.Exists(path) ? File.ReadAllText(path) : "there is none")}");

    private static async Task<string> OwnerAsync(string path)
    {
        using var stat = Process.Start(new ProcessStartInfo("stat", ["-c", "%U %a", path]) { RedirectStandardOutput = true })!;
        return (await stat.StandardOutput.ReadToEndAsync()).Trim();
    }

    private static async Task<string> ReceiveAsync(Socket daemon, string text)
    {
        using var limit = new CancellationTokenSource(Eventually.Limit);
        byte[] buffer = new byte[64 * 1024];
        while (true)
        {
            string message = Encoding.UTF8.GetString(buffer, 0, await daemon.ReceiveAsync(buffer, limit.Token));
            if (message.Contains(text, StringComparison.Ordinal))
            {
                return message;
            }
        }
    }

    private static bool IsOpen(string address)
    {
        try
        {
            using var client = new TcpClient(address, 3440);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
