using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Deploy.Model;

namespace Deploy.Protocol.Ssl;

/// <summary>
/// Encrypts a plain answer while it is written: its Content-Length tells how long the message will be before the first byte goes out, so that an
/// answer of any size takes no memory here.
/// </summary>
internal static class SealedAnswer
{
    private const int PieceBytes = 16 * 1024; // at once; a multiple of a block

    /// <summary>Reads one whole plain answer and writes <c>ssl-length:</c> and the message; ends when that is out, or the reader of either side has gone.</summary>
    /// <param name="plain">Where the answer comes from.</param>
    /// <param name="passphrase">That of the request; the salt is new.</param>
    /// <param name="peer">Where the message goes.</param>
    public static async Task PumpAsync(PipeReader plain, Passphrase passphrase, PipeWriter peer)
    {
        if (await ReadLengthAsync(plain).ConfigureAwait(false) is not { } left)
        {
            return; // ended before it began: the server gave the request up
        }

        peer.Write(Head(left));
        using var cipher = SaltedCipher.ToSeal(passphrase, peer.GetSpan(SaltedCipher.HeadBytes));
        peer.Advance(SaltedCipher.HeadBytes);
        byte[] piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            while (true)
            {
                var read = await plain.ReadAsync().ConfigureAwait(false);
                var buffer = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, left));
                bool last = buffer.Length == left;
                while (buffer.Length >= SaltedCipher.BlockBytes)
                {
                    int count = (int)Math.Min(buffer.Length, PieceBytes) / SaltedCipher.BlockBytes * SaltedCipher.BlockBytes;
                    buffer.Slice(0, count).CopyTo(piece);
                    cipher.Encrypt(piece.AsSpan(0, count), peer.GetSpan(count));
                    peer.Advance(count);
                    left -= count;
                    buffer = buffer.Slice(count);
                }

                if (last)
                {
                    buffer.CopyTo(piece);
                    cipher.EncryptLast(piece.AsSpan(0, (int)buffer.Length), peer.GetSpan(SaltedCipher.BlockBytes));
                    peer.Advance(SaltedCipher.BlockBytes);
                }

                plain.AdvanceTo(buffer.Start, last ? buffer.End : read.Buffer.End);
                bool gone = (await peer.FlushAsync().ConfigureAwait(false)).IsCompleted;
                if (last || gone || read.IsCompleted)
                {
                    return;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    /// <summary>How many bytes a plain answer of so many takes on the wire.</summary>
    public static long WireLength(long plain) => Head(plain).Length + SaltedCipher.SealedLength(plain);

    private static byte[] Head(long plain) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"ssl-length:{SaltedCipher.SealedLength(plain)}\r\n\r\n"));

    /// <summary>How long head and body will be, once the head is there, which stays unread; null where it does not come or does not say.</summary>
    private static async Task<long?> ReadLengthAsync(PipeReader plain)
    {
        for (long examined = 0; ;)
        {
            var read = await plain.ReadAsync().ConfigureAwait(false);
            var buffer = read.Buffer;
            if (Length(buffer) is { } length)
            {
                plain.AdvanceTo(buffer.Start, buffer.GetPosition(examined)); // as the sniffer: neither back nor to the end
                return length;
            }

            examined = buffer.Length;
            plain.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted || examined > Limits.HeadBytes)
            {
                return null;
            }
        }
    }

    /// <summary>Length of the answer whose head is whole; null where it is not, or has no Content-Length.</summary>
    private static long? Length(ReadOnlySequence<byte> bytes)
    {
        var reader = new SequenceReader<byte>(bytes);
        long? body = null;
        while (reader.TryReadTo(out ReadOnlySequence<byte> rawLine, "\r\n"u8))
        {
            if (rawLine.IsEmpty)
            {
                return body + reader.Consumed;
            }

            ReadOnlySpan<byte> line = rawLine.IsSingleSegment ? rawLine.FirstSpan : rawLine.ToArray();
            if (line.Length > 15 && Ascii.EqualsIgnoreCase(line[..15], "content-length:"u8) && Utf8Parser.TryParse(line[15..].TrimStart((byte)' '), out long value, out _))
            {
                body = value;
            }
        }

        return null;
    }
}
