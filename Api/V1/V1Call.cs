using System.Net;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;
using Deploy.Protocol.Sniffing;
using Deploy.Security.Callers;
using Deploy.Security.Rates;
using Deploy.Security.Signatures;
using Microsoft.AspNetCore.Http.Features;

namespace Deploy.Api.V1;

/// <summary>One request of the v1 API: its head, taken apart; its body, on demand.</summary>
/// <param name="context">As the server has it.</param>
internal sealed class V1Call(IFeatureCollection context)
{
    private ReadOnlyMemory<byte> body;
    private readonly IHttpRequestFeature request = context.GetRequiredFeature<IHttpRequestFeature>();

    /// <summary>Address and port of the peer.</summary>
    public IPEndPoint From { get; } = context.GetRequiredFeature<IHttpConnectionFeature>() is var connection ? new IPEndPoint(connection.RemoteIpAddress ?? IPAddress.None, connection.RemotePort) : null!;

    /// <summary>As it came; methods are told apart by case (RFC 9110 9.1).</summary>
    public string Method => request.Method;

    /// <summary>True for HEAD: GET's answer without its body.</summary>
    public bool IsHead => Method == "HEAD";

    /// <summary>The target as it came.</summary>
    public string Target => request.RawTarget;

    /// <summary>The parts of the path, decoded one by one, so that an encoded slash parts nothing; empty ones stay.</summary>
    public string[] Path { get; } = [.. context.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0][1..].Split('/').Select(Uri.UnescapeDataString)];

    /// <summary>The parameters of the query; null where one stands in it twice.</summary>
    public IReadOnlyDictionary<string, string>? Query { get; } = QueryOf(context.GetRequiredFeature<IHttpRequestFeature>().RawTarget);

    /// <summary>The parts of the path that a route names, by its name for them.</summary>
    public IReadOnlyDictionary<string, string> Named { get; set; } = new Dictionary<string, string>();

    /// <summary>Whether its route takes what has waited; see <see cref="Routes.V1Route.MayWait"/>.</summary>
    public bool MayWait { get; set; }

    /// <summary>Fires when the peer is known to have left, or is cut off.</summary>
    public CancellationToken Aborted { get; } = context.GetRequiredFeature<IHttpRequestLifetimeFeature>().RequestAborted;

    /// <summary>Who calls; null on a route that is open to all. Set by the guard, once it is known, also where it may not.</summary>
    public Caller? Caller { get; set; }

    /// <summary>Its peer has shown who it is: the connection does not count among those that have not.</summary>
    public void Proved() => context.Get<ConnectionShares.Place>()?.Dispose();

    /// <summary>Whether it came by TLS.</summary>
    public bool IsSecure => context.Get<SecureChannel>() is not null;

    /// <summary>The signature's fields as they came, to go on unchanged; null where it is not signed.</summary>
    public RequestProof? Proof => Caller?.Signature is null ? null : new RequestProof(Header("Signature-Input"), Header("Signature"), Header("Content-Digest") is { Length: > 0 } digest ? digest : null);

    /// <summary>What the gate looks at.</summary>
    /// <param name="access">What the route asks.</param>
    public GateRequest ForGate(Access access) => new()
    {
        Head = new RequestHead
        {
            Method = Method,
            Target = Target,
            ContentType = Lines("Content-Type"),
            ContentDigest = Lines("Content-Digest"),
            SignatureInput = Lines("Signature-Input"),
            Signature = Lines("Signature"),
            HasBody = HasBody,
        },
        Peer = From.Address,
        IsSecure = IsSecure,
        Access = access,
        MayWait = MayWait,
        Host = Header("Host"),
        Origin = Header("Origin"),
        Bearer = Header("Authorization") is var words && words.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? new Secret(words["Bearer ".Length..].Trim()) : null,
    };

    /// <summary>A header's value; empty where it is not there.</summary>
    public string Header(string name) => request.Headers[name].ToString();

    /// <summary>A parameter's value; null where it is not there.</summary>
    public string? Parameter(string name) => Query?.GetValueOrDefault(name);

    /// <summary>Whether the peer names this media type among those that it takes; a range (<c>*/*</c>) names none.</summary>
    public bool Accepts(string mediaType) => Header("Accept").Split(',').Any(one =>
        one.Split(';', StringSplitOptions.TrimEntries) is [var type, .. var rest] && type.Equals(mediaType, StringComparison.OrdinalIgnoreCase) && !rest.Contains("q=0"));

    /// <summary>Who asks, where no document says so.</summary>
    /// <param name="daemon">What the daemon calls itself.</param>
    public Asker Asker(string daemon)
    {
        var caller = Caller; // it may be remembered longer than the call
        return Known(new Asker(From.ToString(), By())) with { Refusal = spec => caller?.Refusal(spec, daemon) };
    }

    /// <summary>Who asks by a document.</summary>
    public Asker Asker(JobDocument document) => Known(new Asker(From.ToString(), document.Spec.By, Header(V1Names.HostHeader) is { Length: > 0 } host ? host : null));

    /// <summary>Why there is no body to read; null where there is one of JSON, of a length that is known and not over the limit.</summary>
    public Problem? NoJson()
    {
        if (request.Headers.TransferEncoding.Count > 0 || request.Headers.ContentLength is null)
        {
            return new Problem(ProblemTypes.LengthRequired, 411, "length required", "a body has a Content-Length here, and no transfer coding");
        }

        if (request.Headers.ContentLength > Limits.DocumentBytes)
        {
            return new Problem(ProblemTypes.TooLarge, 413, "too large", $"a body has at most {Limits.DocumentBytes} bytes, this one has {request.Headers.ContentLength}");
        }

        return Header("Content-Type").Split(';')[0].Trim().Equals(V1Names.Json, StringComparison.OrdinalIgnoreCase)
            ? null
            : new Problem(ProblemTypes.MediaType, 415, "not JSON", $"the body's Content-Type is {V1Names.Json} here") { Hint = "curl --json does it" };
    }

    /// <summary>True where a body comes, or may come.</summary>
    public bool HasBody => request.Headers.TransferEncoding.Count > 0 || request.Headers.ContentLength > 0;

    /// <summary>The body; empty before <see cref="ReadAsync"/>.</summary>
    public ReadOnlyMemory<byte> Body => body;

    /// <summary>Reads the body, once; ask <see cref="NoJson"/> first.</summary>
    public async Task ReadAsync()
    {
        if (context.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = Limits.DocumentBytes;
        }

        body = await RequestBody.ReadAsync(request.Body).ConfigureAwait(false);
    }

    /// <summary>What the gate knows beats what the asker says of itself.</summary>
    private Asker Known(Asker said) => Caller is null or { IsUnsigned: true } ? said : said with
    {
        By = Caller.Name,
        Key = Caller.Key,
        Proof = Proof,
        Signed = Caller.Signature?.Claims.Created,
        HostGroups = Caller.ApiKey?.Groups,
    };

    private string[] Lines(string name) => request.Headers[name] is var values && values.Count == 0 ? [] : [.. values.Select(value => value ?? string.Empty)];

    private string? By() => Header(V1Names.ByHeader) is { Length: > 0 } by ? Model.Text.SafeText.Of(by, SpecRules.ByLetters) : null;

    private static Dictionary<string, string>? QueryOf(string target)
    {
        var query = new Dictionary<string, string>(StringComparer.Ordinal);
        string[] parts = target.Split('?', 2);
        foreach (string pair in parts.Length < 2 ? [] : parts[1].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] sides = pair.Split('=', 2);
            if (!query.TryAdd(Uri.UnescapeDataString(sides[0]), sides.Length < 2 ? string.Empty : Uri.UnescapeDataString(sides[1])))
            {
                return null;
            }
        }

        return query;
    }
}
