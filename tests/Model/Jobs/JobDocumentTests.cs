using System.Text;
using System.Text.Json.Nodes;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tests.Model.Hosts;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Deploy.Tests.Model.Jobs;

public class JobDocumentTests
{
    private const string Id = "01KAMQ3V000000000000000000";
    private static readonly string Sync = $$"""{"id":"{{Id}}","order":"rsync","hosts":"db-1,web-[01-03]","group":"site"}""";
    private static readonly string Exec = $$"""{"id":"{{Id}}","order":"exec","hosts":"a","command":"df"}""";
    private static readonly string Digest = new('0', 64);

    [Fact]
    public void A_document_is_read_as_it_stands()
    {
        string text = $$"""
            { "id": "{{Id}}", "order": "rsync", "hosts": "db-1,web-[01-03]", "group": "site", "not_after": "2026-11-22T14:00:00+01:00", "plan": {"{{Digest}}": "web-[01-02]", "{{new string('f', 64)}}": "db-1,web-03"},
              "allow_delete": 7, "rollout": {"max_parallel": 5, "batches": "1, 10%, 100%", "canary": "1", "max_failures": "5%", "pause_after": 0, "on_failure": "stop", "health_check": false, "deadline_seconds": 60},
              "host_timeout_seconds": 9, "by": "jo@desk", "reason": "größer" }
            """;
        var document = Read(text);
        Assert.Equal(text, Encoding.UTF8.GetString(document.Bytes.Span));
        Assert.Equal((Order.Rsync, "site", 7, 9, "jo@desk", "größer"), (document.Spec.Order, document.Spec.What, document.Spec.AllowDelete, document.Spec.HostTimeoutSeconds, document.Spec.By, document.Spec.Reason));
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 13, 0, 0, TimeSpan.Zero), document.Spec.NotAfter);
        Assert.Equal("web-[01-02]", document.Spec.Plan![Digest]);
        Assert.Equal((5, "1, 10%, 100%", OnFailure.Stop, false), (document.Spec.Rollout!.MaxParallel, document.Spec.Rollout.Batches, document.Spec.Rollout.OnFailure, document.Spec.Rollout.HealthCheck));
        Assert.True(document.Hosts.Contains("WEB-02") && !document.Hosts.Contains("web-04"));
        Assert.Equal(document.Spec.Hosts, JobDocument.Of(document.Spec).Spec.Hosts);
        Assert.NotEqual(document.Digest(), JobDocument.Of(document.Spec).Digest());
        Assert.Equal(Sync, Encoding.UTF8.GetString(JobDocument.Of(Read(Sync).Spec).Bytes.Span));
    }

    [Fact]
    public void What_is_not_utf8_makes_no_document_and_no_other_name()
    {
        const string Odd = "/srv/d\uDCFF"; // as ByteText has a byte FF
        var sync = Read(Sync).Spec;
        var exec = Read(Exec).Spec;
        foreach (var spec in new[]
        {
            sync with { Group = Odd }, sync with { Group = null, Origin = "h::m/", Target = Odd }, sync with { Group = null, Origin = Odd, Target = "/x" }, sync with { Reason = Odd }, sync with { By = Odd },
            sync with { Hosts = "a\uDCFF" }, sync with { Plan = new Dictionary<string, string> { [Digest] = "a\uDCFF" } }, sync with { Rollout = new RolloutSpec { Batches = "1\uDCFF" } },
            exec with { Command = Odd }, exec with { Arguments = ["a", Odd] }, exec with { Arguments = ["\uD83D"] },
        })
        {
            Assert.False(JobDocument.TryOf(spec, out var document, out var problem));
            Assert.Null(document);
            Assert.Equal(422, problem.Status);
            Assert.Throws<ArgumentException>(() => JobDocument.Of(spec));
        }

        Assert.Equal(["größer \uD83D\uDE80"], JobDocument.Of(exec with { Arguments = ["größer \uD83D\uDE80"] }).Spec.Arguments!);
    }

    [Theory]
    [InlineData("status", "\"group\":\"site\"")]
    [InlineData("rlist", "\"group\":\"site\",\"keep\":true")]
    [InlineData("rsync", "\"origin\":\"h::m/\",\"target\":\"/srv/x\"")]
    [InlineData("rkill", "\"group\":\"site\"")]
    [InlineData("exec", "\"command\":\"df\",\"arguments\":[\"-h\",\"\",\"a b\\n\"]")]
    public void Each_order_has_its_members(string order, string members) => Read($$"""{"id":"{{Id}}","order":"{{order}}","hosts":"a",{{members}}}""");

    [Theory]
    [InlineData("", "no JSON", 400)]
    [InlineData("[]", "it is no object", 400)]
    [InlineData("[{}]", "the member 'id' is missing", 422)]
    [InlineData("null", "it is null", 400)]
    [InlineData("7", "it is no object", 400)]
    [InlineData("{", "no JSON", 400)]
    [InlineData("{} {}", "no JSON", 400)]
    [InlineData("{/**/}", "comments", 400)]
    [InlineData("{\"id\":1,}", "no JSON", 400)]
    [InlineData("\ufeff{}", "no JSON", 400)]
    [InlineData("{\"id\":\"\\ud800\"}", "half of a character", 400)]
    [InlineData("{\"\\ud800\":1}", "half of a character", 400)]
    [InlineData("{\"id\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}}}", "8 levels", 400)]
    [InlineData("{}", "the member 'id' is missing: a ULID", 422)]
    public void What_is_no_document_is_told(string text, string why, int status) => Assert.Equal(status, Refused(text, why).Status);

    [Fact]
    public void Bytes_that_are_no_utf8_are_no_document()
    {
        Assert.False(JobDocument.TryParse(Encoding.Latin1.GetBytes(Sync.Replace("site", "sit\u00e9", StringComparison.Ordinal)), out _, out var problem));
        Assert.Equal((400, "the body is no job document: its text is not UTF-8"), (problem.Status, problem.Detail));
        Assert.False(JobDocument.TryParse(new byte[Limits.DocumentBytes + 1], out _, out problem));
        Assert.Equal(413, problem.Status);
    }

    [Theory]
    [InlineData("\"id\":\"01KAMQ3V000000000000000000\"", "'id' stands in it twice", 400)]
    [InlineData("\"\\u0069d\":\"01KAMQ3V000000000000000000\"", "'id' stands in it twice", 400)]
    [InlineData("\"rollout\":{\"canary\":\"1\",\"canary\":\"1\"}", "'canary' stands in it twice", 400)]
    [InlineData("\"plan\":{\"a\":\"b\",\"a\":\"b\"}", "'a' stands in it twice", 400)]
    [InlineData("\"x\\u001b\":1", "upgrade the agent: it does not know the member 'x\\x1b'", 422)]
    [InlineData("\"what\":\"site\"", "it does not know the member 'what'", 422)]
    [InlineData("\"ID\":1", "upgrade the agent: it does not know the member 'ID'", 422)]
    [InlineData("\"rollout\":{\"pace\":1}", "it does not know the member 'pace' of rollout", 422)]
    [InlineData("\"reason\":null", "'reason' is, or holds, null", 400)]
    [InlineData("\"plan\":{\"a\":null}", "null", 400)]
    [InlineData("\"not_after\":\"2026-11-22T13:00:00\"", "'not_after' is not of its kind: a moment with Z", 422)]
    [InlineData("\"not_after\":\"tomorrow\"", "'not_after' is not of its kind", 422)]
    [InlineData("\"not_after\":7", "'not_after' is not of its kind", 422)]
    [InlineData("\"allow_delete\":1.5", "'allow_delete' is not of its kind", 422)]
    [InlineData("\"allow_delete\":\"1\"", "'allow_delete' is not of its kind", 422)]
    [InlineData("\"allow_delete\":99999999999", "'allow_delete' is not of its kind", 422)]
    [InlineData("\"allow_delete\":0", "'allow_delete' is not what it should be: a number from 1 to", 422)]
    [InlineData("\"allow_delete\":-1", "'allow_delete' is not what it should be", 422)]
    [InlineData("\"host_timeout_seconds\":0", "'host_timeout_seconds' is not", 422)]
    [InlineData("\"rollout\":[]", "'rollout' is not of its kind", 422)]
    [InlineData("\"rollout\":{\"max_parallel\":0}", "'rollout.max_parallel' is not", 422)]
    [InlineData("\"rollout\":{\"max_parallel\":\"5\"}", "'rollout.max_parallel' is not of its kind", 422)]
    [InlineData("\"rollout\":{\"on_failure\":\"panic\"}", "'rollout.on_failure' is not of its kind: stop or continue", 422)]
    [InlineData("\"rollout\":{\"batches\":\"half\"}", "'rollout.batches' is not", 422)]
    [InlineData("\"rollout\":{\"pause_after\":-1}", "'rollout.pause_after' is not", 422)]
    [InlineData("\"rollout\":{\"deadline_seconds\":0}", "'rollout.deadline_seconds' is not", 422)]
    [InlineData("\"plan\":{}", "'plan' is not what it should be", 422)]
    [InlineData("\"plan\":{\"abc\":\"a\"}", "'plan' is not what it should be: digests", 422)]
    [InlineData("\"plan\":[\"abc\"]", "'plan' is not of its kind", 422)]
    [InlineData("\"command\":\"df\"", "'command' does not go with the order rsync, but with exec", 422)]
    [InlineData("\"arguments\":[]", "'arguments' does not go with the order rsync", 422)]
    [InlineData("\"keep\":true", "'keep' does not go with the order rsync, but with rlist", 422)]
    [InlineData("\"origin\":\"h::m\"", "'origin' and 'target' stand beside 'group'", 422)]
    [InlineData("\"by\":\"\"", "'by' is not what it should be", 422)]
    [InlineData("\"by\":\"a\\nb\"", "'by' is not what it should be: who asks, one line", 422)]
    [InlineData("\"reason\":\"\\u202e\"", "'reason' is not", 422)]
    public void What_is_wrong_with_one_member_names_it(string member, string why, int status) => Assert.Equal(status, Refused(Sync.Insert(Sync.Length - 1, "," + member), why).Status);

    [Theory]
    [InlineData("\"hosts\":\"\"", "'hosts' names nobody")]
    [InlineData("\"hosts\":\",,\"", "'hosts' names nobody")]
    [InlineData("\"hosts\":\"a b\"", "'hosts' holds blanks")]
    [InlineData("\"hosts\":\"a,\\u0000\"", "'hosts' holds blanks")]
    [InlineData("\"hosts\":\"a,@web\"", "the member 'hosts', at letter 3: '@' in the hosts of a job")]
    [InlineData("\"hosts\":\"a[0-999999]\"", "more than 100000 hosts")]
    [InlineData("\"hosts\":[\"a\"]", "'hosts' is not of its kind")]
    [InlineData("\"id\":\"x\"", "'id' is not of its kind: a ULID")]
    [InlineData("\"order\":\"RSYNC\"", "'order' is not of its kind: status")]
    [InlineData("\"order\":\"exec\"", "'group' does not go with the order exec")]
    [InlineData("\"group\":\"\"", "'group' is not")]
    [InlineData("\"group\":\"a\\u0000\"", "'group' is not")]
    public void A_value_that_will_not_do_is_told(string member, string why)
    {
        string name = member.Split(':')[0].Trim('"');
        var document = JsonNode.Parse(Sync)!.AsObject();
        document[name] = JsonNode.Parse("{" + member + "}")![name]!.DeepClone();
        Assert.Equal(422, Refused(document.ToJsonString(), why).Status);
    }

    [Theory]
    [InlineData("\"order\":\"exec\",\"hosts\":\"a\"", "'command' is missing for exec")]
    [InlineData("\"order\":\"status\",\"hosts\":\"a\"", "'group' is missing for status")]
    [InlineData("\"order\":\"status\",\"hosts\":\"a\",\"origin\":\"h::m\"", "'target' is missing beside origin")]
    [InlineData("\"order\":\"status\",\"hosts\":\"a\",\"target\":\"/x\"", "'origin' is missing beside target")]
    [InlineData("\"order\":\"status\",\"group\":\"a\"", "'hosts' is missing")]
    [InlineData("\"hosts\":\"a\",\"group\":\"a\"", "'order' is missing")]
    [InlineData("\"order\":\"status\",\"hosts\":\"a\",\"group\":\"a\",\"rollout\":{}", "'rollout' does not go with the order status, but with rsync, exec")]
    [InlineData("\"order\":\"exec\",\"hosts\":\"a\",\"command\":\"df\",\"arguments\":[\"a\\u0000\"]", "'arguments' is not")]
    [InlineData("\"order\":\"exec\",\"hosts\":\"a\",\"command\":\"df\",\"arguments\":[1]", "'arguments' is not of its kind")]
    [InlineData("\"order\":\"exec\",\"hosts\":\"a\",\"command\":\"df\",\"arguments\":\"a\"", "'arguments' is not of its kind")]
    public void What_lacks_or_has_too_much_is_told(string members, string why) => Assert.Equal(422, Refused($$"""{"id":"{{Id}}",{{members}}}""", why).Status);

    [Fact]
    public void Arguments_have_a_number_and_a_length()
    {
        Refused(Exec.Insert(Exec.Length - 1, $",\"arguments\":[{string.Join(',', Enumerable.Repeat("\"\"", Limits.Arguments + 1))}]"), "'arguments' is not");
        Refused(Exec.Insert(Exec.Length - 1, $",\"arguments\":[\"{new string('x', Limits.ArgumentBytes + 1)}\"]"), "'arguments' is not");
        Read(Exec.Insert(Exec.Length - 1, $",\"arguments\":[\"{new string('x', Limits.ArgumentBytes)}\"]"));
    }

    [Fact(Timeout = 60_000)]
    public Task A_hundred_thousand_hosts_in_ever_so_many_words_are_read_at_once()
    {
        string hosts = string.Join(',', Enumerable.Range(0, Limits.HostTextBytes / 6).Select(number => $"h{number:x4}"));
        Read(Sync.Replace("db-1,web-[01-03]", hosts, StringComparison.Ordinal));
        Read(Sync.Replace("db-1,web-[01-03]", "a[00000-99999]", StringComparison.Ordinal));
        Refused(Sync.Replace("db-1,web-[01-03]", new string('a', Limits.HostTextBytes + 1), StringComparison.Ordinal), "longer than 256 KiB");
        return Task.CompletedTask;
    }

    [Fact]
    public void Of_any_text_a_document_comes_or_a_problem_and_nothing_else()
    {
        string[] seeds = [Sync, Exec, Sync.Insert(Sync.Length - 1, $$""","plan":{"{{Digest}}":"db-1"},"rollout":{"canary":"1"},"not_after":"2026-11-22T13:00:00Z" """)];
        var bits = Gen.Elements("{", "}", "[", "]", "\"", ":", ",", "null", "true", "1e9", "-", "\\u0000", "\\ud800", "\\", "\n", "\u0000", "\u00e9", "\"id\":", "\"rollout\":{", "\"hosts\":\"a\"", "é", "\ud800", "9", "web-[1-", "[1-2]");
        var cases = from seed in Gen.Elements(seeds)
                    from edits in (from at in Gen.Choose(0, 400) from cut in Gen.Choose(0, 9) from bit in bits select (at, cut, bit)).ListOf()
                    select edits.Aggregate(seed, (text, edit) => text.Remove(edit.at % (text.Length + 1), Math.Min(edit.cut, text.Length - (edit.at % (text.Length + 1)))).Insert(edit.at % (text.Length - Math.Min(edit.cut, text.Length - (edit.at % (text.Length + 1))) + 1), edit.bit));
        HostGen.Holds(cases, text =>
        {
            if (JobDocument.TryParse(Encoding.UTF8.GetBytes(text), out var document, out var problem))
            {
                Assert.Equal(document.Spec.Hosts, JobDocument.Of(document.Spec).Spec.Hosts);
            }
            else
            {
                Assert.Contains(problem.Status, new[] { 400, 413, 422 });
                Assert.Equal(problem.Detail, Deploy.Model.Text.SafeText.Of(problem.Detail));
            }
        });
    }

    private static JobDocument Read(string text)
    {
        Assert.True(JobDocument.TryParse(Encoding.UTF8.GetBytes(text), out var document, out var problem), problem?.Detail);
        return document;
    }

    private static Problem Refused(string text, string why)
    {
        Assert.False(JobDocument.TryParse(Encoding.UTF8.GetBytes(text), out _, out var problem), "it was taken");
        Assert.Contains(why, problem.Detail, StringComparison.Ordinal);
        return problem;
    }
}
