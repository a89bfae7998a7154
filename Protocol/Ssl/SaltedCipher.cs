using System.Security.Cryptography;

namespace Deploy.Protocol.Ssl;

/// <summary>The symmetric half of the ssl form: a whole plain message, encrypted with a <see cref="Passphrase"/>.</summary>
/// <remarks>
/// Layout: <c>Salted__</c> (8 bytes), salt (8 random bytes), AES-256-CBC of the message with PKCS#7 padding (1 to 16 bytes).
/// Key (32 bytes) and IV (16 bytes) are OpenSSL's EVP_BytesToKey with MD5 and one round: D1 = MD5(passphrase, salt), Dn = MD5(Dn-1, passphrase, salt),
/// key = D1 D2, IV = D3. The same as <c>openssl enc -aes-256-cbc -md md5</c> and the original's Crypt::CBC.
/// There is no integrity: whoever is between can flip bits of a message, and repeat it.
/// </remarks>
internal sealed class SaltedCipher : IDisposable
{
    public const int BlockBytes = 16; // AES, FIPS 197

    /// <summary>What stands before the first block: magic and salt.</summary>
    public const int HeadBytes = 16;

    /// <summary>The shortest sealed message: that of an empty one.</summary>
    public const int LeastBytes = HeadBytes + BlockBytes;

    private const int SaltBytes = 8; // EVP_BytesToKey, PKCS5_SALT_LEN
    private const int KeyBytes = 32;

    private readonly Aes aes;
    private readonly byte[] iv;

    /// <param name="passphrase">Of the exchange.</param>
    /// <param name="salt">8 bytes.</param>
    private SaltedCipher(Passphrase passphrase, ReadOnlySpan<byte> salt)
    {
        byte[] keyAndIv = Derive(passphrase.Reveal(), salt);
        aes = Aes.Create();
        aes.Key = keyAndIv[..KeyBytes];
        iv = keyAndIv[KeyBytes..];
    }

    private static ReadOnlySpan<byte> Magic => "Salted__"u8;

    /// <summary>How long a message of so many bytes is once it is sealed.</summary>
    public static long SealedLength(long plain) => HeadBytes + ((plain / BlockBytes) + 1) * BlockBytes;

    /// <summary>One that encrypts; <paramref name="head"/> gets the <see cref="HeadBytes"/> that go first.</summary>
    public static SaltedCipher ToSeal(Passphrase passphrase, Span<byte> head)
    {
        Magic.CopyTo(head);
        RandomNumberGenerator.Fill(head.Slice(Magic.Length, SaltBytes));
        return new SaltedCipher(passphrase, head.Slice(Magic.Length, SaltBytes));
    }

    /// <summary>One that decrypts what follows this head; null where the head is none.</summary>
    public static SaltedCipher? ToOpen(Passphrase passphrase, ReadOnlySpan<byte> head) =>
        head.StartsWith(Magic) ? new SaltedCipher(passphrase, head.Slice(Magic.Length, SaltBytes)) : null;

    /// <summary>A whole message, sealed.</summary>
    public static byte[] Seal(Passphrase passphrase, ReadOnlySpan<byte> plain)
    {
        byte[] message = new byte[SealedLength(plain.Length)];
        using var cipher = ToSeal(passphrase, message);
        int whole = plain.Length / BlockBytes * BlockBytes;
        cipher.Encrypt(plain[..whole], message.AsSpan(HeadBytes));
        cipher.EncryptLast(plain[whole..], message.AsSpan(HeadBytes + whole));
        return message;
    }

    /// <summary>
    /// Opens a whole message in place of telling what was wrong with it: the work is the same whether the passphrase, the padding or the message
    /// is wrong, and depends on its length alone.
    /// </summary>
    /// <param name="passphrase">Of the exchange, or a random one where that was not to be had.</param>
    /// <param name="message">Any bytes.</param>
    /// <param name="plain">What it says; where false is returned, bytes of about that length that say nothing.</param>
    public static bool TryOpen(Passphrase passphrase, ReadOnlySpan<byte> message, out ReadOnlyMemory<byte> plain)
    {
        bool shape = message.Length >= LeastBytes && message.Length % BlockBytes == 0 && message.StartsWith(Magic);
        ReadOnlySpan<byte> whole = shape ? message : new byte[Math.Max(LeastBytes, message.Length / BlockBytes * BlockBytes)];
        using var cipher = new SaltedCipher(passphrase, whole.Slice(Magic.Length, SaltBytes));
        byte[] blocks = new byte[whole.Length - HeadBytes];
        cipher.Decrypt(whole[HeadBytes..], blocks);
        int padding = Padding(blocks.AsSpan(blocks.Length - BlockBytes));
        plain = blocks.AsMemory(0, blocks.Length - Math.Max(padding, 1));
        return shape & padding > 0;
    }

    /// <summary>Encrypts whole blocks; those of the next call follow on.</summary>
    public void Encrypt(ReadOnlySpan<byte> blocks, Span<byte> into)
    {
        if (!blocks.IsEmpty)
        {
            aes.EncryptCbc(blocks, iv, into, PaddingMode.None);
            into.Slice(blocks.Length - BlockBytes, BlockBytes).CopyTo(iv);
        }
    }

    /// <summary>Encrypts what is left, less than a block, with its padding: one block.</summary>
    public void EncryptLast(ReadOnlySpan<byte> rest, Span<byte> into) => aes.EncryptCbc(rest, iv, into, PaddingMode.PKCS7);

    /// <summary>Decrypts whole blocks; those of the next call follow on.</summary>
    public void Decrypt(ReadOnlySpan<byte> blocks, Span<byte> into)
    {
        if (!blocks.IsEmpty)
        {
            Span<byte> next = stackalloc byte[BlockBytes];
            blocks[^BlockBytes..].CopyTo(next);
            aes.DecryptCbc(blocks, iv, into, PaddingMode.None);
            next.CopyTo(iv);
        }
    }

    /// <summary>How many bytes of a message's last block are padding, 1 to 16; 0 where it is none. The same work for any block.</summary>
    public static int Padding(ReadOnlySpan<byte> block)
    {
        int count = block[^1];
        int wrong = (count - 1 | BlockBytes - count) >> 31; // all ones unless 1 to 16
        for (int at = 0; at < BlockBytes; at++)
        {
            int within = at - count >> 31; // all ones for the last `count` bytes
            wrong |= within & (block[^(at + 1)] ^ count);
        }

        int bad = (wrong | -wrong) >> 31; // all ones where anything is wrong
        return count & ~bad;
    }

    public void Dispose()
    {
        aes.Dispose();
        CryptographicOperations.ZeroMemory(iv);
    }

#pragma warning disable CA5351 // MD5 is what this wire has.
    private static byte[] Derive(ReadOnlySpan<byte> passphrase, ReadOnlySpan<byte> salt)
    {
        byte[] keyAndIv = new byte[KeyBytes + BlockBytes];
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        for (int at = 0; at < keyAndIv.Length; at += MD5.HashSizeInBytes)
        {
            md5.AppendData(at == 0 ? default : keyAndIv.AsSpan(at - MD5.HashSizeInBytes, MD5.HashSizeInBytes));
            md5.AppendData(passphrase);
            md5.AppendData(salt);
            md5.GetHashAndReset(keyAndIv.AsSpan(at));
        }

        return keyAndIv;
    }
#pragma warning restore CA5351
}
