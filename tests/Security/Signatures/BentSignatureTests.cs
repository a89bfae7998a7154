using System.Globalization;
using System.Numerics;
using Deploy.Security.Signatures;
using Deploy.Tests.Security.Keys;
using Xunit;

namespace Deploy.Tests.Security.Signatures;

/// <summary>Every way in which a signed request can be of another form, or of other content, each with its reason.</summary>
public class BentSignatureTests
{
    private const string Cover = "Signature-Input does not cover";
    private const string NotPlace = "has not ";

    private static readonly string Input = SignedRequest.Post.SignatureInput[0];
    private static readonly string Value = SignedRequest.Post.Signature[0];
    private static readonly string Digest = SignedRequest.Post.ContentDigest[0];

    /// <summary>What stands in Signature-Input, what instead, the reason.</summary>
    public static TheoryData<string, string, string> BentInputs => new()
    {
        { "sig=", "", "does not begin with a label" },
        { "sig=", "=", "does not begin with a label" },
        { "sig=", "Sig=", "does not begin with a label" },
        { "sig=", "1sig=", "does not begin with a label" },
        { "sig=", "abcdefghijklmnopq=", "does not begin with a label" },
        { "sig=", " sig=", "does not begin with a label" },
        { "sig=", "sig =", "does not begin with a label" },
        { "sig=", "sig= ", Cover },
        { "sig=", "sig;a=1, b=", "does not begin with a label" },
        { "\"@method\" ", "", Cover },
        { "\"@path\" ", "", Cover },
        { " \"content-digest\"", "", Cover },
        { " \"content-type\" \"content-digest\"", "", Cover },
        { "\"@method\" \"@path\"", "\"@path\" \"@method\"", Cover },
        { "\"@query\"", "\"@query\" \"@query\"", Cover },
        { "\"content-digest\")", "\"content-digest\" \"content-digest\")", Cover },
        { "\"content-digest\")", "\"content-digest\" \"@authority\")", Cover },
        { "\"@method\"", "\"@method\";req", Cover },
        { "\"content-type\"", "\"content-type\";bs", Cover },
        { "\"@query\"", "\"@query-param\";name=\"a\"", Cover },
        { "\"@path\"", "\"@target-uri\"", Cover },
        { "\"@method\" \"@path\"", "\"@method\"  \"@path\"", Cover },
        { "(\"", "( \"", Cover },
        { "\"content-type\"", "\"Content-Type\"", Cover },
        { ");", ") ;", NotPlace + "created" },
        { ";created=", "; created=", NotPlace + "created" },
        { ";created=1795345165", "", NotPlace + "created" },
        { ";expires=1795348765", "", NotPlace + "expires" },
        { ";nonce=\"01KAMQ3V000000000000000001\"", "", NotPlace + "nonce" },
        { ";tag=\"deploy-order-1\"", "", NotPlace + "tag" },
        { ";created=1795345165;expires=1795348765", ";expires=1795348765;created=1795345165", NotPlace + "created" },
        { ";expires=", ";created=1795345165;expires=", NotPlace + "expires" },
        { ";expires=", ";alg=\"ed25519\";expires=", "gives alg" },
        { "tag=\"deploy-order-1\"", "tag=\"deploy-order-1\";alg=\"ed25519\"", "gives alg" },
        { ");created", ");alg=\"rsa-pss-sha512\";created", "gives alg" },
        { "tag=\"deploy-order-1\"", "tag=\"deploy-order-1\";other=1", "goes on behind tag" },
        { "tag=\"deploy-order-1\"", "tag=\"deploy-order-1\";tag=\"deploy-order-1\"", "goes on behind tag" },
        { "tag=\"deploy-order-1\"", "tag=\"deploy-order-1\" ", "goes on behind tag" },
        { "tag=\"deploy-order-1\"", "tag=\"deploy-order-1\", other=()", "more than one signature" },
        { "tag=\"deploy-order-1\"", "tag=\"deploy-order-1\",sig=()", "more than one signature" },
        { "tag=\"deploy-order-1\"", "tag=\"deploy-order-2\"", "tag that is neither" },
        { "tag=\"deploy-order-1\"", "tag=\"deploy-order-1", "a tag that does not end" },
        { "tag=\"deploy-order-1\"", "tag=deploy-order-1", NotPlace + "tag" },
        { "tag=\"deploy-order-1\"", "tag=\"\"", "tag that is neither" },
        { "tag=\"deploy-order-1\"", "tag=\"deploy-order-1\\\"\"", "tag that is neither" },
        { "=1795345165", "=01795345165", "created that is no time" },
        { "=1795345165", "=+1795345165", "created that is no time" },
        { "=1795345165", "=-1", "created that is no time" },
        { "=1795345165", "=", "created that is no time" },
        { "=1795345165", "=0", "created that is no time" },
        { "=1795345165", "=1795345165.0", "created that is no time" },
        { "=1795345165", "=\"1795345165\"", "created that is no time" },
        { "=1795345165", "=1795345165 ", "created that is no time" },
        { "=1795348765", "=99999999999999999999999999", "expires that is no time" },
        { "=1795348765", "=4294967296", "expires that is no time" },
        { "=1795348765", "=1795345165", "expires before it is created" },
        { "=1795348765", "=1795345164", "expires before it is created" },
        { "\"01KAMQ3V000000000000000001\"", "\"01kamq3v000000000000000001\"", "no ULID in capitals" },
        { "\"01KAMQ3V000000000000000001\"", "\"\"", "no ULID in capitals" },
        { "\"01KAMQ3V000000000000000001\"", "\"01KAMQ3V00000000000000000\"", "no ULID in capitals" },
        { "\"01KAMQ3V000000000000000001\"", "\"01KAMQ3V00000000000000000I\"", "no ULID in capitals" },
        { "\"01KAMQ3V000000000000000001\"", "\"81KAMQ3V000000000000000001\"", "no ULID in capitals" },
        { "\"SHA256:", "\"sha256:", "no SHA256 fingerprint" },
        { "\"SHA256:", "\"", "no SHA256 fingerprint" },
        { "\"SHA256:", "\"SHA256:A", "no SHA256 fingerprint" },
    };

    [Theory]
    [MemberData(nameof(BentInputs))]
    public void A_bent_Signature_Input_is_refused_with_its_reason(string what, string instead, string why)
    {
        Assert.Contains(what, Input, StringComparison.Ordinal);
        Refused(SignedRequest.Post with { SignatureInput = [Input.Replace(what, instead, StringComparison.Ordinal)] }, why);
    }

    [Fact]
    public void A_field_stands_there_once_in_one_line_of_ASCII()
    {
        var post = SignedRequest.Post;
        Refused(post with { SignatureInput = [] }, "Signature-Input is missing");
        Refused(post with { SignatureInput = [Input, Input] }, "Signature-Input stands there 2 times");
        Refused(post with { Signature = [] }, "Signature is missing");
        Refused(post with { Signature = [Value, Value] }, "Signature stands there 2 times");
        Refused(post with { ContentDigest = [] }, "Content-Digest is missing");
        Refused(post with { ContentDigest = [Digest, Digest] }, "Content-Digest stands there 2 times");
        Refused(post with { ContentType = [] }, "Content-Type is missing");
        Refused(post with { ContentType = ["application/json", "application/json"] }, "Content-Type stands there 2 times");
        Refused(post with { SignatureInput = [Input.Replace(";nonce", "\r\n ;nonce", StringComparison.Ordinal)] }, "not plain ASCII in one line");
        Refused(post with { SignatureInput = [Input.Replace(";nonce", "\t;nonce", StringComparison.Ordinal)] }, "not plain ASCII in one line");
        Refused(post with { SignatureInput = [Input + "\u00e9"] }, "not plain ASCII in one line");
        Refused(post with { Signature = [Value + "\0"] }, "not plain ASCII in one line");
        Refused(post with { SignatureInput = [Input + new string(' ', 1024)] }, "more than 1024 characters");
    }

    [Fact]
    public void The_signature_is_one_of_64_bytes_in_canonical_base64_under_the_same_label()
    {
        void Is(string value, string why) => Refused(SignedRequest.Post with { Signature = [value] }, why);
        Is(Value.Replace("sig=", "gis=", StringComparison.Ordinal), "does not begin with the label");
        Is(Value.Replace("sig=", "sig= ", StringComparison.Ordinal), "does not begin with the label");
        Is(Value + ", " + Value, "more than one signature");
        Is(Value + ",b=:AA==:", "more than one signature");
        Is(Value + ";a=1", "64 bytes in canonical base64");
        Is(Value[..^1], "64 bytes in canonical base64");
        Is("sig=:", "64 bytes in canonical base64");
        Is("sig=::", "64 bytes in canonical base64");
        Is("sig=:AA==:", "64 bytes in canonical base64");
        Is(Value.Replace("==:", ":", StringComparison.Ordinal), "64 bytes in canonical base64");
        Is(Value.Replace("==:", "= =:", StringComparison.Ordinal), "64 bytes in canonical base64");

        // The last letter before the padding has four bits that nobody reads.
        char last = Value[^4];
        Assert.Contains(last, "AQgw");
        Is($"{Value[..^4]}{(char)(last + 1)}==:", "64 bytes in canonical base64");
    }

    [Fact]
    public void Type_and_digest_are_as_the_profile_has_them_and_stand_by_a_body_alone()
    {
        var post = SignedRequest.Post;
        foreach (string type in new[] { "application/json; charset=utf-8", "Application/JSON", "application/json ", "text/plain", "" })
        {
            Refused(post with { ContentType = [type] }, "Content-Type is not application/json");
        }

        foreach (string digest in new[] { "", "sha-256=::", "sha-256=:", "SHA-256" + Digest[7..], "sha-512" + Digest[7..], Digest + ", " + Digest, Digest + ";a", " " + Digest, Digest.Replace("=:", ":", StringComparison.Ordinal), "sha-256=:AAAA:" })
        {
            Refused(post with { ContentDigest = [digest] }, "Content-Digest is not sha-256 alone");
        }

        Refused(post with { HasBody = false }, "Content-Type is there without a body");
        Refused(post with { HasBody = false, ContentType = [] }, "Content-Digest is there without a body");
        Refused(post with { HasBody = false, ContentType = [], ContentDigest = [] }, Cover);
        Refused(SignedRequest.Get with { HasBody = true }, "Content-Type is missing");
        Refused(SignedRequest.Get with { HasBody = true, ContentType = ["application/json"], ContentDigest = [Digest] }, Cover);
        Assert.Equal("the body is not the one that was signed", SignedRequest.Refusal(SignedRequest.Get, [1]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("v1/jobs")]
    [InlineData("*")]
    [InlineData("https://host/v1/jobs?wait=1")]
    [InlineData("/v1/jobs?wait=1#x")]
    [InlineData("/v1/jobs?wait= 1")]
    [InlineData("/v1/jobs?wait=\u00e9")]
    [InlineData("/v1/jobs?wait=1\n\"@method\": GET")]
    [InlineData("/v1/jobs\0")]
    [InlineData("/v1/jobs?")]
    public void A_target_of_another_form_is_refused(string target) => Refused(SignedRequest.Post with { Target = target }, "the target");

    [Theory]
    [InlineData("")]
    [InlineData("post")]
    [InlineData("POST ")]
    [InlineData("P\nST")]
    [InlineData("PPPPPPPPPPPPPPPPPPPP")]
    public void A_method_of_another_form_is_refused(string method) => Refused(SignedRequest.Post with { Method = method }, "the method");

    [Fact]
    public void What_is_of_the_form_and_not_what_was_signed_does_not_verify()
    {
        const string Not = "the signature is not the key's";
        var post = SignedRequest.Post;
        Refused(post with { Method = "PUT" }, Not);
        Refused(post with { Target = "/v1/jobs" }, Not);
        Refused(post with { Target = "/v1/jobs?wait=2" }, Not);
        Refused(post with { Target = "/v1/job?wait=1" }, Not);
        Refused(post with { Target = "/v1/jobs%3Fwait=1" }, Not);
        Refused(post with { SignatureInput = [Input.Replace("=1795345165", "=1795345164", StringComparison.Ordinal)] }, Not);
        Refused(post with { SignatureInput = [Input.Replace("=1795348765", "=1795348766", StringComparison.Ordinal)] }, Not);
        Refused(post with { SignatureInput = [Input.Replace("01KAMQ3V000000000000000001", "01KAMQ3V000000000000000002", StringComparison.Ordinal)] }, Not);
        Refused(post with { SignatureInput = [Input.Replace("deploy-order-1", "deploy-hop-1", StringComparison.Ordinal)] }, Not);
        Refused(post with { SignatureInput = [Input.Replace(SignedRequest.Key.Key.Fingerprint, new TestKey(9).Key.Fingerprint, StringComparison.Ordinal)] }, "the signature names another key");

        // A whole other body with its right digest.
        byte[] other = [.. SignedRequest.Body, (byte)' '];
        Assert.Contains(Not, SignedRequest.Refusal(post with { ContentDigest = [ContentDigest.Of(other)] }, other), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_byte_of_the_signature_and_of_the_body_counts()
    {
        byte[] good = Convert.FromBase64String(Value["sig=:".Length..^1]);
        for (int at = 0; at < good.Length; at++)
        {
            byte[] bent = [.. good];
            bent[at] ^= (byte)(1 << (at % 8));
            Refused(SignedRequest.Post with { Signature = [$"sig=:{Convert.ToBase64String(bent)}:"] }, "not the key's");
        }

        for (int at = 0; at < SignedRequest.Body.Length; at++)
        {
            byte[] bent = [.. SignedRequest.Body];
            bent[at] ^= 1;
            Assert.Equal("the body is not the one that was signed", SignedRequest.Refusal(SignedRequest.Post, bent));
        }

        Assert.Equal("the body is not the one that was signed", SignedRequest.Refusal(SignedRequest.Post, []));
        Assert.Equal("the body is not the one that was signed", SignedRequest.Refusal(SignedRequest.Post, [.. SignedRequest.Body, 0]));
    }

    [Fact]
    public void A_second_form_of_the_same_signature_is_refused()
    {
        var order = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493", CultureInfo.InvariantCulture);
        byte[] good = Convert.FromBase64String(Value["sig=:".Length..^1]);
        byte[] larger = (new BigInteger(good.AsSpan(32), isUnsigned: true) + order).ToByteArray(isUnsigned: true);
        Array.Resize(ref larger, 32);
        Refused(SignedRequest.Post with { Signature = [$"sig=:{Convert.ToBase64String([.. good[..32], .. larger])}:"] }, "not the key's");
    }

    [Fact]
    public void Any_bent_head_is_refused_unless_only_the_label_changed()
    {
        var random = new Random(9421);
        for (int round = 0; round < 30_000; round++)
        {
            string input = round % 3 == 0 ? Input : Bend.Text(Input, random);
            string value = round % 3 == 1 ? Value : Bend.Text(Value, random);
            var head = SignedRequest.Post with { SignatureInput = [input], Signature = [value], ContentDigest = [round % 5 == 0 ? Bend.Text(Digest, random) : Digest], Target = round % 7 == 0 ? Bend.Text(SignedRequest.Target, random) : SignedRequest.Target };
            string? why = SignedRequest.Refusal(head);
            bool same = After(input) == After(Input) && After(value) == After(Value) && head.ContentDigest[0] == Digest && head.Target == SignedRequest.Target;
            Assert.True(why is not null || same, $"taken: {input} {value}");
            Assert.True(why is null || !why.AsSpan().ContainsAnyExceptInRange(' ', '~'), why);
        }
    }

    /// <summary>What stands behind the label.</summary>
    private static string After(string field) => field[(field.IndexOf('=', StringComparison.Ordinal) + 1)..];

    private static void Refused(RequestHead head, string why) => Assert.Contains(why, SignedRequest.Refusal(head) ?? "(taken)", StringComparison.Ordinal);
}
