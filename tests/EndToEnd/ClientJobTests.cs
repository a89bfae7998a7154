using System.Diagnostics;
using System.Text.RegularExpressions;
using Deploy.Processes.Native;
using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd;

/// <summary>Orders as jobs: the client's own journal, shared and outliving it; what is left behind when it is interrupted or killed.</summary>
[Trait("Category", "EndToEnd")]
public sealed class ClientJobTests : IDisposable
{
    private const int SigInt = 2; // signal(7)

    private readonly TempFolder folder = new();

    [Fact]
    public async Task A_plan_is_shown_done_exactly_and_refused_when_the_origin_has_moved()
    {
        using var origin = TestOrigin.Start(folder);
        await using var agent = await RunningAgent.StartAsync(new AgentSetup(folder.Path).WithGroup("site", origin.Site));
        var plan = await ClientAsync("plan", "site", "--hosts", agent.Address, "--changes", "--detailed-exitcode");
        Assert.Equal(10, plan.ExitCode);
        Assert.Matches(@"1 host: \+\d ~0 -0, 10 B\n", plan.Out);
        Assert.Contains("    + index.html", plan.Lines);
        string id = Regex.Match(plan.Error, "--plan ([0-9A-Z]{26})").Groups[1].Value;
        var sync = await ClientAsync("rsync", "site", "--plan", id[^8..]);
        Assert.True(sync.ExitCode == 0, sync.Out + sync.Error);
        Assert.True(File.Exists(agent.Setup.Target("site/css/main.css")));
        await File.WriteAllTextAsync(folder["origin/site/new.html"], "new");
        var drift = await ClientAsync("rsync", "site", "--plan", id);
        Assert.Equal(11, drift.ExitCode);
        Assert.False(File.Exists(agent.Setup.Target("site/new.html")));
        Assert.Equal(0, (await ClientAsync("rsync", "site", "--hosts", agent.Address)).ExitCode);
        Assert.Equal(0, (await ClientAsync("plan", "site", "--hosts", agent.Address, "--detailed-exitcode")).ExitCode);
    }

    [Fact]
    public async Task Outputs_are_folded_and_programs_get_json_and_events()
    {
        await using var one = await RunningAgent.StartAsync(new AgentSetup(folder.Path) { Commands = "say = echo %s" });
        await using var other = await RunningAgent.StartAsync(new AgentSetup(folder.Path) { Commands = "say = echo %s" });
        string hosts = $"{one.Address},{other.Address}";
        var text = await ClientAsync("exec", "say", "hello", "--hosts", hosts);
        Assert.True(text.ExitCode == 0, text.Out + text.Error);
        Assert.Single(text.Lines, "  hello");
        Assert.Contains("2 hosts: 2 ok", text.Lines);
        var json = await ClientAsync("exec", "say", "hello", "--hosts", hosts, "--json");
        using var document = System.Text.Json.JsonDocument.Parse(json.Out);
        Assert.Equal(["ok", "ok"], document.RootElement.GetProperty("hosts").EnumerateArray().Select(host => host.GetProperty("state").GetString()));
        var events = await ClientAsync("exec", "say", "hello", "--hosts", hosts, "--ndjson");
        Assert.All(events.Lines, line => System.Text.Json.JsonDocument.Parse(line).Dispose());
        Assert.Contains("\"type\":\"end\"", events.Lines[^1], StringComparison.Ordinal);
        Assert.Equal(3, (await ClientAsync("jobs")).Lines.Count(line => line.Contains("exec say", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_client_that_was_killed_leaves_a_job_that_watch_takes_up()
    {
        using var origin = TestOrigin.Start(folder, bigBytes: 2_000_000);
        await using var agent = await RunningAgent.StartAsync(new AgentSetup(folder.Path).WithGroup("slow", origin.Big, TestOrigin.Slowly(400)));
        using var client = Start("rsync", "slow", "--hosts", agent.Address);
        string id = await IdAsync(client);
        await RunsAsync(agent);
        client.Kill();
        await client.WaitForExitAsync();
        Assert.NotEmpty(agent.Children);
        var watch = await ClientAsync("watch", id);
        Assert.True(watch.ExitCode == 0, watch.Out + watch.Error);
        Assert.Equal(2_000_000, new FileInfo(agent.Setup.Target("slow/" + TestOrigin.BigName)).Length);
    }

    [Fact]
    public async Task Ctrl_C_twice_leaves_what_runs_and_cancel_ends_it()
    {
        using var origin = TestOrigin.Start(folder);
        await using var agent = await RunningAgent.StartAsync(new AgentSetup(folder.Path).WithGroup("slow", origin.Big, TestOrigin.Slowly(100)));
        using var client = Start("rsync", "slow", "--hosts", agent.Address);
        string id = await IdAsync(client);
        await RunsAsync(agent);
        Assert.Equal(0, Libc.kill(client.Id, SigInt));
        Assert.Contains("0 of 1 host ended", await client.StandardError.ReadLineAsync().WaitAsync(ProgramRun.Limit), StringComparison.Ordinal);
        Assert.False(client.HasExited);
        Assert.Equal(0, Libc.kill(client.Id, SigInt));
        await client.WaitForExitAsync().WaitAsync(ProgramRun.Limit);
        Assert.Equal(130, client.ExitCode);
        string rest = await client.StandardError.ReadToEndAsync();
        Assert.Contains("left: 1 host runs on, 0 were not started", rest, StringComparison.Ordinal);
        Assert.Contains($"deploy client watch {id}", rest, StringComparison.Ordinal);
        Assert.NotEmpty(agent.Children);
        var cancel = await ClientAsync("cancel", id);
        Assert.True(cancel.ExitCode == 0, cancel.Out + cancel.Error);
        Assert.Contains("1 cancelled", cancel.Out, StringComparison.Ordinal);
        Assert.Empty(agent.Children);
    }

    [Fact]
    public async Task Two_clients_share_the_journal()
    {
        using var origin = TestOrigin.Start(folder);
        await using var agent = await RunningAgent.StartAsync(new AgentSetup(folder.Path).WithGroup("slow", origin.Big, TestOrigin.Slowly(100)));
        using var client = Start("rsync", "slow", "--hosts", agent.Address);
        string id = await IdAsync(client);
        await RunsAsync(agent);
        Assert.Contains("running", Assert.Single((await ClientAsync("jobs")).Lines, line => line.Contains(id, StringComparison.Ordinal)), StringComparison.Ordinal);
        var watching = ClientAsync("watch", id);
        var cancel = await ClientAsync("cancel", id);
        Assert.True(cancel.ExitCode == 0, cancel.Out + cancel.Error);
        var watch = await watching;
        Assert.Contains("1 host: 1 cancelled", watch.Lines);
        await client.WaitForExitAsync().WaitAsync(ProgramRun.Limit);
        Assert.Equal((2, 2), (client.ExitCode, watch.ExitCode));
        Assert.Empty(agent.Children);
    }

    [Fact]
    public async Task A_deadline_that_passes_is_13_and_a_terminal_is_left_clean()
    {
        using var origin = TestOrigin.Start(folder);
        await using var agent = await RunningAgent.StartAsync(new AgentSetup(folder.Path).WithGroup("slow", origin.Big, TestOrigin.Slowly(100)));
        Assert.Equal(13, (await ClientAsync("rsync", "slow", "--hosts", agent.Address, "--deadline", "1s")).ExitCode);
        string id = (await ClientAsync("jobs")).Lines[^1].Split(' ')[0];

        // util-linux's script(1) gives it a terminal and copies what it writes.
        var start = new ProcessStartInfo("/usr/bin/script") { RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (string word in new[] { "-qefc", $"stty cols 80 rows 24; exec {PublishedBinary.Path} client watch {id} --deadline 2s", "/dev/null" })
        {
            start.ArgumentList.Add(word);
        }

        start.Environment["XDG_STATE_HOME"] = folder["state"];
        start.Environment["TERM"] = "xterm";
        using var process = Process.Start(start)!;
        string seen = await process.StandardOutput.ReadToEndAsync().WaitAsync(ProgramRun.Limit);
        await process.WaitForExitAsync();
        Assert.Equal(13, process.ExitCode);
        Assert.Contains("rsync slow  running", seen, StringComparison.Ordinal);
        Assert.Contains("\e[J", seen, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\e\[\?", seen); // no mode of the terminal was touched
        string after = seen[(seen.LastIndexOf("\e[J", StringComparison.Ordinal) + 3)..];
        Assert.StartsWith("the deadline passed: 1 host runs on", after, StringComparison.Ordinal);
        Assert.Equal(0, (await ClientAsync("cancel", id)).ExitCode);
        Assert.Empty(agent.Children);
    }

    public void Dispose() => folder.Dispose();

    private static async Task<string> IdAsync(Process client)
    {
        string? line = await client.StandardError.ReadLineAsync().WaitAsync(ProgramRun.Limit);
        Assert.Matches("^job [0-9A-Z]{26}: ", line!);
        return line!.Split(' ', ':')[1];
    }

    private static Task RunsAsync(RunningAgent agent) => Eventually.TrueAsync(() => agent.Children.Count > 0);

    private Dictionary<string, string?> Environment => new() { ["XDG_STATE_HOME"] = folder["state"] };

    private Task<ProgramRun> ClientAsync(params string[] words) => ProgramRun.RunAsync(["client", .. words], Environment);

    private Process Start(params string[] words) => ProgramRun.Start(["client", .. words], Environment);
}
