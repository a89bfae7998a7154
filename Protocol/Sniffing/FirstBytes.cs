using System.Buffers;
using System.Text;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;

namespace Deploy.Protocol.Sniffing;

/// <summary>What a peer speaks, told from the first bytes of its connection.</summary>
internal enum Speech
{
    /// <summary>Not told yet.</summary>
    Unknown,

    /// <summary>Anything else: HTTP, or what HTTP's parser will refuse.</summary>
    Http,

    /// <summary>A TLS handshake record (RFC 8446, section 5.1: type 22, version 3.x).</summary>
    Tls,

    /// <summary>The original's ssl form: the fields <c>aes:</c> and <c>ssl-length:</c> in either order and any case, or <c>WHO</c>.</summary>
    LegacySsl,
}

/// <summary>Reads the first bytes of a connection: which speech, where the head of a plain request ends, whether it has a Host.</summary>
internal static class FirstBytes
{
    private const byte TlsHandshake = 22; // RFC 8446, section 5.1
    private const byte TlsMajor = 3;
    private const int TargetBytes = 8 + V1Names.TargetLength; // behind a method, OPTIONS being the longest that matters, and a blank

    /// <summary>Tells the speech; <see cref="Speech.Unknown"/> asks for more bytes, four at most.</summary>
    public static Speech Tell(ReadOnlySequence<byte> bytes)
    {
        Span<byte> first = stackalloc byte[4];
        int length = (int)Math.Min(first.Length, bytes.Length);
        bytes.Slice(0, length).CopyTo(first);
        first = first[..length];
        if (length == 0)
        {
            return Speech.Unknown;
        }

        if (first[0] == TlsHandshake)
        {
            return length < 2 ? Speech.Unknown : first[1] == TlsMajor ? Speech.Tls : Speech.Http;
        }

        if (StartsLike(first, "aes:"u8) || StartsLike(first, "ssl-"u8) || StartsLike(first, "WHO\r"u8) || StartsLike(first, "WHO\n"u8))
        {
            return length < 4 ? Speech.Unknown : Speech.LegacySsl;
        }

        return Speech.Http;
    }

    private static bool StartsLike(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> word) => Ascii.EqualsIgnoreCase(word[..Math.Min(word.Length, bytes.Length)], bytes);

    /// <summary>Whether a plain request is of the v1 API, by its target; null asks for more bytes, <see cref="TargetBytes"/> at most.</summary>
    public static bool? IsV1(ReadOnlySequence<byte> bytes)
    {
        string first = Encoding.Latin1.GetString(bytes.Slice(0, Math.Min(bytes.Length, TargetBytes)));
        int blank = first.IndexOf(' ', StringComparison.Ordinal);
        string target = blank < 0 ? string.Empty : first[(blank + 1)..].Split(' ')[0];
        bool whole = bytes.Length >= TargetBytes || (blank >= 0 && first.IndexOfAny([' ', '\n'], blank + 1) >= 0);
        return whole ? V1Names.IsTarget(target) : null;
    }

    /// <summary>Reads a request's head, whose lines end with CRLF or with LF alone (old clients do).</summary>
    public static Head ReadHead(ReadOnlySequence<byte> bytes)
    {
        var reader = new SequenceReader<byte>(bytes);
        long versionAt = -1;
        bool host = false;
        for (bool first = true; reader.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n'); first = false)
        {
            var text = line.IsSingleSegment ? line.FirstSpan : line.ToArray();
            text = text.TrimEnd((byte)'\r');
            if (first)
            {
                versionAt = text.EndsWith(" HTTP/1.1"u8) ? reader.Consumed - 1 - line.Length + text.Length - 1 : -1;
            }
            else if (text.IsEmpty)
            {
                return new Head(true, host, versionAt);
            }
            else
            {
                host |= text.Length >= 5 && System.Text.Ascii.EqualsIgnoreCase(text[..5], "host:"u8);
            }
        }

        return new Head(false, host, versionAt);
    }

    /// <param name="Complete">Its empty line has come.</param>
    /// <param name="HasHost">It has a Host header.</param>
    /// <param name="MinorVersionAt">Where the last digit of <c>HTTP/1.1</c> stands, or -1.</param>
    internal readonly record struct Head(bool Complete, bool HasHost, long MinorVersionAt);
}
