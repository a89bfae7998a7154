namespace Deploy.Jobs.Relay;

/// <summary>One host's text while it is written: in pieces, each allowed before it is made. What is not allowed is not kept, nor what follows it.</summary>
/// <param name="take">Allows so many bytes more.</param>
internal sealed class RelayText(Func<int, bool> take) : Stream
{
    private const int FirstPiece = 512; // most texts fit
    private const int LargestPiece = 64 * 1024; // below the runtime's heap for large objects

    private readonly List<ReadOnlyMemory<byte>> whole = [];
    private byte[] piece = [];
    private int used;

    /// <summary>Bytes that were allowed, whether or not all were written.</summary>
    public long Taken { get; private set; }

    /// <summary>Whether something was not allowed: then there are no pieces.</summary>
    public bool Full { get; private set; }

    /// <summary>The text; once written it does not change.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Pieces => Full ? [] : [.. whole, piece.AsMemory(0, used)];

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty && !Full)
        {
            if (used == piece.Length)
            {
                NextPiece(buffer.Length);
                continue;
            }

            int count = Math.Min(buffer.Length, piece.Length - used);
            buffer[..count].CopyTo(piece.AsSpan(used));
            used += count;
            buffer = buffer[count..];
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void NextPiece(int wanted)
    {
        int size = Math.Clamp((int)Math.Min(Math.Max(Taken, wanted), LargestPiece), FirstPiece, LargestPiece);
        if (piece.Length > 0)
        {
            whole.Add(piece);
        }

        used = 0;
        Full = !take(size);
        Taken += Full ? 0 : size;
        piece = Full ? [] : new byte[size];
        if (Full)
        {
            whole.Clear();
        }
    }
}
