using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs.Json;

namespace Deploy.Model.Jobs;

/// <summary>A job's document: the bytes as they were sent, which go on unchanged, and what they say.</summary>
internal sealed class JobDocument
{
    private JobDocument(ReadOnlyMemory<byte> bytes, JobSpec spec, FrozenHosts hosts) => (Bytes, Spec, Hosts) = (bytes, spec, hosts);

    /// <summary>As it was sent.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    public JobSpec Spec { get; }

    /// <summary>The hosts, for membership without expanding.</summary>
    public FrozenHosts Hosts { get; }

    /// <summary>The signature that came with the bytes, and goes on with them; null for none.</summary>
    public RequestProof? Proof { get; private init; }

    /// <summary>The same document with a signature; null for none.</summary>
    public JobDocument Signed(RequestProof? proof) => new(Bytes, Spec, Hosts) { Proof = proof };

    /// <summary>The same document with the moment until which it may start, which it does not say: its bytes and this member, so that it is always the same document.</summary>
    public JobDocument Until(DateTimeOffset notAfter)
    {
        int open = Bytes.Span.IndexOf((byte)'{') + 1;
        byte[] member = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\"not_after\":\"{notAfter.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}\","));
        return new JobDocument((byte[])[.. Bytes.Span[..open], .. member, .. Bytes.Span[open..]], Spec with { NotAfter = DateTimeOffset.FromUnixTimeSeconds(notAfter.ToUnixTimeSeconds()) }, Hosts);
    }

    /// <summary>SHA-256 of the bytes: two documents of one id are the same job where this is equal.</summary>
    public byte[] Digest() => SHA256.HashData(Bytes.Span);

    /// <summary>The document of a spec that is made here.</summary>
    /// <exception cref="ArgumentException">It is none that <see cref="TryParse"/> takes: a bug of the maker, or words of the user that were not checked.</exception>
    public static JobDocument Of(JobSpec spec) => TryOf(spec, out var document, out var problem) ? document : throw new ArgumentException(problem.Detail);

    /// <summary>The document of a spec that is made here. The spec is checked before it is written: the writer puts U+FFFD in the place of what is not UTF-8, and that is another name.</summary>
    public static bool TryOf(JobSpec spec, [NotNullWhen(true)] out JobDocument? document, [NotNullWhen(false)] out Problem? problem)
    {
        document = null;
        return SpecRules.TryCheck(spec, out _, out problem) && TryParse(JsonSerializer.SerializeToUtf8Bytes(spec, V1Json.Default.JobSpec), out document, out problem);
    }

    /// <summary>Reads and checks a document: its text (<see cref="DocumentText"/>), the kinds of its members, what they say (<see cref="SpecRules"/>).</summary>
    /// <param name="bytes">The body of the request; kept.</param>
    /// <param name="document">What it says.</param>
    /// <param name="problem">Why it is refused: 400 where it is no document, 422 where what it says cannot be done here, 413 where it is too large.</param>
    public static bool TryParse(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out JobDocument? document, [NotNullWhen(false)] out Problem? problem)
    {
        document = null;
        problem = DocumentText.Check(bytes.Span);
        if (problem is not null)
        {
            return false;
        }

        JobSpec spec;
        try
        {
            spec = JsonSerializer.Deserialize(bytes.Span, V1Json.Default.JobSpec)!;
        }
        catch (JsonException e)
        {
            problem = SpecRules.Broken(Member(e.Path), "is not of its kind");
            return false;
        }

        if (!SpecRules.TryCheck(spec, out var hosts, out problem))
        {
            return false;
        }

        document = new JobDocument(bytes, spec, hosts);
        return true;
    }

    /// <summary>The member that a path of the deserializer leads to: <c>$.arguments[2]</c> is <c>arguments</c>.</summary>
    private static string Member(string? path)
    {
        string[] names = (path ?? string.Empty).Split(['.', '['], StringSplitOptions.RemoveEmptyEntries);
        return names is ["$", "rollout", var inner, ..] ? $"rollout.{inner}" : names is ["$", var name, ..] ? name : string.Empty;
    }
}

/// <summary>A signature as it stood in the head of a request (RFC 9421, RFC 9530): words that go on unchanged to whoever is asked next. Nobody has checked it.</summary>
/// <param name="SignatureInput">The value of Signature-Input.</param>
/// <param name="Signature">The value of Signature.</param>
/// <param name="ContentDigest">The value of Content-Digest; null for a request without a body.</param>
internal sealed record RequestProof(string SignatureInput, string Signature, string? ContentDigest);
