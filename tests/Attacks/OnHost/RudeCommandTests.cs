using Deploy.Processes.Native;
using Deploy.Tests.EndToEnd.Harness;
using Xunit;

namespace Deploy.Tests.Attacks.OnHost;

/// <summary>Commands that print without end, do not heed TERM, leave processes behind or close their streams: each order ends, says how, and leaves what it may.</summary>
[Trait("Category", "EndToEnd")]
public class RudeCommandTests(CommandAgent host) : IClassFixture<CommandAgent>
{
    private const long MostMoreBytes = 128L * 1024 * 1024;

    [Theory]
    [InlineData("flood", 1_073_741_824 + 5)]
    [InlineData("lines", 20_000_000)]
    public async Task Output_without_end_is_cut_at_the_cap_and_says_so(string command, long bytes)
    {
        host.Begin();
        int pid = host.Agent.Daemon.Pid;
        long resident = ProcFacts.ResidentBytes(pid);
        var answer = await host.GiveAsync($"\"order\":\"exec\",\"command\":\"{command}\"", out string id);
        Assert.Equal(202, answer.Status);
        var end = await BentOrderTests.EndedAsync(host.Agent, id);
        Assert.Equal("ok", HostAgent.How(end).State);
        long peak = long.Parse(ProcFacts.Status(pid, "VmHWM").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) * 1024;
        Assert.True(peak - resident < MostMoreBytes, $"{peak} bytes at most, {resident} before");
        var (printed, _) = await host.PrintedAsync(end, id);
        Assert.EndsWith($"deploy: output truncated: {bytes - CommandAgent.Cap} bytes over the cap of {CommandAgent.Cap} were dropped\n", printed, StringComparison.Ordinal);
        Assert.InRange(printed.Length, CommandAgent.Cap, CommandAgent.Cap + 200);
        await host.UnharmedAsync();
    }

    [Fact]
    public async Task Output_that_is_no_text_is_shown_as_text_on_both_streams_and_both_are_cut()
    {
        host.Begin();
        var answer = await host.GiveAsync("\"order\":\"exec\",\"command\":\"binary\"", out string id);
        Assert.Equal(202, answer.Status);
        var end = await BentOrderTests.EndedAsync(host.Agent, id);
        Assert.Equal("ok", HostAgent.How(end).State);
        var (printed, errors) = await host.PrintedAsync(end, id);
        Assert.All([printed, errors], text => Assert.Contains("deploy: output truncated: ", text, StringComparison.Ordinal));
        await host.UnharmedAsync();
    }

    [Theory]
    [InlineData("stubborn")]
    [InlineData("stubborn-family")]
    public async Task A_command_that_ignores_TERM_ends_of_a_cancel_with_all_of_its_session(string command)
    {
        host.Begin();
        var (id, pid) = await host.RunningAsync(command, "stubborn");
        await host.CancelAsync(id);
        var (state, reason) = HostAgent.How(await BentOrderTests.EndedAsync(host.Agent, id));
        Assert.Equal("cancelled", state);
        Assert.Contains("it was cancelled; no process of its session is left", reason, StringComparison.Ordinal);
        Assert.False(ProcFacts.IsLive(pid));
        Assert.Empty(host.Of("stubborn"));
        await host.UnharmedAsync();
    }

    [Fact]
    public async Task A_command_that_ignores_TERM_ends_of_its_time()
    {
        host.Begin();
        var (id, pid) = await host.RunningAsync("stubborn-family", "stubborn", ",\"host_timeout_seconds\":1");
        var (state, reason) = HostAgent.How(await BentOrderTests.EndedAsync(host.Agent, id));
        Assert.Equal("timeout", state);
        Assert.Contains("a command may run for 1 s", reason, StringComparison.Ordinal);
        Assert.False(ProcFacts.IsLive(pid));
        Assert.Empty(host.Of("stubborn"));
        await host.UnharmedAsync();
    }

    /// <summary>It may: <c>systemctl restart nginx</c> leaves a free nginx. It holds the command's streams, and nobody waits for them.</summary>
    [Fact]
    public async Task A_command_that_forks_away_ends_with_its_first_process_and_what_it_left_is_not_ours()
    {
        host.Begin();
        var (id, pid) = await host.RunningAsync("away", "rest");
        try
        {
            Assert.Equal("ok", HostAgent.How(await BentOrderTests.EndedAsync(host.Agent, id)).State);
            Assert.True(ProcFacts.IsLive(pid));
            Assert.Equal(pid, Libc.getsid(pid));
        }
        finally
        {
            _ = Libc.kill(pid, Libc.SIGKILL);
        }

        await host.UnharmedAsync();
    }

    /// <summary>What moved to a session of its own is out of our hands, so the answer does not say that nothing is left.</summary>
    [Fact]
    public async Task A_cancel_says_that_what_moved_to_a_session_of_its_own_is_not_stopped()
    {
        host.Begin();
        var (id, _) = await host.RunningAsync("away-and-wait", "rest");
        try
        {
            await Eventually.TrueAsync(() => host.Of("rest").Count(pid => Libc.getsid(pid) == pid) == 1 && host.Of("rest").Count >= 2);
            await host.CancelAsync(id);
            var (state, reason) = HostAgent.How(await BentOrderTests.EndedAsync(host.Agent, id));
            Assert.Equal("cancelled", state);
            Assert.Contains("what it moved to a session of its own lives on", reason, StringComparison.Ordinal);
            Assert.All(host.Of("rest"), pid => Assert.NotEqual(host.Agent.Daemon.Pid, Libc.getsid(pid)));
        }
        finally
        {
            foreach (int pid in host.Of("rest"))
            {
                _ = Libc.kill(pid, Libc.SIGKILL);
            }
        }

        await host.UnharmedAsync();
    }

    [Fact]
    public async Task What_a_command_left_and_writes_on_and_on_is_not_read_on_and_on()
    {
        host.Begin();
        var answer = await host.GiveAsync("\"order\":\"exec\",\"command\":\"away-and-write\"", out string id);
        Assert.Equal(202, answer.Status);
        Assert.Equal("ok", HostAgent.How(await BentOrderTests.EndedAsync(host.Agent, id)).State);
        await Eventually.TrueAsync(() => host.Of("away-and-write").Count == 0); // its pipe has no reader
        await host.UnharmedAsync();
    }

    [Fact]
    public async Task A_command_that_closes_its_streams_and_sleeps_is_still_running_and_costs_nothing()
    {
        host.Begin();
        var (id, pid) = await host.RunningAsync("closed", "closed");
        int agent = host.Agent.Daemon.Pid;
        await Task.Delay(200); // it looks for an end soon after the streams' end
        long ticks = ProcFacts.CpuTicks(agent);
        await Task.Delay(1000);
        Assert.InRange(ProcFacts.CpuTicks(agent) - ticks, 0, 20); // hundredths of a second
        Assert.True(ProcFacts.IsLive(pid));
        var host1 = Assert.Single((await host.Agent.ReadAsync($"/v1/jobs/{id}/hosts")).GetProperty("items").EnumerateArray());
        Assert.Equal("running", host1.GetProperty("state").GetString());
        await host.CancelAsync(id);
        Assert.Equal("cancelled", HostAgent.How(await BentOrderTests.EndedAsync(host.Agent, id)).State);
        Assert.False(ProcFacts.IsLive(pid));
        await host.UnharmedAsync();
    }
}
