using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Deploy.Security.Sodium;

namespace Deploy.Security.Keys;

/// <summary>An Ed25519 public key as OpenSSH writes it. Keys of small order are none.</summary>
/// <remarks><c>ssh-ed25519</c>, the blob in base64, a comment. The blob (RFC 8709): the string <c>ssh-ed25519</c>, the string of 32 bytes; 51 bytes in all.</remarks>
internal sealed class SshPublicKey : IEquatable<SshPublicKey>
{
    private const int MaxText = 8 * 1024; // characters of a line; the key has 80
    private const string FingerprintPrefix = "SHA256:";

    private SshPublicKey(byte[] bytes, byte[] blob, string comment)
    {
        (Bytes, Blob, Comment) = (bytes, blob, comment);
        Fingerprint = FingerprintPrefix + Convert.ToBase64String(SHA256.HashData(blob)).TrimEnd('=');
    }

    /// <summary>32 bytes.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>51 bytes: what the base64 holds, and what an ssh-agent knows it by.</summary>
    public ReadOnlyMemory<byte> Blob { get; }

    /// <summary>What stands behind the key; empty for nothing. As it was written, not safe to print.</summary>
    public string Comment { get; }

    /// <summary>As <c>ssh-keygen -l</c> prints it: <c>SHA256:</c> and 43 letters of base64.</summary>
    public string Fingerprint { get; }

    /// <summary>True for a text of <see cref="Fingerprint"/>'s form.</summary>
    public static bool IsFingerprint(string text) =>
        text.StartsWith(FingerprintPrefix, StringComparison.Ordinal) && CanonicalBase64.TryRead(text[FingerprintPrefix.Length..] + "=", SHA256.HashSizeInBytes, out _);

    /// <summary>Reads <c>ssh-ed25519 AAAA… comment</c>.</summary>
    /// <param name="text">The line, without its end.</param>
    /// <param name="key">The key.</param>
    /// <param name="why">One line, safe to print; names the kind of a key that is not taken (RSA, ECDSA, security keys) and what to do.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out SshPublicKey? key, [NotNullWhen(false)] out string? why)
    {
        key = null;
        if (text.Length > MaxText || text.AsSpan().ContainsAny('\n', '\r', '\0'))
        {
            why = text.Length > MaxText ? $"a public key has at most {MaxText} characters" : "a public key is one line";
            return false;
        }

        (string name, string rest) = Word(text.Trim(' ', '\t'));
        (string base64, string comment) = Word(rest);
        if (name != SshKeyKinds.Ed25519)
        {
            why = name.Length == 0 || name.StartsWith('-') ? "it is no public key of OpenSSH: one line that begins with ssh-ed25519" : SshKeyKinds.Refuse(name);
            return false;
        }

        if (!CanonicalBase64.TryRead(base64, out byte[]? blob))
        {
            why = "the base64 behind ssh-ed25519 is cut off or damaged; copy the whole line";
            return false;
        }

        return TryRead(blob, comment, out key, out why);
    }

    /// <summary>Reads a blob.</summary>
    /// <param name="blob">All of it.</param>
    /// <param name="comment">What stands beside it.</param>
    /// <param name="key">The key.</param>
    /// <param name="why">As <see cref="TryParse"/> says it.</param>
    public static bool TryRead(ReadOnlySpan<byte> blob, string comment, [NotNullWhen(true)] out SshPublicKey? key, [NotNullWhen(false)] out string? why)
    {
        key = null;
        var reader = new SshReader(blob);
        if (reader.TryString(out var name) && !name.SequenceEqual("ssh-ed25519"u8))
        {
            why = SshKeyKinds.Refuse(Encoding.Latin1.GetString(name));
            return false;
        }

        if (name.IsEmpty || !reader.TryString(out var bytes) || bytes.Length != Ed25519.KeyBytes || !reader.Rest.IsEmpty)
        {
            why = "the key is cut off or damaged; copy the whole line";
            return false;
        }

        if (!Ed25519.IsKey(bytes))
        {
            why = "its 32 bytes are no key that somebody can hold (no point of the curve, or one of small order)";
            return false;
        }

        (key, why) = (new SshPublicKey(bytes.ToArray(), blob.ToArray(), comment), null);
        return true;
    }

    /// <summary>The key of 32 bytes.</summary>
    /// <exception cref="ArgumentException">They are none.</exception>
    public static SshPublicKey Of(ReadOnlySpan<byte> bytes, string comment) =>
        TryRead(new SshWriter().String("ssh-ed25519"u8).String(bytes).ToArray(), comment, out var key, out string? why) ? key : throw new ArgumentException(why);

    /// <summary><c>ssh-ed25519 AAAA…</c>, and the comment where there is one.</summary>
    public override string ToString() => $"{SshKeyKinds.Ed25519} {Convert.ToBase64String(Blob.Span)}{(Comment.Length > 0 ? " " : string.Empty)}{Comment}";

    public bool Equals(SshPublicKey? other) => other is not null && Bytes.Span.SequenceEqual(other.Bytes.Span);

    public override bool Equals(object? obj) => Equals(obj as SshPublicKey);

    public override int GetHashCode() => BitConverter.ToInt32(Bytes.Span);

    /// <summary>The first word, and what stands behind it and the spaces.</summary>
    private static (string First, string Behind) Word(string text)
    {
        int end = text.AsSpan().IndexOfAny(' ', '\t');
        return end < 0 ? (text, string.Empty) : (text[..end], text[end..].TrimStart(' ', '\t'));
    }
}
