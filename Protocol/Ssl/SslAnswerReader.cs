using System.Buffers.Text;
using System.Globalization;
using Deploy.Protocol.Receiving;

namespace Deploy.Protocol.Ssl;

/// <summary>
/// Reads one answer of the ssl form from pieces of any size: <c>ssl-length:&lt;n&gt;</c>, an empty line, n bytes. They are decrypted as they come and
/// read by a <see cref="ResponseReader"/>, whose bounds and budget hold; its outcome counts once the last block's padding was right.
/// </summary>
internal sealed class SslAnswerReader : IAnswerReader
{
    private const int MaxHeadBytes = 64; // ours; the original's are 20 or so
    private const int Around = LegacyLimits.MaxHeadBytes + 64; // of a message, beside its answer's body

    private readonly ReceiveBudget budget;
    private readonly Passphrase passphrase;
    private readonly ResponseReader plain;
    private readonly List<byte> head = new(MaxHeadBytes);
    private readonly byte[] held = new byte[16 * 1024]; // of the message, what cannot be decrypted yet: less than a block and, in case it is the last, one
    private readonly byte[] opened = new byte[16 * 1024];
    private SaltedCipher? cipher;
    private LegacyOutcome? known;
    private long length = -1; // of the message; -1 before the head is whole
    private long came;
    private int heldBytes;

    public SslAnswerReader(ReceiveBudget budget, Passphrase passphrase) => (this.budget, this.passphrase, plain) = (budget, passphrase, new ResponseReader(budget));

    public string Progress =>
        length >= 0 ? string.Create(CultureInfo.InvariantCulture, $"{came} of {length} encrypted bytes came")
        : head.Count > 0 ? string.Create(CultureInfo.InvariantCulture, $"{head.Count} bytes of a head came")
        : "nothing came";

    public LegacyOutcome? Feed(ReadOnlySpan<byte> piece)
    {
        while (length < 0)
        {
            if (piece.IsEmpty)
            {
                return null;
            }

            head.Add(piece[0]);
            piece = piece[1..];
            if (ReadHead() is { } outcome)
            {
                return outcome;
            }
        }

        piece = piece[..(int)Math.Min(piece.Length, length - came)]; // what follows the message is nobody's
        while (!piece.IsEmpty)
        {
            int count = Math.Min(piece.Length, held.Length - heldBytes);
            piece[..count].CopyTo(held.AsSpan(heldBytes));
            piece = piece[count..];
            heldBytes += count;
            came += count;
            if (Open() is { } outcome)
            {
                return outcome;
            }
        }

        return came < length ? null : known ?? AsEncrypted(plain.Close());
    }

    public LegacyOutcome Close() => Broken(head.Count == 0 ? "it closed the connection without an answer" : "it closed the connection within its answer: " + Progress);

    public LegacyOutcome Silent(TimeSpan socketTimeout) => Broken(IAnswerReader.SilentFor(socketTimeout, Progress));

    public void Dispose()
    {
        // An answer that was handed out is its taker's; one that waits for the message's end when the connection ends is nobody's.
        if (came < length)
        {
            budget.Return((known as Answered)?.HeldBytes ?? 0);
        }

        known = null;
        cipher?.Dispose();
        plain.Dispose();
    }

    /// <summary>Looks at the head after each byte: the length once it is whole, an outcome where it can become none.</summary>
    private LegacyOutcome? ReadHead()
    {
        var text = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(head);
        if (text.StartsWith("HTTP/1."u8))
        {
            return new Mismatch(PeerEncrypts: false);
        }

        var name = "ssl-length:"u8;
        if (!IsPrefix(text, name) && !IsPrefix(text, "HTTP/1."u8))
        {
            return Broken("its answer is neither encrypted nor HTTP");
        }

        bool ended = text.EndsWith("\n\n"u8) || text.EndsWith("\n\r\n"u8);
        if (!ended)
        {
            return text.Length >= MaxHeadBytes ? Broken("its answer has no ssl-length") : null;
        }

        var value = text[name.Length..].Trim(" \r\n"u8);
        if (value.IsEmpty || value.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0)
        {
            return Broken("its answer has no ssl-length");
        }

        if (!Utf8Parser.TryParse(value, out length, out _) || length > budget.MostOfOne + (long)Around)
        {
            return Broken($"its answer is over {budget.SizeOfOne}") with { IsOurLimit = true };
        }

        return length < SaltedCipher.LeastBytes || length % SaltedCipher.BlockBytes != 0 ? Broken("its answer is no encrypted message") : null;
    }

    /// <summary>Decrypts what may be: all whole blocks but the last that is held, that one too where it is the message's last.</summary>
    private LegacyOutcome? Open()
    {
        int from = 0;
        if (cipher is null)
        {
            if (heldBytes < SaltedCipher.HeadBytes)
            {
                return null;
            }

            cipher = SaltedCipher.ToOpen(passphrase, held.AsSpan(0, SaltedCipher.HeadBytes));
            from = SaltedCipher.HeadBytes;
            if (cipher is null)
            {
                return Broken("its answer is no encrypted message");
            }
        }

        bool last = came == length;
        int blocks = (heldBytes - from - (last ? 0 : 1)) / SaltedCipher.BlockBytes * SaltedCipher.BlockBytes;
        if (blocks <= 0)
        {
            held.AsSpan(from, heldBytes - from).CopyTo(held);
            heldBytes -= from;
            return null;
        }

        cipher.Decrypt(held.AsSpan(from, blocks), opened);
        int padding = last ? SaltedCipher.Padding(opened.AsSpan(blocks - SaltedCipher.BlockBytes, SaltedCipher.BlockBytes)) : 0;
        held.AsSpan(from + blocks, heldBytes - from - blocks).CopyTo(held);
        heldBytes -= from + blocks;
        if (last && padding == 0)
        {
            return Broken("its answer cannot be decrypted");
        }

        known ??= AsEncrypted(plain.Feed(opened.AsSpan(0, blocks - padding)));
        return known is NoAnswer ? known : null;
    }

    private LegacyOutcome? AsEncrypted(LegacyOutcome? outcome) => outcome switch
    {
        Answered answer => answer with { Encrypted = true },
        Mismatch => Broken("its answer, decrypted, is not HTTP"),
        _ => outcome,
    };

    private NoAnswer Broken(string why)
    {
        budget.Return((known as Answered)?.HeldBytes ?? 0);
        known = null;
        plain.Dispose();
        return new NoAnswer(why);
    }

    private static bool IsPrefix(ReadOnlySpan<byte> start, ReadOnlySpan<byte> word) => start.Length < word.Length ? word.StartsWith(start) : start.StartsWith(word);
}
