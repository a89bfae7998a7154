using System.Text;
using Deploy.Jobs.Relay.Judging;
using Deploy.Modes.Client;
using Deploy.Model;
using Deploy.Protocol;
using Deploy.Protocol.Receiving;
using Deploy.Tests.Protocol;
using Xunit;

namespace Deploy.Tests.Modes.Client;

public class JudgeTests
{
    private const string Host = "web1";

    [Theory]
    [InlineData("status", "plain_status_changes", "ok")]
    [InlineData("status", "plain_status_uptodate", "unchanged")]
    [InlineData("status", "plain_status_new", "ok")] // the original counts 0 and 5 bytes there: not nothing
    [InlineData("rlist", "plain_rlist_changes", "ok")]
    [InlineData("rlist", "plain_rlist_quote", "ok")]
    [InlineData("status", "plain_status_running", "ok")]
    [InlineData("rsync", "plain_rsync", "ok")]
    [InlineData("rsync", "plain_rsync_running", "refused")]
    [InlineData("rkill", "plain_rkill_none", "unchanged")]
    [InlineData("rkill", "plain_rkill_running", "ok")]
    [InlineData("exec", "plain_exec_echo", "ok")]
    [InlineData("exec", "plain_exec_exit3", "failed")]
    [InlineData("status", "plain_status_E_badmod", "failed")]
    [InlineData("rsync", "plain_rsync_E_badmod", "failed")]
    [InlineData("status", "plain_status_E_empty", "refused")]
    [InlineData("status", "plain_status_E_notallowed", "refused")]
    [InlineData("exec", "proxy_bad_apikey", "refused")]
    [InlineData("status", "proxy_status_groups", "ok,ok")]
    [InlineData("exec", "proxy_mixed_failures", "ok,unknown,unreachable")]
    [InlineData("exec", "proxy_empty_hosts", "failed")]
    [InlineData("exec", "proxy_agent_err400", "refused")]
    [InlineData("rlist", "proxy_agent_nojson", "failed")]
    public void Recorded_answers_become_states(string order, string name, string states) =>
        Assert.Equal(states, States(Judge(order).Of(Host, Outcome(WireRecording.FromServer(name)))));

    [Theory]
    [InlineData("status", "unreachable,unreachable,timeout,failed,refused,cancelled,cancelled")]
    [InlineData("rlist", "unreachable,unreachable,timeout,failed,refused,cancelled,cancelled")]
    [InlineData("rsync", "unreachable,unreachable,unknown,unknown,refused,cancelled,unknown")]
    [InlineData("rkill", "unreachable,unreachable,unknown,unknown,refused,cancelled,unknown")]
    [InlineData("exec", "unreachable,unreachable,unknown,unknown,refused,cancelled,unknown")]
    public void Without_an_answer_what_may_have_started_is_unknown(string order, string states)
    {
        LegacyOutcome[] outcomes =
        [
            new NotReached("web1", 3440, "connection refused"), new TimedOut(TimeSpan.FromSeconds(5), false, ""), new TimedOut(TimeSpan.FromSeconds(5), true, ""),
            new NoAnswer("it closed"), new Mismatch(true), new Interrupted(false), new Interrupted(true),
        ];
        Assert.Equal(states, string.Join(',', outcomes.Select(outcome => States(Judge(order).Of(Host, outcome)))));
    }

    [Theory]
    [InlineData("rsync", "HTTP/1.1 401 Unauthorized\r\n\r\n", "refused")]
    [InlineData("rsync", "HTTP/1.1 404 Not Found\r\n\r\n", "refused")]
    [InlineData("rsync", "HTTP/1.1 408 Request Timeout\r\n\r\n", "unknown")]
    [InlineData("rlist", "HTTP/1.1 408 Request Timeout\r\n\r\n", "timeout")]
    [InlineData("rsync", "HTTP/1.1 500 Oops\r\n\r\n", "unknown")]
    [InlineData("rsync", "HTTP/1.1 204 None\r\n\r\n", "unknown")]
    [InlineData("rsync", "HTTP/1.1 200 OK\r\n\r\n", "unknown")]
    [InlineData("rsync", "HTTP/1.1 200 OK\r\n\r\n<html>", "unknown")]
    [InlineData("rsync", "HTTP/1.1 200 OK\r\n\r\n{\"return\": \"maybe\"}", "unknown")]
    [InlineData("rsync", "HTTP/1.1 200 OK\r\n\r\n[]", "unknown")]
    [InlineData("status", "HTTP/1.1 200 OK\r\n\r\n{\"return\": \"true\"}", "failed")]
    [InlineData("status", "HTTP/1.1 200 OK\r\n\r\n{\"return\": \"true\", \"transferFilesCount\": \"-1\"}", "failed")]
    [InlineData("rlist", "HTTP/1.1 200 OK\r\n\r\n{\n\"return\": \"true\",\n\"transferFilesCount\": \"2\",\n\"transferNewFiles\": [\n\"a\"b\",", "failed")]
    [InlineData("rsync", "HTTP/1.1 200 OK\r\n\r\n{\"a\": {\"rsync\": {\"serverStatus\": 1, \"returnCode\": 200, \"content\": {\"return\": \"true\", \"checksum\": \"x\"}}}}", "ok")]
    [InlineData("rsync", "HTTP/1.1 200 OK\r\n\r\n{\"a\": {\"status\": {}}}", "unknown")]
    public void Odd_answers_are_never_taken_for_success(string order, string wire, string states) =>
        Assert.Equal(states, States(Judge(order).Of(Host, Outcome(Encoding.ASCII.GetBytes(wire)))));

    [Fact]
    public void A_host_that_the_proxy_does_not_name_is_not_lost()
    {
        var run = new Judge(Order.Exec, "hosts:127.0.0.1,WEB9, web9").Of(Host, Outcome(WireRecording.FromServer("proxy_exec_hosts")));
        Assert.Equal([("127.0.0.1", HostState.Ok), ("WEB9", HostState.Unknown)], run.Reports.Select(report => (report.Host, report.State)));
    }

    [Theory]
    [InlineData("deploy: error: one\ndeploy: hint: no\nx\ndeploy: error: two\ndeploy: hint: yes\n", "two", "yes")]
    [InlineData("noise\n@ERROR: Unknown module 'x'\nrsync error: y\n", "@ERROR: Unknown module 'x'", null)]
    [InlineData("rsync: [sender] z\r\n", "rsync: [sender] z", null)]
    [InlineData("nothing of use\n", null, null)]
    [InlineData("", null, null)]
    public void The_reason_is_found_in_what_was_said(string said, string? reason, string? hint) =>
        Assert.Equal((reason, hint), Reasons.Of(Encoding.UTF8.GetBytes(said)));

    [Fact]
    public void Exit_codes_are_the_hosts_bits_and_11_and_12_only_where_all_refused()
    {
        static int Code(params HostReport[] reports) => ClientRun.ExitCode(reports);
        static HostReport Report(HostState state, bool key = false) => new() { Host = "h", State = state, Authentication = key };
        Assert.Equal(0, Code(Report(HostState.Ok), Report(HostState.Unchanged)));
        Assert.Equal(2, Code(Report(HostState.Ok), Report(HostState.Failed)));
        Assert.Equal(4, Code(Report(HostState.Unknown)));
        Assert.Equal(6, Code(Report(HostState.Refused), Report(HostState.Unreachable)));
        Assert.Equal(11, Code(Report(HostState.Refused), Report(HostState.Refused, key: true)));
        Assert.Equal(12, Code(Report(HostState.Refused, key: true), Report(HostState.Refused, key: true)));
        Assert.Equal(2, Code(Report(HostState.Refused, key: true), Report(HostState.Ok)));
    }

    private static Judge Judge(string word)
    {
        Assert.True(Orders.TryParse(word, out var order));
        return new Judge(order, string.Empty);
    }

    private static LegacyOutcome Outcome(byte[] wire)
    {
        var reader = new ResponseReader(new ReceiveBudget(1 << 24));
        return reader.Feed(wire) ?? reader.Close();
    }

    private static string States(Judgement run) => string.Join(',', run.Reports.Select(report => report.State.Word()).Order(StringComparer.Ordinal));
}
