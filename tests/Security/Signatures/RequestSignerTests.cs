using System.Text;
using Deploy.Security.Signatures;
using Deploy.Security.Sodium;
using Deploy.Tests.Security.Keys;
using Xunit;

namespace Deploy.Tests.Security.Signatures;

public class RequestSignerTests
{
    [Fact]
    public void What_is_signed_is_read_and_verified_with_all_that_it_says()
    {
        Assert.True(UnverifiedSignature.TryRead(SignedRequest.Post, out var signature, out _));
        Assert.True(signature.TryVerify(SignedRequest.Key.Key, out var verified, out _) && verified.Covers(SignedRequest.Body));
        Assert.Equal(SignedRequest.Claims with { KeyId = SignedRequest.Key.Key.Fingerprint }, verified.Claims);
        Assert.Equal(SignedRequest.Key.Key, verified.Key);
        Assert.Null(SignedRequest.Refusal(SignedRequest.Get));
    }

    [Fact]
    public void The_fields_and_the_base_are_as_the_document_says()
    {
        var proof = SignedRequest.Proof("POST", SignedRequest.Target, SignedRequest.Body);
        string parameters = """("@method" "@path" "@query" "content-type" "content-digest");created=1795345165;expires=1795348765;nonce="01KAMQ3V000000000000000001";keyid="KEY";tag="deploy-order-1" """.TrimEnd()
            .Replace("KEY", SignedRequest.Key.Key.Fingerprint, StringComparison.Ordinal);
        string text = $"\"@method\": POST\n\"@path\": /v1/jobs\n\"@query\": ?wait=1\n\"content-type\": application/json\n\"content-digest\": {proof.ContentDigest}\n\"@signature-params\": {parameters}";
        Assert.Equal("sig=" + parameters, proof.SignatureInput);
        Assert.Equal($"sig=:{Convert.ToBase64String(SignedRequest.Key.Sign(text))}:", proof.Signature);

        var read = SignedRequest.Proof("GET", "/v1/self", null);
        string bare = parameters.Replace(""" "content-type" "content-digest")""", ")", StringComparison.Ordinal);
        Assert.Equal($"sig=:{Convert.ToBase64String(SignedRequest.Key.Sign($"\"@method\": GET\n\"@path\": /v1/self\n\"@query\": ?\n\"@signature-params\": {bare}"))}:", read.Signature);
        Assert.Null(read.ContentDigest);
    }

    // RFC 9530, appendix D.
    [Fact]
    public void The_digest_is_that_of_RFC_9530()
    {
        byte[] body = Encoding.ASCII.GetBytes("{\"hello\": \"world\"}");
        Assert.Equal("sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:", ContentDigest.Of(body));
        Assert.True(ContentDigest.TryRead(ContentDigest.Of(body), out byte[]? digest));
        Assert.True(ContentDigest.IsOf(body, digest));
        Assert.False(ContentDigest.IsOf([], digest));
    }

    [Fact]
    public void Any_label_is_taken_that_stands_in_both_fields()
    {
        foreach (string label in new[] { "a", "*", "sig1", "x-y_z.*", "abcdefghijklmnop" })
        {
            Assert.Null(SignedRequest.Refusal(SignedRequest.Post with
            {
                SignatureInput = [SignedRequest.Post.SignatureInput[0].Replace("sig=", label + "=", StringComparison.Ordinal)],
                Signature = [SignedRequest.Post.Signature[0].Replace("sig=", label + "=", StringComparison.Ordinal)],
            }));
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/v1/jobs/01KA/hosts?state=failed,partial&cursor=a%20b?c")]
    [InlineData("/v1/hosts??")]
    [InlineData("//v1/../%2F~!$&'()*+,;=:@")]
    public void A_target_is_signed_as_it_stands(string target) => Assert.Null(SignedRequest.Refusal(RequestHead.Of("GET", target, SignedRequest.Proof("GET", target, null))));

    [Fact]
    public async Task What_nobody_would_take_is_not_signed()
    {
        static async Task Sign(SignatureClaims claims, string method, string target) => await RequestSigner.SignAsync(SignedRequest.Key, claims, method, target, null, CancellationToken.None);
        await Assert.ThrowsAsync<ArgumentException>(() => Sign(SignedRequest.Claims, "GET", "/v1/jobs?"));
        await Assert.ThrowsAsync<ArgumentException>(() => Sign(SignedRequest.Claims, "get", "/v1/jobs"));
        await Assert.ThrowsAsync<ArgumentException>(() => Sign(SignedRequest.Claims, "GET", "/v1/\u00e9"));
        await Assert.ThrowsAsync<ArgumentException>(() => Sign(SignedRequest.Claims with { Tag = "other" }, "GET", "/"));
        await Assert.ThrowsAsync<ArgumentException>(() => Sign(SignedRequest.Claims with { Nonce = "1" }, "GET", "/"));
        await Assert.ThrowsAsync<ArgumentException>(() => Sign(SignedRequest.Claims with { Expires = SignedRequest.Created }, "GET", "/"));
    }

    [Fact]
    public void A_signature_of_another_key_is_refused_and_so_is_the_wrong_key()
    {
        Assert.True(UnverifiedSignature.TryRead(SignedRequest.Post, out var signature, out _));
        Assert.False(signature.TryVerify(new TestKey(8).Key, out _, out string? why));
        Assert.Equal("the signature names another key", why);

        // Signed by one, named as another's.
        string parameters = SignedRequest.Post.SignatureInput[0]["sig=".Length..].Replace(SignedRequest.Key.Key.Fingerprint, new TestKey(8).Key.Fingerprint, StringComparison.Ordinal);
        byte[] text = SignatureBase.Of("POST", SignedRequest.Target, RequestSigner.ContentType, SignedRequest.Post.ContentDigest[0], parameters);
        var forged = SignedRequest.Post with { SignatureInput = ["sig=" + parameters], Signature = [$"sig=:{Convert.ToBase64String(Ed25519.Sign(text, SignedRequest.Key.Secret))}:"] };
        Assert.True(UnverifiedSignature.TryRead(forged, out signature, out _));
        Assert.False(signature.TryVerify(new TestKey(8).Key, out _, out why));
        Assert.Contains("not the key's", why, StringComparison.Ordinal);
    }
}
