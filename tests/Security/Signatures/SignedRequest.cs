using System.Text;
using Deploy.Model.Jobs;
using Deploy.Security.Signatures;
using Deploy.Tests.Security.Keys;

namespace Deploy.Tests.Security.Signatures;

/// <summary>Good requests of tests, whose parts a test then bends.</summary>
internal static class SignedRequest
{
    public const string Nonce = "01KAMQ3V000000000000000001";
    public const string Target = "/v1/jobs?wait=1";

    public static readonly TestKey Key = new(7);
    public static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"id":"01KAMQ3V000000000000000001","order":"status","hosts":"web-001"}""");
    public static readonly DateTimeOffset Created = DateTimeOffset.FromUnixTimeSeconds(1795345165);
    public static readonly SignatureClaims Claims = new(Created, Created.AddHours(1), Nonce, string.Empty, SignatureTags.Order);

    public static readonly RequestHead Post = RequestHead.Of("POST", Target, Proof("POST", Target, Body));
    public static readonly RequestHead Get = RequestHead.Of("GET", "/v1/self", Proof("GET", "/v1/self", null));

    public static RequestProof Proof(string method, string target, byte[]? body) =>
        RequestSigner.SignAsync(Key, Claims, method, target, body is null ? default(ReadOnlyMemory<byte>?) : body, CancellationToken.None).AsTask().Result;

    /// <summary>Null where it is of the form, and signed by the key; else why not.</summary>
    public static string? Refusal(RequestHead head, byte[]? body = null) => !UnverifiedSignature.TryRead(head, out var signature, out string? why) ? why
        : !signature.TryVerify(Key.Key, out var verified, out why) ? why
        : verified.Covers(body ?? (head.HasBody ? Body : [])) ? null : "the body is not the one that was signed";
}
