using System.Buffers.Text;
using System.Globalization;
using Deploy.Model.Text;

namespace Deploy.Protocol.Receiving;

/// <summary>
/// Reads one legacy HTTP answer from pieces of any size. Bounded: head by <see cref="LegacyLimits.MaxHeadBytes"/>, body by
/// <see cref="ReceiveBudget.MostOfOne"/> and the run's <see cref="ReceiveBudget"/>. Takes LF for CRLF, extra headers, and an answer without
/// Content-Length, which then ends with the connection.
/// </summary>
internal sealed class ResponseReader(ReceiveBudget budget) : IAnswerReader
{
    private const int FirstBuffer = 1024; // bytes; most answers fit, and a large Content-Length is not believed before the bytes are there

    private byte[] buffer = new byte[FirstBuffer];
    private int length;
    private int taken;
    private int scanned;
    private int bodyStart;
    private int code;
    private string reason = string.Empty;
    private string? server;
    private JobHeader? job;
    private int? contentLength;

    public string Progress => (length, bodyStart) switch
    {
        (0, _) => "nothing came",
        (_, 0) => string.Create(CultureInfo.InvariantCulture, $"{length} bytes of a head came"),
        _ when contentLength is { } all => string.Create(CultureInfo.InvariantCulture, $"{length - bodyStart} of {all} bytes came"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{length - bodyStart} bytes came"),
    };

    public LegacyOutcome? Feed(ReadOnlySpan<byte> piece)
    {
        if (bodyStart > 0 && contentLength is { } wanted)
        {
            piece = piece[..Math.Min(piece.Length, wanted - (length - bodyStart))]; // what follows the body is nobody's
        }

        if (!Append(piece))
        {
            return Broken($"the answers of all hosts are over {budget.Size} together") with { IsOurLimit = true };
        }

        if (bodyStart == 0)
        {
            if (LooksWrong() is { } wrong)
            {
                return wrong;
            }

            if (!FindBody())
            {
                return length > LegacyLimits.MaxHeadBytes ? Broken("its head is over 32 KiB") : null;
            }

            if (ReadHead() is { } broken)
            {
                return broken;
            }
        }

        if (length - bodyStart > budget.MostOfOne)
        {
            return TooLarge();
        }

        return contentLength is { } all && length - bodyStart >= all ? Whole(all) : null;
    }

    public LegacyOutcome Close()
    {
        if (bodyStart > 0 && contentLength is null)
        {
            return Whole(length - bodyStart);
        }

        return Broken(length == 0 ? "it closed the connection without an answer" : "it closed the connection within its answer: " + Progress);
    }

    public LegacyOutcome Silent(TimeSpan socketTimeout) => Broken(IAnswerReader.SilentFor(socketTimeout, Progress));

    private Answered Whole(int bodyLength)
    {
        var answer = new Answered(code, reason, buffer.AsMemory(bodyStart, bodyLength), server) { Job = job, HeldBytes = taken };
        buffer = [];
        taken = 0; // kept: the answer lives on
        return answer;
    }

    private NoAnswer TooLarge() => Broken($"its answer is over {budget.SizeOfOne}") with { IsOurLimit = true };

    private NoAnswer Broken(string why)
    {
        Dispose();
        return new NoAnswer(why);
    }

    /// <summary>Gives back what an answer took that will not come; once it is whole there is nothing to give back.</summary>
    public void Dispose()
    {
        budget.Return(taken);
        taken = 0;
        buffer = [];
    }

    private bool Append(ReadOnlySpan<byte> piece)
    {
        int needed = length + piece.Length;
        if (needed > buffer.Length)
        {
            // Never more than is to come where that is known, nor more than twice what came: whoever promises much and stalls holds little.
            long most = bodyStart > 0 && contentLength is { } all ? bodyStart + (long)all : budget.MostOfOne + (2L * LegacyLimits.MaxHeadBytes) + piece.Length;
            int size = (int)Math.Min(Math.Max(needed, buffer.Length * 2L), most);
            int more = Math.Max(0, size - LegacyLimits.SmallBytes) - taken;
            if (!budget.TryTake(more))
            {
                return false;
            }

            taken += more;
            Array.Resize(ref buffer, size);
        }

        piece.CopyTo(buffer.AsSpan(length));
        length = needed;
        return true;
    }

    /// <summary>Anything that cannot become an answer is known by its first bytes: there is no use in waiting for more.</summary>
    private LegacyOutcome? LooksWrong()
    {
        var start = buffer.AsSpan(0, length);
        if (start.StartsWith("DEPLOY-SSL"u8) || start.StartsWith("ssl-length:"u8))
        {
            return new Mismatch(PeerEncrypts: true);
        }

        bool possible = IsPrefix(start, "HTTP/1."u8) || IsPrefix(start, "DEPLOY-SSL"u8) || IsPrefix(start, "ssl-length:"u8);
        return possible ? null : Broken("its answer is not HTTP");
    }

    private static bool IsPrefix(ReadOnlySpan<byte> start, ReadOnlySpan<byte> word) =>
        start.Length < word.Length ? word.StartsWith(start) : start.StartsWith(word);

    /// <summary>Looks for the empty line; true once <see cref="bodyStart"/> is known.</summary>
    private bool FindBody()
    {
        for (; scanned < length && scanned <= LegacyLimits.MaxHeadBytes; scanned++)
        {
            if (buffer[scanned] == '\n' && (EndsLine(scanned - 1) || (scanned > 1 && buffer[scanned - 1] == '\r' && EndsLine(scanned - 2))))
            {
                bodyStart = scanned + 1;
                return true;
            }
        }

        return false;
    }

    private bool EndsLine(int at) => at >= 0 && buffer[at] == '\n';

    private NoAnswer? ReadHead()
    {
        bool first = true;
        foreach (var range in buffer.AsSpan(0, bodyStart).Split((byte)'\n'))
        {
            var line = buffer.AsSpan(range).TrimEnd((byte)'\r');
            if (first)
            {
                first = false;
                if (!ReadStatusLine(line))
                {
                    return Broken("its status line is broken");
                }
            }
            else if (!ReadHeader(line))
            {
                return Broken("its headers are broken");
            }
        }

        return contentLength > budget.MostOfOne ? TooLarge() : null;
    }

    /// <summary><c>HTTP/1.1 200 OK</c>; the string may be missing.</summary>
    private bool ReadStatusLine(ReadOnlySpan<byte> line)
    {
        if (line.Length < 12 || line[8] != ' ' || !Utf8Parser.TryParse(line.Slice(9, 3), out code, out int digits) || digits != 3 || code < 100)
        {
            return false;
        }

        if (line.Length > 12 && line[12] != ' ')
        {
            return false;
        }

        reason = line.Length > 13 ? ByteText.FromBytes(line[13..]) : string.Empty;
        return true;
    }

    /// <summary>Keeps Content-Length, Server and the job; false for a length that is none, or two that differ, or a form of body that no legacy peer sends.</summary>
    private bool ReadHeader(ReadOnlySpan<byte> line)
    {
        int colon = line.IndexOf((byte)':');
        if (colon <= 0)
        {
            return true;
        }

        string name = ByteText.FromBytes(line[..colon]).Trim();
        var value = line[(colon + 1)..].Trim(" \t"u8);
        if (name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
        {
            bool number = Utf8Parser.TryParse(value, out long count, out int used) && used == value.Length && value[0] is >= (byte)'0' and <= (byte)'9';
            int clipped = (int)Math.Min(count, int.MaxValue);
            if (!number || (contentLength is { } before && before != clipped))
            {
                return false;
            }

            contentLength = clipped;
        }
        else if (name.Equals("Server", StringComparison.OrdinalIgnoreCase))
        {
            server = ByteText.FromBytes(value);
        }
        else if (name.Equals(JobHeader.Name, StringComparison.OrdinalIgnoreCase))
        {
            job = JobHeader.Parse(ByteText.FromBytes(value));
        }
        else if (name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase))
        {
            return value.SequenceEqual("identity"u8);
        }

        return true;
    }
}
