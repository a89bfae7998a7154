using System.Globalization;
using System.Numerics;
using System.Text;
using Deploy.Tests.EndToEnd.Harness;
using Xunit;

namespace Deploy.Tests.Attacks;

/// <summary>Every way to bend a signature, in one place each: refused, recorded, and nothing started.</summary>
[Trait("Category", "EndToEnd")]
public class BentSignatureTests(AttackedAgent agent) : IClassFixture<AttackedAgent>
{
    private const string Unknown = "unauthenticated";
    private const string NotTheKeys = "the signature is not the key's";

    [Fact]
    public Task What_is_bent_here_is_taken_when_it_is_not() => agent.TakenAsync(SignedRequest.Mark(agent.Alice));

    [Fact]
    public async Task No_signature_and_half_of_one()
    {
        await agent.RefusedAsync(Mark() with { Head = head => Without(Without(head, "Signature"), "Signature-Input") }, 401, Unknown, "is not signed");
        await agent.RefusedAsync(Mark() with { Head = head => Without(head, "Signature") }, 401, Unknown, "Signature is missing");
        await agent.RefusedAsync(Mark() with { Head = head => Without(head, "Signature-Input") }, 401, Unknown, "Signature-Input is missing");
        await agent.RefusedAsync(Mark() with { Head = head => Without(head, "Content-Digest") }, 401, Unknown, "Content-Digest is missing");
    }

    [Fact]
    public Task A_key_that_is_in_no_file() => agent.RefusedAsync(SignedRequest.Mark(agent.Stranger), 401, Unknown, "is not in");

    [Fact]
    public Task A_strangers_signature_under_a_known_keyid() =>
        agent.RefusedAsync(SignedRequest.Mark(agent.Stranger).WithHead(agent.Stranger.Key.Fingerprint, agent.Alice.Key.Fingerprint), 401, Unknown, NotTheKeys);

    [Fact]
    public async Task A_key_whose_line_is_taken_out_while_the_agent_runs()
    {
        await agent.TakenAsync(SignedRequest.Mark(agent.Leaving));
        agent.WriteOperators(withLeaving: false);
        await agent.RefusedAsync(SignedRequest.Mark(agent.Leaving), 401, Unknown, "is not in");
    }

    [Fact]
    public Task An_expired_key() => agent.RefusedAsync(SignedRequest.Mark(agent.Expired), 403, "not-allowed", "has expired");

    [Fact]
    public Task A_key_from_another_place_than_its_own() => agent.RefusedAsync(SignedRequest.Mark(agent.Elsewhere), 403, "not-allowed", "is not taken from 127.");

    [Fact]
    public async Task Each_byte_of_the_signature_flipped_and_what_they_cost_comes_back()
    {
        await agent.RefusedAsync(Mark() with { Signature = bytes => Flipped(bytes, 0) }, 401, Unknown, NotTheKeys);
        int descriptors = ProcFacts.Descriptors(agent.Daemon.Pid), refusals = agent.Refusals();
        long bytes = ProcFacts.ResidentBytes(agent.Daemon.Pid);
        var mark = Mark();
        for (int at = 0; at < 64; at++)
        {
            int place = at;
            var answer = await agent.AskAsync(mark with { Signature = bytes => Flipped(bytes, place) });
            Assert.True((answer.Status, answer.Problem) == (401, Unknown), $"byte {at}: {answer}");
            Assert.Contains(NotTheKeys, answer.Detail, StringComparison.Ordinal);
        }

        await agent.NothingAsync(mark.Nonce);
        await Eventually.TrueAsync(() => agent.Refusals() >= refusals + 64);
        await Eventually.TrueAsync(() => ProcFacts.Descriptors(agent.Daemon.Pid) <= descriptors + 2, () => $"{descriptors} descriptors became {ProcFacts.Descriptors(agent.Daemon.Pid)}");
        Assert.InRange(ProcFacts.ResidentBytes(agent.Daemon.Pid), 0, bytes + (64 * 1024 * 1024));
        await agent.TakenAsync(mark); // none of them used up its id
    }

    [Fact]
    public async Task A_changed_body_and_a_changed_digest()
    {
        var mark = Mark();
        byte[] other = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(mark.Body!).Replace("\"mark\"", "\"nark\"", StringComparison.Ordinal));
        byte[] longer = [.. mark.Body!, (byte)' '];
        await agent.RefusedAsync(mark with { Sent = other }, 401, Unknown, "the body is not the one that was signed");
        await agent.RefusedAsync(mark with { Sent = longer }, 401, Unknown, "the body is not the one that was signed");
        await agent.RefusedAsync(mark with { Sent = [] }, 401, Unknown);
        await agent.RefusedAsync((mark with { Sent = other }).WithHead(DigestOf(mark.Body!), DigestOf(other)), 401, Unknown, NotTheKeys);
        await agent.RefusedAsync(mark with { Digest = text => text.Replace("sha-256", "sha-512", StringComparison.Ordinal) }, 401, Unknown, "sha-256 alone");
        await agent.RefusedAsync(mark with { Digest = text => text + ", " + text }, 401, Unknown, "sha-256 alone");
        await agent.TakenAsync(mark);
    }

    [Theory]
    [InlineData("missing", """("@method" "@path" "@query" "content-type")""")]
    [InlineData("all missing", "()")]
    [InlineData("those of a request without a body", """("@method" "@path" "@query")""")]
    [InlineData("added", """("@method" "@path" "@query" "content-type" "content-digest" "@authority")""")]
    [InlineData("another in its place", """("@method" "@authority" "@query" "content-type" "content-digest")""")]
    [InlineData("reordered", """("@path" "@method" "@query" "content-type" "content-digest")""")]
    [InlineData("doubled", """("@method" "@path" "@query" "content-type" "content-digest" "content-digest")""")]
    public Task Covered_components_that_are_others_though_rightly_signed(string how, string components)
    {
        Assert.NotEmpty(how);
        return agent.RefusedAsync(Mark() with { Components = components }, 401, Unknown, "does not cover");
    }

    [Theory]
    [InlineData("tag=\"deploy-order-1\"", "tag=\"deploy-order-2\"", "tag that is neither")]
    [InlineData(";tag=\"deploy-order-1\"", "", "has not tag")]
    [InlineData(";created=", ";alg=\"ed25519\";created=", "gives alg")]
    [InlineData("tag=\"deploy-order-1\"", "tag=\"deploy-order-1\";alg=\"ed25519\"", "gives alg")]
    [InlineData("tag=\"deploy-order-1\"", "tag=\"deploy-order-1\";other=1", "goes on behind tag")]
    [InlineData("tag=\"deploy-order-1\"", "tag=\"deploy-order-1\";created=1", "goes on behind tag")]
    [InlineData(";created=", ";created=1;created=", "has not expires where")]
    [InlineData("\"SHA256:", "\"SHA512:", "no SHA256 fingerprint")]
    [InlineData(";expires=", ";expires=-", "expires that is no time")]
    public Task Parameters_that_are_others_though_rightly_signed(string what, string instead, string why) => agent.RefusedAsync(Mark().WithParameters(what, instead), 401, Unknown, why);

    [Fact]
    public async Task Signed_in_the_future_expired_and_for_too_long()
    {
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        await agent.RefusedAsync(Mark() with { Created = now + 200 }, 401, "clock-skew", "ahead of");
        await agent.RefusedAsync(SignedRequest.Mark(agent.Alice, life: -10) with { Created = now - 600 }, 403, "too-late", "expired");
        await agent.RefusedAsync(SignedRequest.Mark(agent.Alice, life: -60) with { Created = now - 30 }, 401, Unknown, "expires before it is created");
        await agent.RefusedAsync(SignedRequest.Mark(agent.Alice, life: 3 * 3600), 403, "not-allowed", "max_order_lifetime");
        await agent.RefusedAsync(Mark() with { Created = now - 9000 }, 403, "not-allowed", "max_order_lifetime");
        await agent.RefusedAsync(Mark() with { Created = now - 3600, Nonce = "01KAMQ3V000000000000000001" }, 401, Unknown, "its nonce is not the job's id");
        await agent.RefusedAsync(Mark() with { Expires = now + 300 }, 401, Unknown, "its expires is not the order's not_after");
    }

    [Fact]
    public async Task A_read_that_is_signed_for_more_than_a_minute_or_a_minute_ago()
    {
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var read = SignedRequest.Get(agent.Alice, "/v1/jobs");
        Assert.Equal(200, (await agent.AskAsync(read)).Status);
        Assert.Equal((401, Unknown), Both(await agent.AskAsync(read with { Expires = now + 90 })));
        Assert.Equal((401, "clock-skew"), Both(await agent.AskAsync(read with { Created = now - 200, Expires = now - 150 })));
        Assert.Equal((401, "clock-skew"), Both(await agent.AskAsync(read with { Created = now + 200, Expires = now + 220 })));
        Assert.Equal((401, Unknown), Both(await agent.AskAsync(read.WithHead("GET /v1/jobs ", "GET /v1/jobs?state=done "))));
        Assert.Equal((401, Unknown), Both(await agent.AskAsync(read.WithHead("GET /v1/jobs ", "HEAD /v1/jobs ")) with { Body = "{\"type\":\"urn:deploy:unauthenticated\"}" })); // HEAD has no body
    }

    [Fact]
    public async Task Two_signatures_and_a_label_that_is_another()
    {
        await agent.RefusedAsync(Mark() with { Head = head => Doubled(head, "Signature") }, 401, Unknown, "Signature stands there 2 times");
        await agent.RefusedAsync(Mark() with { Head = head => Doubled(head, "Signature-Input") }, 401, Unknown, "Signature-Input stands there 2 times");
        await agent.RefusedAsync(Mark().WithHead("==:\r\n", $"==:, two=:{new string('A', 86)}==:\r\n"), 401, Unknown, "more than one signature");
        await agent.RefusedAsync(Mark().WithHead("tag=\"deploy-order-1\"", "tag=\"deploy-order-1\", two=();created=1"), 401, Unknown, "more than one signature");
        await agent.RefusedAsync(Mark().WithHead("Signature: sig=", "Signature: gis="), 401, Unknown, "label");
        await agent.TakenAsync(Mark().WithHead(": sig=", ": other=")); // the label is nobody's
    }

    [Fact]
    public async Task The_same_signature_with_a_larger_S()
    {
        var order = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493", CultureInfo.InvariantCulture);
        await agent.RefusedAsync(
            Mark() with
            {
                Signature = bytes =>
                {
                    byte[] larger = (new BigInteger(bytes.AsSpan(32), isUnsigned: true) + order).ToByteArray(isUnsigned: true);
                    Array.Resize(ref larger, 32);
                    return [.. bytes[..32], .. larger];
                },
            },
            401,
            Unknown,
            NotTheKeys);
    }

    /// <summary>R the neutral element, S zero: where such a key is taken it fits every message.</summary>
    [Fact]
    public async Task A_key_of_small_order_stands_in_the_file_and_is_nobodys()
    {
        var mark = SignedRequest.Mark(agent.Stranger) with { Signature = _ => [1, .. new byte[63]] };
        string small = "SHA256:" + DigestOf(AttackedAgent.SmallOrder).TrimEnd('=');
        await agent.RefusedAsync(mark.WithHead(agent.Stranger.Key.Fingerprint, small), 401, Unknown, "is not in");
        await agent.RefusedAsync(mark.WithHead(agent.Stranger.Key.Fingerprint, agent.Alice.Key.Fingerprint), 401, Unknown, NotTheKeys);
        Assert.Contains(agent.Daemon.Log, line => line.Contains("authorized_operators:6:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_signature_that_is_written_in_another_way()
    {
        await agent.RefusedAsync(Mark().WithHead("==:\r\n", ":\r\n"), 401, Unknown, "canonical base64");
        await agent.RefusedAsync(Mark().WithHead("==:\r\n", "==\r\n"), 401, Unknown, "canonical base64");
        await agent.RefusedAsync(Mark() with { Signature = bytes => [.. bytes, 0] }, 401, Unknown, "canonical base64");
        await agent.RefusedAsync(Mark() with { Signature = bytes => bytes[..63] }, 401, Unknown, "canonical base64");
        await agent.RefusedAsync(Mark() with { Signature = _ => new byte[64] }, 401, Unknown, NotTheKeys);
    }

    private SignedRequest Mark() => SignedRequest.Mark(agent.Alice);

    private static (int, string) Both(RawAnswer answer) => (answer.Status, answer.Problem);

    private static string DigestOf(byte[] body) => Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(body));

    private static byte[] Flipped(byte[] bytes, int at) => [.. bytes.Select((one, place) => place == at ? (byte)(one ^ (1 << (at % 8))) : one)];

    private static string Line(string head, string name) => head.Split("\r\n").Single(line => line.StartsWith(name + ":", StringComparison.Ordinal)) + "\r\n";

    private static string Without(string head, string name) => SignedRequest.Replaced(head, "\r\n" + Line(head, name), "\r\n");

    private static string Doubled(string head, string name) => head + Line(head, name);
}
