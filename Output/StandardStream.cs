using System.Runtime.InteropServices;

namespace Deploy.Output;

/// <summary>
/// stdout or stderr by write(2). Not System.Console's streams: at their first byte these switch the terminal to another keypad mode and take over
/// SIGCHLD. Not FileStream either: it writes at offsets of its own, over what others write to the same file.
/// </summary>
/// <param name="descriptor">1 or 2.</param>
/// <param name="mayBeLost">Nothing that goes wrong is told: for stderr, whose loss must not cost a result.</param>
internal sealed partial class StandardStream(int descriptor, bool mayBeLost) : Stream
{
    private const int Interrupted = 4; // errno.h EINTR
    private const int Again = 11; // errno.h EAGAIN
    private const int BrokenPipe = 32; // errno.h EPIPE
    private const short PollOut = 4; // poll.h POLLOUT

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Writes all of it. A reader that has gone (<c>| head</c>) is no error: it has what it wanted.</summary>
    /// <exception cref="IOException">It cannot be written, e.g. a full disk.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            nint written = WriteSome(descriptor, buffer, (nuint)buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Interrupted:
                    break;
                case Again:
                    var wait = new PollDescriptor { Descriptor = descriptor, Events = PollOut };
                    _ = Poll(ref wait, 1, -1);
                    break;
                case BrokenPipe:
                    return;
                case var error when !mayBeLost:
                    throw new IOException($"cannot write to descriptor {descriptor}: errno {error}");
                default:
                    return;
            }
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteSome(int descriptor, ReadOnlySpan<byte> bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PollDescriptor descriptors, nuint count, int milliseconds);

    /// <summary>poll.h struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
