using System.Net;
using System.Text;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Text;
using Deploy.Security;
using Deploy.Security.Audit;
using Deploy.Security.Channel;
using Deploy.Security.Keys;
using Deploy.Security.Operators;
using Deploy.Security.Signatures;
using Deploy.Tests.Fixtures;
using Deploy.Tests.Security.Signatures;
using Xunit;
using Xunit.Abstractions;

namespace Deploy.Tests.Fuzz;

/// <summary>Who may what: signatures, files of keys and their rights, the lists of peers and of targets.</summary>
public class AuthorityFuzzTests(ITestOutputHelper output)
{
    private static readonly RequestHead[] Signed = [SignedRequest.Post, SignedRequest.Get];

    [Fact]
    public Task No_request_but_the_one_that_was_signed_is_taken() => Fuzzer.RunAsync(
        new FuzzTarget("Signature", Signature)
        {
            Words = ["Signature-Input: ", "Signature: ", "Content-Digest: ", "Content-Type: ", "sig=", "sig=:", ";created=", ";alg=\"ed25519\"", ";nonce=\"", "deploy-hop-1", "sha-512=:", "?", "\n\n", "GET", "POST", "(\"@method\" \"@path\" \"@query\")"],
            More = Signed.Select((head, at) => Text(head, at == 0 ? SignedRequest.Body : [])),
            Inputs = 20_000,
        }, output);

    [Fact]
    public Task Known_agents_are_all_read_or_none() => Fuzzer.RunAsync(
        new FuzzTarget("KnownAgents", Known) { Words = ["next:", "deploy1-", "web-001 10.2.0.7 3440 ", "#", "::1", "3440", "\n"], Inputs = 10_000 }, output);

    [Fact]
    public Task No_line_of_operators_gives_more_than_it_says() => Fuzzer.RunAsync(
        new FuzzTarget("OperatorFile", Operators)
        {
            Words = ["orders=\"", "groups=\"", "commands=\"", "from=\"", "expiry-time=\"", "allow-delete", "read", "status", "rsync", "exec", "10.0.0.0/8", "0/0", "010.0.0.0/8", "[::1]:99/128", "10.1/16", "::/0", "20270101", "\",", "\" ssh-ed25519 ", "restrict,"],
            Inputs = 10_000,
        }, output);

    [Fact]
    public Task An_audit_log_is_whole_only_where_its_records_are_those_that_were_written() => Fuzzer.RunAsync(
        new FuzzTarget("AuditChain", Chain) { Words = ["\"seq\":1", "\"first\":true", "\"torn\":\"", "\"torn_bytes\":1", "\"prev\":\"", "\n", "}\n{"], More = Logs.Select(log => (byte[])[.. log.SelectMany(line => line)]), Inputs = 10_000 }, output);

    [Fact]
    public Task An_entry_of_the_list_of_peers_means_what_stands_there() => Fuzzer.RunAsync(
        new FuzzTarget("AddressRules", Peers) { Words = ["10.0.0.0/8", "/0", "/32", "/128", "::", "::ffff:", "%1", "[", "]", ":99", "0x7f", "010", "."], Inputs = 30_000 }, output);

    [Fact]
    public Task A_target_that_is_allowed_lies_below_an_allowed_path() => Fuzzer.RunAsync(
        new FuzzTarget("TargetRules", Target) { Words = ["/fuzz-no-such/site", "/../", "/./", "//", "..", "/etc"], Inputs = 4_000, MostAllocated = 96 * 1024 * 1024 }, output);

    [Fact]
    public Task A_key_of_the_legacy_wire_is_of_its_minute() => Fuzzer.RunAsync(
        new FuzzTarget("LegacyKey", Legacy) { More = [Encoding.ASCII.GetBytes(LegacyKey.Make(Cipher, Now).Reveal())], Inputs = 30_000 }, output);

    private static readonly Secret Cipher = new("s3cret");
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1795345165);
    private static readonly HashSet<string> LegacyKeys = [.. Enumerable.Range(-59, 119).Select(second => LegacyKey.Make(Cipher, Now.AddSeconds(second)).Reveal())];
    private static readonly TargetRules Rules = new(["/fuzz-no-such/site", "/fuzz-no-such/b/"]);
    private static readonly byte[][][] Logs = [Log(1, 6), Log(4, 5)];

    private static byte[] Text(RequestHead head, byte[] body)
    {
        var text = new StringBuilder($"{head.Method} {head.Target}\n");
        void Lines(string name, IReadOnlyList<string> values) => text.AppendJoin(string.Empty, values.Select(value => $"{name}: {value}\n"));
        Lines("Content-Type", head.ContentType);
        Lines("Content-Digest", head.ContentDigest);
        Lines("Signature-Input", head.SignatureInput);
        Lines("Signature", head.Signature);
        return [.. Encoding.ASCII.GetBytes(text.Append('\n').ToString()), .. body];
    }

    private static void Signature(byte[] input)
    {
        int end = input.AsSpan().IndexOf("\n\n"u8) is >= 0 and var at ? at : input.Length;
        byte[] body = input[Math.Min(input.Length, end + 2)..];
        string[] lines = ByteText.FromBytes(input.AsSpan(0, end)).Split('\n');
        string[] Field(string name) => [.. lines.Skip(1).Where(line => line.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase)).Select(line => line[(name.Length + 2)..])];
        string[] first = lines[0].Split(' ', 2);
        var head = new RequestHead
        {
            Method = first[0],
            Target = first.ElementAtOrDefault(1) ?? string.Empty,
            ContentType = Field("Content-Type"),
            ContentDigest = Field("Content-Digest"),
            SignatureInput = Field("Signature-Input"),
            Signature = Field("Signature"),
            HasBody = body.Length > 0,
        };
        if (!UnverifiedSignature.TryRead(head, out var signature, out string? why))
        {
            Holds.Safe(why);
            return;
        }

        Assert.True(SignatureInput.TryRead(head.SignatureInput[0], head.HasBody, out var read, out _));
        Assert.Equal(SignatureInput.Write(read.Claims, head.HasBody), read.Parameters);
        Assert.Equal($"{read.Label}={read.Parameters}", head.SignatureInput[0]);
        Assert.True(!head.HasBody || (ContentDigest.TryRead(head.ContentDigest[0], out byte[]? digest) && $"sha-256=:{Convert.ToBase64String(digest)}:" == head.ContentDigest[0]));
        if (signature.TryVerify(SignedRequest.Key.Key, out var verified, out why) && verified.Covers(body))
        {
            var one = Assert.Single(Signed, good => good.Method == head.Method && good.Target == head.Target && good.HasBody == head.HasBody);
            Assert.Equal(one.ContentType, head.ContentType);
            Assert.Equal(one.ContentDigest, head.ContentDigest);
            Assert.Equal(one.HasBody ? SignedRequest.Body : [], body);
            Assert.EndsWith(read.Parameters, one.SignatureInput[0], StringComparison.Ordinal);
        }
    }

    private static void Known(byte[] input)
    {
        KnownAgents agents;
        try
        {
            agents = KnownAgents.Parse("known_agents", Encoding.UTF8.GetString(input));
        }
        catch (UserError error)
        {
            Holds.Safe(error);
            return;
        }

        Assert.Equal(Named(agents.All), Named(KnownAgents.Parse("known_agents", agents.ToString()).All));
        foreach (var agent in agents.All.Take(3))
        {
            Holds.Safe(agent.ToString());
            Assert.Equal(agent.ToString(), agents.Find(agent.Name, agent.Name, agent.Port)?.ToString());
            var others = Named(agents.All.Where(one => one != agent));
            Assert.Equal(others, Named(agents.Without(agent).All));
            var changed = agents.With(agent with { Address = "changed.example" });
            Assert.Equal(others.Append($"{agent with { Address = "changed.example" }}").Order(), Named(changed.All).Order());
            Assert.Equal(agents.ToString().Count(letter => letter == '#'), changed.ToString().Count(letter => letter == '#')); // comments stay
        }

        static string[] Named(IEnumerable<KnownAgent> all) => [.. all.Select(one => one.ToString())];
    }

    private static void Operators(byte[] input)
    {
        string text = Encoding.UTF8.GetString(input);
        var (operators, mistakes) = OperatorFile.Parse(text);
        string[] lines = text.Split('\n');
        Assert.True(operators.Count + mistakes.Count <= lines.Length);
        Assert.All(mistakes, mistake => Holds.Safe(mistake.What));
        Assert.All(mistakes, mistake => Assert.InRange(mistake.Line, 1, lines.Length));
        Assert.Equal(operators.Count, operators.DistinctBy(one => one.Key.Fingerprint).Count());
        foreach (var one in operators)
        {
            string key = Convert.ToBase64String(one.Key.Blob.Span);
            string line = lines.Where((text, at) => text.Contains(key, StringComparison.Ordinal) && !text.TrimStart(' ', '\t', '\r').StartsWith('#') && mistakes.All(mistake => mistake.Line != at + 1)).First();
            string options = line[..line.IndexOf("ssh-ed25519", StringComparison.Ordinal)];
            bool named = options.Contains("orders=\"", StringComparison.Ordinal);
            Assert.All(one.Rights.Orders, order => Assert.True(!named || options.Contains(order.Word(), StringComparison.Ordinal), line));
            Assert.True(!one.Rights.AllowDelete || !named || options.Contains("allow-delete", StringComparison.Ordinal), line);
            Assert.Equal(options.Contains("groups=\"", StringComparison.Ordinal), one.Rights.Groups is not null);
            Assert.Equal(options.Contains("commands=\"", StringComparison.Ordinal), one.Rights.Commands is not null);
            Assert.Equal(options.Contains("expiry-time=\"", StringComparison.Ordinal), one.Expires is not null);
            Assert.Equal(options.Contains("from=\"", StringComparison.Ordinal), one.From is not null);
            foreach (string word in one.From is null ? [] : options.Split("from=\"")[1].Split('"')[0].Split(',', StringSplitOptions.TrimEntries))
            {
                // Four numbers as they stand there: 010.0.0.0/8 is not 8.0.0.0/8, nor 10.1/16 a block.
                string host = word.Split('/')[0];
                Assert.True(host.Contains(':', StringComparison.Ordinal) ? host.IndexOfAny(['[', ']']) < 0 : IPAddress.Parse(host).ToString() == host, line);
            }
        }
    }

    /// <summary>A log as the daemon writes one, from a number on.</summary>
    private static byte[][] Log(long first, int records)
    {
        var lines = new List<byte[]>();
        string prev = first == 1 ? AuditLine.NoHash : new string('a', 64);
        var entry = new AuditEntry { Ask = AuditAsk.Order, Order = "rsync", What = "site", Hosts = "web-[01-20]", Peer = IPAddress.Loopback, Who = new AuditWho(AuditBy.Operator, "alice", "SHA256:x"), Reason = "release 7" };
        for (long at = first; at < first + records; at++)
        {
            var line = AuditLine.Of(entry with { What = $"site-{at}" }, DateTimeOffset.UnixEpoch.AddDays(20_000 + at)) with { Seq = at, Prev = prev, First = at == first ? true : null };
            lines.Add(line.ToBytes());
            prev = AuditLine.HashOf(lines[^1]);
        }

        return [.. lines];
    }

    private static void Chain(byte[] input)
    {
        using var chain = new AuditChain(null);
        chain.Read("audit.ndjson", new MemoryStream(input));
        var verdict = chain.Verdict();
        if (verdict is AuditVerdict.Broken broken)
        {
            Holds.Safe(broken.What);
            return;
        }

        var whole = (AuditVerdict.Whole)verdict;

        // The last record is vouched for by its hash alone, which nobody has here; all before it by the next.
        byte[][] records = [.. Lines(input).Where(line => AuditLine.TryRead(line, out _))];
        Assert.Equal(records.Length, whole.Head.Seq == 0 ? 0 : whole.Head.Seq - whole.First + 1);
        string[] old = [.. records.SkipLast(1).Select(Convert.ToHexString)];
        Assert.True(old.Length == 0 || Logs.Any(log => IsRunOf(old, [.. log.Select(Convert.ToHexString)])), "a record was changed and it does not show");

        static bool IsRunOf(string[] part, string[] all) => Enumerable.Range(0, all.Length).Any(at => all.Skip(at).Take(part.Length).SequenceEqual(part));
    }

    private static IEnumerable<byte[]> Lines(byte[] input) => AuditLines.Of(new MemoryStream(input)).Select(line => line.ToArray());

    private static void Peers(byte[] input)
    {
        string text = ByteText.FromBytes(input);
        if (!AddressRules.IsEntry(text))
        {
            return;
        }

        string host = text.Split('/')[0];
        if (!IPAddress.TryParse(host, out var address))
        {
            Assert.DoesNotContain('/', text);
            Assert.Contains(text, char.IsAsciiLetter);
            return;
        }

        Assert.True(address.ToString() == host || host.Contains(':', StringComparison.Ordinal), text);
        Assert.True(host.IndexOfAny(['[', ']']) < 0, text);
        var rules = new AddressRules([text], TimeProvider.System, new ListLog());
        Assert.True(address.IsIPv4MappedToIPv6 || rules.AllowsAsync(address, CancellationToken.None).AsTask().Result, text);
        var other = IPAddress.Parse(address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? "203.0.113.77" : "2001:db8:77::77");
        Assert.True(text.EndsWith("/0", StringComparison.Ordinal) || text.Contains('/', StringComparison.Ordinal) || address.Equals(other) || !rules.AllowsAsync(other, CancellationToken.None).AsTask().Result, text);
    }

    private static void Target(byte[] input)
    {
        string path = ByteText.FromBytes(input);
        foreach (bool configured in (bool[])[true, false])
        {
            if (Rules.Check(path, configured) is TargetVerdict.Allowed allowed)
            {
                Assert.True(TargetRules.IsBelow(allowed.RealPath, "/fuzz-no-such/site") || TargetRules.IsBelow(allowed.RealPath, "/fuzz-no-such/b"), path);
                Assert.DoesNotContain("..", allowed.RealPath.Split('/'));
                Assert.DoesNotContain(allowed.RealPath, char.IsControl);
            }
        }
    }

    /// <summary>Zeros in front of the time, which stand behind it as 1, change nothing of it.</summary>
    private static void Legacy(byte[] input)
    {
        string key = ByteText.FromBytes(input);
        Assert.True(!LegacyKey.Verify(key, Cipher, Now) || LegacyKeys.Any(good => key.StartsWith(good, StringComparison.Ordinal) && key[good.Length..].All(letter => letter == '1')), key);
    }
}
