using System.Diagnostics.CodeAnalysis;
using Deploy.Security.Keys;
using Deploy.Security.Sodium;

namespace Deploy.Security.Signatures;

/// <summary>A signature that is of the profile's form, and that nobody has checked: no part of the program takes it for anything but <see cref="TryVerify"/>.</summary>
internal sealed class UnverifiedSignature
{
    private const int MaxTarget = 8 * 1024; // characters; the port takes no longer request line
    private const int MaxField = 1024; // characters of one; the longest of the profile has under 300

    private readonly byte[] signedText;
    private readonly byte[] signature;
    private readonly byte[]? digest;

    private UnverifiedSignature(SignatureClaims claims, byte[] signedText, byte[] signature, byte[]? digest)
    {
        Claims = claims;
        (this.signedText, this.signature, this.digest) = (signedText, signature, digest);
    }

    /// <summary>What it says of itself: to find the key by, nothing else.</summary>
    public SignatureClaims Claims { get; }

    /// <summary>Reads the fields, strictly.</summary>
    /// <param name="head">As it came.</param>
    /// <param name="signature">What it says.</param>
    /// <param name="why">One line, safe to print: which rule it breaks.</param>
    public static bool TryRead(RequestHead head, [NotNullWhen(true)] out UnverifiedSignature? signature, [NotNullWhen(false)] out string? why)
    {
        signature = null;
        byte[]? digest = null;
        if (!IsMethod(head.Method))
        {
            why = "the method is not in capital letters";
            return false;
        }

        if ((why = TargetMistake(head.Target)) is not null
            || !TryOne("Signature-Input", head.SignatureInput, out string? input, out why)
            || !TryOne("Signature", head.Signature, out string? value, out why)
            || !TryBody(head, out digest, out why))
        {
            return false;
        }

        if (!SignatureInput.TryRead(input, head.HasBody, out var read, out why))
        {
            why = "Signature-Input " + why;
            return false;
        }

        if (!TrySignature(value, read.Label, out byte[]? bytes, out why))
        {
            return false;
        }

        bool body = head.HasBody;
        byte[] text = SignatureBase.Of(head.Method, head.Target, body ? head.ContentType[0] : null, body ? head.ContentDigest[0] : null, read.Parameters);
        signature = new UnverifiedSignature(read.Claims, text, bytes, digest);
        return true;
    }

    /// <summary>Checks the signature. It covers the body's digest, so the body need not be there: nobody's bytes are held before it is known whose they are.</summary>
    /// <param name="key">The key of <see cref="SignatureClaims.KeyId"/>.</param>
    /// <param name="verified">The only way to one; its body is still to be checked.</param>
    /// <param name="why">One line, safe to print.</param>
    public bool TryVerify(SshPublicKey key, [NotNullWhen(true)] out VerifiedSignature? verified, [NotNullWhen(false)] out string? why)
    {
        verified = null;
        why = true switch
        {
            _ when key.Fingerprint != Claims.KeyId => "the signature names another key",
            _ when !Ed25519.Verify(signature, signedText, key.Bytes.Span) => "the signature is not the key's: method, path, query or a signed field was changed, or another key signed",
            _ => null,
        };
        verified = why is null ? new VerifiedSignature(Claims, key, digest) : null;
        return why is null;
    }

    private static bool IsMethod(string method) => method.Length is > 0 and <= 16 && !method.AsSpan().ContainsAnyExceptInRange('A', 'Z');

    private static string? TargetMistake(string target) => true switch
    {
        _ when target.Length > MaxTarget => $"the target has more than {MaxTarget} characters",
        _ when !target.StartsWith('/') => "the target does not begin with /",
        _ when target.AsSpan().ContainsAnyExceptInRange('!', '~') => "the target is not plain ASCII; write what else there is as %XX",
        _ when target.Contains('#', StringComparison.Ordinal) => "the target holds a #",
        _ when target.EndsWith('?') && target.IndexOf('?') == target.Length - 1 => "the target ends with an empty query, which signs like none",
        _ => null,
    };

    /// <summary>The one line of a field.</summary>
    private static bool TryOne(string field, IReadOnlyList<string> lines, [NotNullWhen(true)] out string? line, [NotNullWhen(false)] out string? why)
    {
        line = lines.Count == 1 ? lines[0] : null;
        why = true switch
        {
            _ when lines.Count == 0 => $"{field} is missing",
            _ when line is null => $"{field} stands there {lines.Count} times",
            _ when line.Length > MaxField => $"{field} has more than {MaxField} characters",
            _ when line.AsSpan().ContainsAnyExceptInRange(' ', '~') => $"{field} is not plain ASCII in one line",
            _ => null,
        };
        return why is null;
    }

    private static bool TryBody(RequestHead head, out byte[]? digest, [NotNullWhen(false)] out string? why)
    {
        digest = null;
        if (!head.HasBody)
        {
            why = head.ContentType.Count > 0 ? "Content-Type is there without a body" : head.ContentDigest.Count > 0 ? "Content-Digest is there without a body" : null;
            return why is null;
        }

        if (!TryOne("Content-Type", head.ContentType, out string? type, out why) || !TryOne("Content-Digest", head.ContentDigest, out string? value, out why))
        {
            return false;
        }

        why = true switch
        {
            _ when type != RequestSigner.ContentType => $"Content-Type is not {RequestSigner.ContentType}, to the letter",
            _ when !ContentDigest.TryRead(value, out digest) => "Content-Digest is not sha-256 alone, 32 bytes in canonical base64",
            _ => null,
        };
        return why is null;
    }

    private static bool TrySignature(string value, string label, [NotNullWhen(true)] out byte[]? signature, [NotNullWhen(false)] out string? why)
    {
        signature = null;
        string begin = label + "=:";
        why = true switch
        {
            _ when !value.StartsWith(begin, StringComparison.Ordinal) => "Signature does not begin with the label of Signature-Input and =:",
            _ when value.Contains(',', StringComparison.Ordinal) => "Signature has more than one signature",
            _ when value.Length == begin.Length || !value.EndsWith(':') || !CanonicalBase64.TryRead(value.AsSpan(begin.Length..^1), Ed25519.SignatureBytes, out signature) => "Signature does not hold 64 bytes in canonical base64",
            _ => null,
        };
        return why is null && signature is not null;
    }
}
