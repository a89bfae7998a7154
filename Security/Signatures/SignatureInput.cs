using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Deploy.Model;
using Deploy.Security.Keys;

namespace Deploy.Security.Signatures;

/// <summary>The value of Signature-Input by the profile: one form, to the letter, so that what is signed is what stands there.</summary>
/// <remarks>
/// <code>sig=("@method" "@path" "@query" "content-type" "content-digest");created=1795345165;expires=1795348765;nonce="01KA…";keyid="SHA256:…";tag="deploy-order-1"</code>
/// The label is any key of RFC 8941 up to 16 letters. Numbers are Unix seconds without sign or leading zeros, up to 2106.
/// </remarks>
/// <param name="Label">To find the signature by.</param>
/// <param name="Parameters">All behind <c>label=</c>.</param>
/// <param name="Claims">What the parameters say.</param>
internal sealed record SignatureInput(string Label, string Parameters, SignatureClaims Claims)
{
    private const int MaxLabel = 16;

    private static readonly SearchValues<char> LabelLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-.*");

    /// <summary>The parameters of a signature that is made here.</summary>
    public static string Write(SignatureClaims claims, bool hasBody) => string.Create(
        CultureInfo.InvariantCulture,
        $"{SignatureBase.Components(hasBody)};created={claims.Created.ToUnixTimeSeconds()};expires={claims.Expires.ToUnixTimeSeconds()};nonce=\"{claims.Nonce}\";keyid=\"{claims.KeyId}\";tag=\"{claims.Tag}\"");

    /// <summary>Reads a value.</summary>
    /// <param name="value">The one line.</param>
    /// <param name="hasBody">Whether type and digest are to be covered.</param>
    /// <param name="input">What it says.</param>
    /// <param name="why">Which rule it breaks; the name of the field comes before it.</param>
    public static bool TryRead(string value, bool hasBody, [NotNullWhen(true)] out SignatureInput? input, [NotNullWhen(false)] out string? why)
    {
        input = null;
        int equals = value.IndexOf('=');
        if (equals < 0 || !IsLabel(value.AsSpan(0, equals)))
        {
            why = $"does not begin with a label of 1 to {MaxLabel} small letters and =";
            return false;
        }

        string parameters = value[(equals + 1)..];
        string components = SignatureBase.Components(hasBody);
        if (!parameters.StartsWith(components, StringComparison.Ordinal))
        {
            why = $"does not cover {components}, exactly these in this order ({(hasBody ? "a request with a body" : "a request without a body")})";
            return false;
        }

        string rest = parameters[components.Length..];
        if (TryTake(ref rest, "created", quoted: false, out string created, out why) && TryTake(ref rest, "expires", quoted: false, out string expires, out why)
            && TryTake(ref rest, "nonce", quoted: true, out string nonce, out why) && TryTake(ref rest, "keyid", quoted: true, out string keyId, out why)
            && TryTake(ref rest, "tag", quoted: true, out string tag, out why))
        {
            why = Mistake(created, expires, nonce, keyId, tag, rest);
            input = why is null ? new SignatureInput(value[..equals], parameters, new SignatureClaims(Time(created), Time(expires), nonce, keyId, tag)) : null;
        }

        return why is null;
    }

    /// <summary>True for a key of RFC 8941, section 3.1.2, that is not too long.</summary>
    private static bool IsLabel(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= MaxLabel && (char.IsAsciiLetterLower(text[0]) || text[0] == '*') && !text.ContainsAnyExcept(LabelLetters);

    /// <summary>Takes <c>;name=value</c> from the front.</summary>
    private static bool TryTake(ref string rest, string name, bool quoted, out string value, [NotNullWhen(false)] out string? why)
    {
        value = string.Empty;
        string begin = quoted ? $";{name}=\"" : $";{name}=";
        if (!rest.StartsWith(begin, StringComparison.Ordinal))
        {
            why = rest.StartsWith(";alg=", StringComparison.Ordinal) ? "gives alg, which may not be there: the key says it" : $"has not {name} where it should be; created, expires, nonce, keyid and tag stand in this order, and no other";
            return false;
        }

        // None of the values holds the letter that ends it; each is checked to the letter after.
        string behind = rest[begin.Length..];
        int end = behind.IndexOf(quoted ? '"' : ';');
        end = end < 0 && !quoted ? behind.Length : end;
        if (end < 0)
        {
            why = $"has a {name} that does not end";
            return false;
        }

        (value, rest, why) = (behind[..end], behind[(quoted ? end + 1 : end)..], null);
        return true;
    }

    private static string? Mistake(string created, string expires, string nonce, string keyId, string tag, string rest) => true switch
    {
        _ when !IsTime(created) => "has a created that is no time in whole seconds",
        _ when !IsTime(expires) => "has an expires that is no time in whole seconds",
        _ when Time(expires) <= Time(created) => "expires before it is created",
        _ when !JobId.TryParse(nonce, out var id) || id.ToString() != nonce => "has a nonce that is no ULID in capitals",
        _ when !SshPublicKey.IsFingerprint(keyId) => "has a keyid that is no SHA256 fingerprint of OpenSSH",
        _ when tag is not (SignatureTags.Order or SignatureTags.Hop) => $"has a tag that is neither {SignatureTags.Order} nor {SignatureTags.Hop}",
        _ when rest.StartsWith(',') => "has more than one signature",
        _ when rest.StartsWith(";alg", StringComparison.Ordinal) => "gives alg, which may not be there: the key says it",
        _ when rest.Length > 0 => "goes on behind tag",
        _ => null,
    };

    private static bool IsTime(string digits) =>
        uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out uint seconds) && seconds > 0 && digits == seconds.ToString(CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(string digits) => DateTimeOffset.FromUnixTimeSeconds(uint.Parse(digits, CultureInfo.InvariantCulture));
}
