using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Text;
using Deploy.Security.Files;
using Deploy.Security.Operators;
using Deploy.Security.Signatures;

namespace Deploy.Security.Callers;

/// <summary>
/// Says of every request of the v1 API who calls: an operator or a proxy by a signature, a script by an API key, or a user of this host where unsigned requests are taken over the loopback. What
/// cannot be told is refused, with the reason and the next step. Any thread.
/// </summary>
/// <param name="settings">As it is in force.</param>
/// <param name="operators">Who may.</param>
/// <param name="time">The clock.</param>
internal sealed class RequestGate(Func<GateSettings> settings, OperatorBook operators, TimeProvider time)
{
    /// <summary>How far two clocks may be apart. // security.md</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);

    /// <summary>The longest life of the signature of a read, and of an act that does not wait anywhere. // security.md</summary>
    public static readonly TimeSpan ReadLife = TimeSpan.FromSeconds(60);

    private readonly OrderMemory acts = new(Limits.RememberedOrders);
    private readonly DateTimeOffset began = time.GetUtcNow();

    /// <summary>Whether plain v1 of this peer is let through to <see cref="TryAdmit"/>, which may refuse it still: this host's own.</summary>
    public static bool MayConnect(IPAddress peer) => IPAddress.IsLoopback(peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer);

    /// <summary>Admits a request by its head; <see cref="BodyMistake"/> has to be asked of its body.</summary>
    /// <param name="request">As it came.</param>
    /// <param name="caller">Who calls, also one that is known and may not (403); null for a route that is open, and where nobody knows.</param>
    /// <param name="problem">Why it is refused: 401 where nobody knows who calls, 403 where it may not.</param>
    public bool TryAdmit(GateRequest request, out Caller? caller, [NotNullWhen(false)] out Problem? problem)
    {
        caller = null;
        problem = request.Origin.Length > 0 ? Not("the request comes from a web page (it has an Origin); this API is for programs")
            : !request.IsSecure && !IsOurs(request.Host) ? Not("its Host is a name of somebody else's; ask for localhost, an address, or this daemon's name")
            : null;
        if (problem is not null || (request.Access == Access.Open && (request.IsSecure || MayConnect(request.Peer))))
        {
            return problem is null;
        }

        (caller, problem) = !request.IsSecure ? Plain(request) : request.Bearer is not null ? Script(request) : Signed(request);
        return problem is null;
    }

    /// <summary>Why the body of a request that was admitted is not its own; null where it is, or nobody signed it.</summary>
    public static Problem? BodyMistake(Caller? caller, ReadOnlySpan<byte> body) =>
        caller?.Signature is not { } signature || signature.Covers(body) ? null : Unknown($"the signature with the key of {caller.Name} does not hold: the body is not the one that was signed", "it was changed on its way, or made of something else");

    /// <summary>
    /// Why an act is not done that was asked before, by the same signature; null where it may be done, and then it is remembered. Not asked of what may wait on its way (<see cref="GateRequest.MayWait"/>):
    /// a job's id tells an order's repetition, and a second cancellation changes nothing. A start forgets: what was signed before it is refused.
    /// </summary>
    public Problem? Repeated(Caller caller)
    {
        if (caller.Signature is not { Claims: var claims, Key.Fingerprint: var key })
        {
            return null;
        }

        if (claims.Created.ToUnixTimeSeconds() < began.ToUnixTimeSeconds())
        {
            return new Problem(ProblemTypes.TooLate, 409, "signed before the start", $"it was signed at {claims.Created:u}; {settings().Name} started at {began:u}, and may have done it before") { Hint = "look, then ask again: it is signed anew" };
        }

        return acts.Remember($"{key} {claims.Nonce}", key, [], claims.Expires, time.GetUtcNow()) switch
        {
            OrderMemory.Answer.New => null,
            OrderMemory.Answer.Full => new Problem(ProblemTypes.TooMany, 503, "too many", $"{settings().Name} remembers as many acts of this key as it can, until their signatures expire") { Hint = "ask again in a minute" },
            _ => new Problem(ProblemTypes.TooLate, 409, "done before", $"{settings().Name} had a request with this signature's nonce before") { Hint = "look, then ask again: it is signed anew, with another nonce" },
        };
    }

    /// <summary>Why whoever was admitted may not go on with what outlives its signature, a stream: its key was taken away since, or has expired. Null where it may.</summary>
    public Problem? Ended(Caller? caller, GateRequest request) => caller switch
    {
        null => null,
        { Signature.Key.Fingerprint: var key } => operators.Find(key) is { } found ? Gone(found, request.Peer) : Unknown($"the key of {caller.Name} is not known to {settings().Name} any more", "ask whoever keeps its authorized_operators"),
        { ApiKey: not null } => Script(request).Item2,
        _ => Plain(request).Item2,
    };

    /// <summary>Why a key that is known is not taken now, or from there; null where it is.</summary>
    private Problem? Gone(Operator found, IPAddress peer)
    {
        string name = SafeText.Of(found.Name, 64);
        return found.Expires <= time.GetUtcNow() ? Not($"the key of {name} has expired ({found.Expires:u})")
            : !found.MayComeFrom(peer) ? Not($"the key of {name} is not taken from {peer} (from= in its line; through a proxy that is the proxy's address)")
            : null;
    }

    private (Caller?, Problem?) Plain(GateRequest request) =>
        !settings().UnsignedLoopback || !MayConnect(request.Peer) ? (null, Unknown("signed requests are taken here, over TLS, and no others", $"deploy client trust {settings().Known ?? settings().Name}, then order; or unsigned_loopback = true in [secure], for trying out on this host"))
        : (new Caller("unsigned, from this host", Rights.All), null);

    private (Caller?, Problem?) Script(GateRequest request)
    {
        if (request.Head.Signature.Count > 0 || request.Head.SignatureInput.Count > 0)
        {
            return (null, Unknown("it has both a signature and an API key", "send one of them"));
        }

        return settings().ApiKeys is not { } keys ? (null, Unknown("API keys are a proxy's", "sign the request, or ask the proxy"))
            : keys.Find(request.Bearer!) is not { } key ? (null, Unknown("the API key is not known here", "deploy proxy keys list shows those that are, at the proxy"))
            : (new Caller($"API key {SafeText.Of(key.Name, 64)}", Rights.All) { ApiKey = key }, null);
    }

    private (Caller?, Problem?) Signed(GateRequest request)
    {
        if (request.Head.Signature.Count == 0 && request.Head.SignatureInput.Count == 0)
        {
            return (null, Unknown("the request is not signed", "docs/signing.md says how; deploy client does it by itself"));
        }

        if (!UnverifiedSignature.TryRead(request.Head, out var unverified, out string? why))
        {
            return (null, Unknown($"the signature is none of this profile: {why}", "docs/signing.md has the profile"));
        }

        string keyId = unverified.Claims.KeyId;
        if (operators.Find(keyId) is not { } found)
        {
            return (null, NotFound(keyId, unverified.Claims.Tag));
        }

        string name = SafeText.Of(found.Name, 64);
        if (!unverified.TryVerify(found.Key, out var verified, out why))
        {
            return (null, Unknown($"the signature with the key of {name} does not hold: {why}", "it was changed on its way, or made of something else"));
        }

        var now = time.GetUtcNow();
        var problem = Gone(found, request.Peer)
            ?? Untimely(verified.Claims, request, now)
            ?? (request.Access == Access.Act && verified.Claims.Tag == SignatureTags.Hop ? Not($"{name} signed as a proxy that reads ({SignatureTags.Hop}), and this is an order")
            : request.Access == Access.Act && found.Rights.Orders.Count == 0 ? Not($"{name} may read only") with { Hint = "orders=\"status,rlist\" in its line lets it look at what would change, too" }
            : null);
        return (problem is null or { Status: 403 } ? new Caller(name, found.Rights) { Signature = verified } : null, problem);
    }

    /// <summary>Why a key gives nothing, and what helps: its line is to be mended, or the file, or it has none. Where the file lies, and as what, is no stranger's to know.</summary>
    private Problem NotFound(string keyId, string tag)
    {
        string name = settings().Name, daemon = settings().ApiKeys is null ? "agent" : "proxy";
        if (operators.MistakeOf(keyId) is { } mistake)
        {
            return Unknown($"line {mistake.Line} of authorized_operators of {name}, where key {keyId} stands, has a mistake and gives nobody anything", $"mend that line; deploy doctor there, and the {daemon}'s log, say what is wrong with it") with
            {
                Inside = $"{operators.Path}:{mistake.Line}: {mistake.What}",
            };
        }

        string? trouble = operators.Trouble;
        return Unknown(
            trouble is null ? $"key {keyId} is not known to {name}: it is not in its authorized_operators" : $"key {keyId} is not known to {name}: its authorized_operators cannot be used",
            trouble is not null && StrictModes.MendOf(trouble) is { } mend ? $"on {name}: {string.Join(' ', mend.Split(' ')[..2])} the file, or its folder; deploy doctor there, and the {daemon}'s log, say which"
                : tag == SignatureTags.Hop ? "put the proxy's key there: orders=\"read\" and the line that deploy proxy init prints"
                : $"deploy {daemon} init --allow \"$(cat KEY.pub)\" puts it there") with
        {
            Inside = trouble is null ? $"key {keyId} is not in {operators.Path}" : $"key {keyId} is not known: {operators.Path}: {trouble}",
        };
    }

    /// <summary>Why a signature does not hold now; null where it does.</summary>
    private Problem? Untimely(SignatureClaims claims, GateRequest request, DateTimeOffset now)
    {
        if (claims.Created > now + Skew)
        {
            return Clocks(claims.Created - now, "ahead of");
        }

        if (claims.Expires <= claims.Created)
        {
            return Unknown("the signature expires before it was made", "expires is a moment behind created");
        }

        bool isRead = request.Access != Access.Act;
        if ((isRead || !request.MayWait) && claims.Expires - claims.Created > ReadLife)
        {
            return Unknown($"the signature lives over {ReadLife.TotalSeconds:0} s; only that of an order or a cancellation may", "sign it for 60 s at most");
        }

        if (isRead)
        {
            return now > claims.Expires + Skew ? Clocks(now - claims.Created, "behind") : null;
        }

        return now >= claims.Expires ? new Problem(ProblemTypes.TooLate, 403, "too late to start", $"the signature expired at {claims.Expires:u}, and it is {now:u} by the clock of {settings().Name}") { Hint = "order it anew; where it was just signed, compare the clocks" }
            : claims.Expires - claims.Created > settings().LongestLife + Skew ? Not($"the signature lives longer than {settings().LongestLife.TotalHours:0.##} hours (max_order_lifetime)")
            : null;
    }

    private Problem Clocks(TimeSpan apart, string how) => new(
        ProblemTypes.ClockSkew, 401, "the clocks are apart", string.Create(CultureInfo.InvariantCulture, $"whoever signed has a clock that is {apart.TotalSeconds:0} s {how} that of {settings().Name}, and {Skew.TotalSeconds:0} s are borne; here it is {time.GetUtcNow():u}"))
    {
        Hint = "set the clocks (NTP); where the signature is merely old, sign anew",
    };

    private static Problem Unknown(string why, string hint) => new(ProblemTypes.Unauthenticated, 401, "not known who asks", why) { Hint = hint };

    private static Problem Not(string why) => new(ProblemTypes.NotAllowed, 403, "not allowed", why);

    /// <summary>A name with a dot in it may be anybody's who has a domain; those without one, and addresses, are not.</summary>
    private bool IsOurs(string host)
    {
        string bare = host.StartsWith('[') ? host[..(host.IndexOf(']', StringComparison.Ordinal) + 1)].Trim('[', ']') : host.Split(':')[0];
        return !bare.Contains('.', StringComparison.Ordinal) || IPAddress.TryParse(bare, out _) || bare.Equals(settings().Name, StringComparison.OrdinalIgnoreCase)
            || bare.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase); // RFC 6761 6.3
    }
}
