using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Deploy.Model;

namespace Deploy.Protocol.Ssl;

/// <summary>The head of a request of the ssl form, and how a request is made.</summary>
/// <remarks>
/// Layout: <c>aes:</c> and the base64 of the RSA blob on one line, <c>ssl-length:</c> and the length of the message in decimal digits, an empty line,
/// the message (<see cref="SaltedCipher"/>). Lines end with CRLF, or with LF alone; names in any case, blanks around values, as the original read them.
/// Each field exactly once, no other; the head at most <see cref="MaxHeadBytes"/>.
/// </remarks>
/// <param name="Blob">The RSA blob; empty where it is not base64, which is told apart from a wrong one nowhere.</param>
/// <param name="Length">Of the message, bytes, 0 to <see cref="MaxLength"/>.</param>
/// <param name="HeadBytes">Of the head, the empty line included.</param>
internal sealed record SslRequest(byte[] Blob, int Length, int HeadBytes)
{
    /// <summary>The blob of an RSA key of 16384 bits is 2732 letters; and room.</summary>
    public const int MaxHeadBytes = 4 * 1024;

    /// <summary>A plain request at its limits, sealed.</summary>
    public static readonly int MaxLength = (int)SaltedCipher.SealedLength(Limits.HeadBytes + Limits.BodyBytes);

    /// <summary>A plain request as it goes over the wire.</summary>
    /// <param name="key">The server's.</param>
    /// <param name="passphrase">A new one; the answer comes under it.</param>
    /// <param name="plain">The whole plain request.</param>
    public static byte[] Seal(PublicKey key, Passphrase passphrase, ReadOnlySpan<byte> plain)
    {
        byte[] message = SaltedCipher.Seal(passphrase, plain);
        string head = string.Create(CultureInfo.InvariantCulture, $"aes:{Convert.ToBase64String(key.Seal(passphrase))}\r\nssl-length:{message.Length}\r\n\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. message];
    }

    /// <summary>Reads the head at the beginning of these bytes; never throws.</summary>
    /// <param name="bytes">What has come.</param>
    /// <param name="problem">What is wrong with it, for the log; null while more may make it right.</param>
    /// <returns>The head; null where it is wrong or not whole yet.</returns>
    public static SslRequest? ReadHead(ReadOnlySequence<byte> bytes, out string? problem)
    {
        problem = null;
        byte[]? blob = null;
        int? length = null;
        var reader = new SequenceReader<byte>(bytes);
        while (reader.TryReadTo(out ReadOnlySequence<byte> rawLine, (byte)'\n') && reader.Consumed <= MaxHeadBytes)
        {
            var line = (rawLine.IsSingleSegment ? rawLine.FirstSpan : rawLine.ToArray()).TrimEnd((byte)'\r');
            if (line.IsEmpty)
            {
                problem = blob is null ? "its ssl head has no aes" : length is null ? "its ssl head has no ssl-length" : null;
                return problem is null ? new SslRequest(blob!, length!.Value, (int)reader.Consumed) : null;
            }

            int colon = line.IndexOf((byte)':');
            var name = colon < 0 ? default : line[..colon];
            var value = line[(colon + 1)..].Trim((byte)' ');
            if (Ascii.EqualsIgnoreCase(name, "aes"u8) && blob is null)
            {
                blob = Blob64(value);
            }
            else if (Ascii.EqualsIgnoreCase(name, "ssl-length"u8) && length is null)
            {
                bool number = value.Length is > 0 and <= 9 && value.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
                length = number && Utf8Parser.TryParse(value, out int count, out _) ? count : -1;
                problem = length < 0 ? "its ssl-length is no number" : length > MaxLength ? $"its ssl-length is over {MaxLength} bytes" : null;
            }
            else
            {
                problem = "its ssl head has a line that is neither aes nor ssl-length, or one of them twice";
            }

            if (problem is not null)
            {
                return null;
            }
        }

        problem = bytes.Length > MaxHeadBytes ? $"its ssl head is over {MaxHeadBytes} bytes" : null;
        return null;
    }

    private static byte[] Blob64(ReadOnlySpan<byte> letters)
    {
        byte[] blob = new byte[Base64.GetMaxDecodedFromUtf8Length(letters.Length)];
        return Base64.DecodeFromUtf8(letters, blob, out _, out int count) == OperationStatus.Done ? blob[..count] : [];
    }
}
