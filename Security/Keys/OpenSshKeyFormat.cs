using System.Security.Cryptography;
using Deploy.Model.Text;
using Deploy.Security.Sodium;

namespace Deploy.Security.Keys;

/// <summary>The file of a private key as <c>ssh-keygen</c> makes it (openssh/PROTOCOL.key).</summary>
/// <remarks>
/// Base64 between two lines of dashes. In it: <c>openssh-key-v1</c> and a NUL; strings cipher, kdf, kdf options; a number of keys, one here; the public blob;
/// and a string, which the cipher hides: one random number twice; strings <c>ssh-ed25519</c>, 32 bytes public, 64 bytes private (seed and public), comment;
/// bytes 1, 2, 3 … up to a multiple of 8.
/// </remarks>
internal static class OpenSshKeyFormat
{
    private const string Begin = "-----BEGIN OPENSSH PRIVATE KEY-----";
    private const string End = "-----END OPENSSH PRIVATE KEY-----";
    private const int LineLength = 70; // of base64; sshbuf_dtob64
    private const int BlockBytes = 8; // of the cipher "none"
    private const string Remake = "make a new key: ssh-keygen -t ed25519";

    private static ReadOnlySpan<byte> Magic => "openssh-key-v1\0"u8;

    /// <summary>What a file's bytes are.</summary>
    public static KeyFileContent Read(ReadOnlySpan<byte> file)
    {
        string text = ByteText.FromBytes(file).Trim('\n', '\r', ' ', '\t');
        if (!text.StartsWith(Begin, StringComparison.Ordinal))
        {
            return OtherKeyFormats.Name(text);
        }

        if (!text.EndsWith(End, StringComparison.Ordinal) || text.Length < Begin.Length + End.Length)
        {
            return Damaged("its last line is missing");
        }

        string base64 = text[Begin.Length..^End.Length].Replace("\r", string.Empty, StringComparison.Ordinal).Replace("\n", string.Empty, StringComparison.Ordinal);
        return CanonicalBase64.TryRead(base64, out byte[]? bytes) ? ReadBytes(bytes) : Damaged("its base64 is broken");
    }

    /// <summary>The text of a new file.</summary>
    /// <param name="key">With the comment.</param>
    /// <param name="secret">64 bytes.</param>
    public static string Write(SshPublicKey key, ReadOnlySpan<byte> secret)
    {
        byte[] check = RandomNumberGenerator.GetBytes(4);
        byte[] hidden = new SshWriter().Raw(check).Raw(check).String("ssh-ed25519"u8).String(key.Bytes.Span).String(secret).String(ByteText.ToBytes(key.Comment)).ToArray();
        byte[] padding = [.. Enumerable.Range(1, (BlockBytes - (hidden.Length % BlockBytes)) % BlockBytes).Select(at => (byte)at)];
        byte[] bytes = new SshWriter().Raw(Magic).String("none"u8).String("none"u8).String([]).Number(1).String(key.Blob.Span).String([.. hidden, .. padding]).ToArray();
        var lines = Convert.ToBase64String(bytes).Chunk(LineLength).Select(line => new string(line));
        return string.Join('\n', [Begin, .. lines, End, string.Empty]);
    }

    private static KeyFileContent ReadBytes(ReadOnlySpan<byte> bytes)
    {
        var reader = new SshReader(bytes.StartsWith(Magic) ? bytes[Magic.Length..] : []);
        if (!reader.TryString(out var cipher) || !reader.TryString(out var kdf) || !reader.TryString(out var options)
            || !reader.TryNumber(out uint keys) || keys != 1 || !reader.TryString(out var blob) || !reader.TryString(out var hidden))
        {
            return Damaged("it is not of the form openssh-key-v1 with one key");
        }

        if (!SshPublicKey.TryRead(blob, string.Empty, out var key, out string? why))
        {
            return new KeyFileContent.Unusable($"is refused: {why}", Remake);
        }

        // What a cipher with a tag of its own (chacha20-poly1305, aes-gcm) adds stands behind.
        if (!cipher.SequenceEqual("none"u8))
        {
            return new KeyFileContent.Locked(key);
        }

        return kdf.SequenceEqual("none"u8) && options.IsEmpty && reader.Rest.IsEmpty ? ReadHidden(hidden, key) : Damaged("something is left behind its key");
    }

    private static KeyFileContent ReadHidden(ReadOnlySpan<byte> hidden, SshPublicKey key)
    {
        var reader = new SshReader(hidden);
        if (hidden.Length % BlockBytes != 0 || !reader.TryNumber(out uint first) || !reader.TryNumber(out uint second) || first != second)
        {
            return Damaged("its check numbers differ");
        }

        if (!reader.TryString(out var name) || !name.SequenceEqual("ssh-ed25519"u8) || !reader.TryString(out var bytes) || !reader.TryString(out var secret)
            || !reader.TryString(out var comment) || !IsPadding(reader.Rest))
        {
            return Damaged("its inner part is not of the form of an Ed25519 key");
        }

        // One key, four times: in the head, inside, behind the seed, and made from the seed. A signature with halves of two keys would give the seed away.
        Span<byte> made = stackalloc byte[Ed25519.KeyBytes];
        byte[] madeSecret = new byte[Ed25519.SecretBytes];
        if (secret.Length == Ed25519.SecretBytes)
        {
            Ed25519.KeysOf(secret[..Ed25519.SeedBytes], made, madeSecret);
        }

        return bytes.SequenceEqual(key.Bytes.Span) && made.SequenceEqual(bytes) && CryptographicOperations.FixedTimeEquals(secret, madeSecret)
            ? new KeyFileContent.Plain(SshPublicKey.Of(bytes, OneLine(comment)), madeSecret)
            : Damaged("its private half does not belong to its public half");
    }

    /// <summary>1, 2, 3 …; at most 255, as OpenSSH's own reader has it.</summary>
    private static bool IsPadding(ReadOnlySpan<byte> bytes)
    {
        for (int at = 0; at < bytes.Length; at++)
        {
            if (bytes[at] != at + 1)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A comment is for people; one that would break a line of its own is left out.</summary>
    private static string OneLine(ReadOnlySpan<byte> comment) => comment.ContainsAny((byte)'\n', (byte)'\r', (byte)'\0') ? string.Empty : ByteText.FromBytes(comment);

    private static KeyFileContent.Unusable Damaged(string how) => new($"is no whole private key: {how}", "take the file from a copy, or " + Remake);
}
