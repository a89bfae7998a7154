using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Deploy.Model;
using Deploy.Tests.Security.Keys;
using Xunit;

namespace Deploy.Tests.Attacks;

/// <summary>
/// A request that is right to the letter, made by hand from docs/signing.md and not by the product's own signer, so that it shares no mistake with it. A test bends it in one place: before it is
/// signed (the properties), or behind the signature (<see cref="Head"/>, <see cref="Sent"/>), as somebody on the way would.
/// </summary>
internal sealed record SignedRequest
{
    public const string WithBody = """("@method" "@path" "@query" "content-type" "content-digest")""";
    public const string WithoutBody = """("@method" "@path" "@query")""";

    /// <summary>Who signs.</summary>
    public required TestKey Key { get; init; }

    /// <summary>The job's id, or another number that is used once.</summary>
    public string Nonce { get; init; } = JobId.New(DateTimeOffset.UtcNow).ToString();

    public string Method { get; init; } = "POST";

    public string Target { get; init; } = "/v1/jobs";

    /// <summary>What is signed of it, and sent where <see cref="Sent"/> does not say otherwise; null for none.</summary>
    public byte[]? Body { get; init; }

    /// <summary>Unix seconds.</summary>
    public long Created { get; init; } = DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    /// <summary>Unix seconds.</summary>
    public long Expires { get; init; } = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 60;

    public string Tag { get; init; } = "deploy-order-1";

    /// <summary>The covered components as the field lists them; what is signed follows this list. Null takes the right ones.</summary>
    public string? Components { get; init; }

    /// <summary>Changes the parameters, components and all, before they are signed.</summary>
    public Func<string, string> Parameters { get; init; } = text => text;

    /// <summary>Changes the digest's field before it is signed.</summary>
    public Func<string, string> Digest { get; init; } = text => text;

    /// <summary>Changes the signature's 64 bytes.</summary>
    public Func<byte[], byte[]> Signature { get; init; } = bytes => bytes;

    /// <summary>Changes the head, from the request line to the last field's line end, once it is signed.</summary>
    public Func<string, string> Head { get; init; } = text => text;

    /// <summary>Sent in the place of the body that was signed, with a length of its own; null for that one.</summary>
    public byte[]? Sent { get; init; }

    /// <summary>The order <c>exec mark ID</c> on a host of this name, which leaves a mark of its id where it runs.</summary>
    /// <param name="key">Who signs.</param>
    /// <param name="hosts">As the document has them.</param>
    /// <param name="more">Further members, from a comma on.</param>
    /// <param name="life">Seconds until it expires.</param>
    public static SignedRequest Mark(TestKey key, string hosts = AttackedAgent.Name, string more = "", int life = 600)
    {
        var now = DateTimeOffset.UtcNow;
        string id = JobId.New(now).ToString();
        return Order(key, id, now.ToUnixTimeSeconds() + life, $$"""{"id":"{{id}}","order":"exec","hosts":"{{hosts}}","command":"mark","arguments":["{{id}}"]{{more}},"not_after":"{{Moment(now.ToUnixTimeSeconds() + life)}}"}""");
    }

    /// <summary>An order with a document of the test's own.</summary>
    public static SignedRequest Order(TestKey key, string id, long expires, string document) => new() { Key = key, Nonce = id, Expires = expires, Body = Encoding.UTF8.GetBytes(document) };

    /// <summary>Something that is read.</summary>
    public static SignedRequest Get(TestKey key, string target) => new() { Key = key, Method = "GET", Target = target };

    /// <summary>Unix seconds as documents have them.</summary>
    public static string Moment(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    /// <summary>A document's text with this in the place of that, which must be in it.</summary>
    public static string Replaced(string text, string what, string by)
    {
        Assert.Contains(what, text, StringComparison.Ordinal);
        return text.Replace(what, by, StringComparison.Ordinal);
    }

    /// <summary>The same with the head changed in one place.</summary>
    public SignedRequest WithHead(string what, string by) => this with { Head = text => Replaced(text, what, by) };

    /// <summary>The same with one place of the document changed, before it is signed.</summary>
    public SignedRequest WithDocument(string what, string by) => this with { Body = Encoding.UTF8.GetBytes(Replaced(Encoding.UTF8.GetString(Body!), what, by)) };

    /// <summary>The same with one place of the parameters changed, before they are signed.</summary>
    public SignedRequest WithParameters(string what, string by) => this with { Parameters = text => Replaced(text, what, by) };

    /// <summary>All of it, as it goes over the wire.</summary>
    public byte[] ToBytes()
    {
        string digest = Body is null ? string.Empty : Digest($"sha-256=:{Convert.ToBase64String(SHA256.HashData(Body))}:");
        string parameters = Parameters(string.Create(
            CultureInfo.InvariantCulture,
            $"{Components ?? (Body is null ? WithoutBody : WithBody)};created={Created};expires={Expires};nonce=\"{Nonce}\";keyid=\"{Key.Key.Fingerprint}\";tag=\"{Tag}\""));
        byte[] signature = Signature(Key.Sign(Base(digest, parameters)));
        byte[] body = Sent ?? Body ?? [];
        string fields = Body is null ? string.Empty : $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\nContent-Digest: {digest}\r\n";
        string head = Head($"{Method} {Target} HTTP/1.1\r\nHost: {AttackedAgent.Name}\r\nConnection: close\r\n{fields}Signature-Input: sig={parameters}\r\nSignature: sig=:{Convert.ToBase64String(signature)}:\r\n");
        return [.. Encoding.Latin1.GetBytes(head + "\r\n"), .. body];
    }

    /// <summary>The text that is signed: a line for each component that the list names, then the parameters.</summary>
    private string Base(string digest, string parameters)
    {
        int query = Target.IndexOf('?', StringComparison.Ordinal);
        var lines = new StringBuilder();
        foreach (string component in parameters[1..parameters.IndexOf(')', StringComparison.Ordinal)].Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string value = component switch
            {
                "\"@method\"" => Method,
                "\"@path\"" => query < 0 ? Target : Target[..query],
                "\"@query\"" => query < 0 ? "?" : Target[query..],
                "\"@authority\"" or "\"host\"" => AttackedAgent.Name,
                "\"content-type\"" => "application/json",
                "\"content-digest\"" => digest,
                _ => throw new ArgumentException(component),
            };
            lines.Append(CultureInfo.InvariantCulture, $"{component}: {value}\n");
        }

        return lines.Append(CultureInfo.InvariantCulture, $"\"@signature-params\": {parameters}").ToString();
    }
}
