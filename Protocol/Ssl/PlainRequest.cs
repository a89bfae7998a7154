using System.Buffers.Text;
using System.Text;

namespace Deploy.Protocol.Ssl;

/// <summary>
/// The plain request inside a message of the ssl form. It must be whole and nothing but it: the wire has no integrity, and a server that answered to
/// messages cut short or patched up would tell one who tries what they decrypt to.
/// </summary>
internal static class PlainRequest
{
    /// <summary>True for a request line, header lines and a body as long as Content-Length says, or none; <c>HTTP/1.1</c> is made <c>HTTP/1.0</c> then. Never throws.</summary>
    /// <param name="message">Any bytes.</param>
    /// <param name="version">What its request line said, <c>HTTP/1.1</c> or <c>HTTP/1.0</c>; means nothing where false is returned.</param>
    public static bool Accept(Span<byte> message, out string version)
    {
        int minorVersionAt = -1;
        version = "HTTP/1.0";
        int? contentLength = null;
        for (int start = 0, line = 0; message[start..].IndexOf((byte)'\n') is var end and >= 0; start += end + 1, line++)
        {
            var text = message.Slice(start, end).TrimEnd((byte)'\r');
            if (line > 0 && text.IsEmpty)
            {
                bool whole = minorVersionAt > 0 && message.Length - (start + end + 1) == (contentLength ?? 0);
                if (whole)
                {
                    version = message[minorVersionAt] == '1' ? "HTTP/1.1" : version;
                    message[minorVersionAt] = (byte)'0'; // asks for no Host and no second request
                }

                return whole;
            }

            bool good = text.IndexOfAnyExceptInRange((byte)' ', (byte)'~') < 0
                && (line > 0 ? ReadHeader(text, ref contentLength) : (minorVersionAt = VersionAt(text)) > 0);
            if (!good)
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>Where the last digit of <c>METHOD target HTTP/1.1</c> stands, or -1.</summary>
    private static int VersionAt(ReadOnlySpan<byte> line) =>
        (line.EndsWith(" HTTP/1.1"u8) || line.EndsWith(" HTTP/1.0"u8)) && line.Count((byte)' ') == 2 && line[0] != ' ' ? line.Length - 1 : -1;

    private static bool ReadHeader(ReadOnlySpan<byte> line, ref int? contentLength)
    {
        int colon = line.IndexOf((byte)':');
        if (colon <= 0 || line[0] == ' ')
        {
            return false;
        }

        if (!Ascii.EqualsIgnoreCase(line[..colon], "content-length"u8))
        {
            return true;
        }

        var value = line[(colon + 1)..].Trim((byte)' ');
        if (contentLength is not null || value.Length is 0 or > 9 || value.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0 || !Utf8Parser.TryParse(value, out int length, out _))
        {
            return false;
        }

        contentLength = length;
        return true;
    }
}
