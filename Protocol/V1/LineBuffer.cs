using System.Buffers;

namespace Deploy.Protocol.V1;

/// <summary>Bytes to lines, in bounds: small while lines are, and never more than a line may have.</summary>
/// <param name="longest">Bytes of a line, without its end.</param>
internal sealed class LineBuffer(int longest) : IDisposable
{
    private const int FirstBytes = 4096; // the usual event is 300 bytes

    private byte[] buffer = ArrayPool<byte>.Shared.Rent(Math.Min(FirstBytes, longest + 1));
    private int start;
    private int seen;
    private int end;

    /// <summary>Whether nothing is left of a line that began.</summary>
    public bool IsEmpty => start == end;

    /// <summary>Whether a line has begun that is longer than it may be.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>The next whole line, without its end; good until the next call of <see cref="Room"/>. Empty lines are passed over.</summary>
    public bool TryTake(out ReadOnlyMemory<byte> line)
    {
        line = default;
        while (!IsTooLong && buffer.AsSpan(seen, end - seen).IndexOf((byte)'\n') is >= 0 and var at)
        {
            int begin = start;
            int length = seen + at - start;
            start = seen = seen + at + 1;
            if (length > longest)
            {
                IsTooLong = true;
                return false;
            }

            if (length > 0)
            {
                line = buffer.AsMemory(begin, length);
                return true;
            }
        }

        seen = end;
        IsTooLong |= end - start > longest;
        return false;
    }

    /// <summary>Where the next bytes go; never empty as long as no line is too long.</summary>
    public Memory<byte> Room()
    {
        if (start == end)
        {
            start = seen = end = 0;
        }

        if (end == buffer.Length)
        {
            // To the front where that makes room enough; else twice as much.
            byte[] next = start > buffer.Length / 2 ? buffer : ArrayPool<byte>.Shared.Rent(Math.Min(buffer.Length * 2, Math.Max(buffer.Length, longest) + 1));
            buffer.AsSpan(start, end - start).CopyTo(next);
            (end, seen, start) = (end - start, seen - start, 0);
            if (next != buffer)
            {
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = next;
            }
        }

        return buffer.AsMemory(end);
    }

    /// <summary>So many bytes have come.</summary>
    public void Add(int count) => end += count;

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
        start = seen = end = 0;
    }
}
