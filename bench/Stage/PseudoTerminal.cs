using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Deploy.Processes.Native;
using Microsoft.Win32.SafeHandles;

namespace Deploy.Bench.Stage;

/// <summary>A terminal without a window (pts(4)) that counts what is written to it, and types.</summary>
internal sealed unsafe partial class PseudoTerminal : IDisposable
{
    private const nuint Unlock = 0x40045431; // asm-generic/ioctls.h TIOCSPTLCK
    private const nuint Number = 0x80045430; // TIOCGPTN
    private const nuint SetSize = 0x5414; // TIOCSWINSZ

    private readonly SafeFileHandle master;
    private readonly FileStream stream;
    private readonly Thread reading;
    private readonly BlockingCollection<(long At, string Text)> pieces = [];
    private long bytes;

    /// <summary>Opens one of this size.</summary>
    public PseudoTerminal(int columns, int rows)
    {
        master = File.OpenHandle("/dev/ptmx", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        int descriptor = (int)master.DangerousGetHandle();
        int zero = 0, number = 0;
        ushort* size = stackalloc ushort[4] { (ushort)rows, (ushort)columns, 0, 0 };
        if (Control(descriptor, Unlock, &zero) != 0 || Control(descriptor, Number, &number) != 0 || Control(descriptor, SetSize, size) != 0)
        {
            throw new BenchError($"no pseudo-terminal is to be had: {Libc.ErrorText(Marshal.GetLastPInvokeError())}");
        }

        Path = string.Create(CultureInfo.InvariantCulture, $"/dev/pts/{number}");
        stream = new FileStream(master, FileAccess.ReadWrite, 1, isAsync: false);
        reading = new Thread(Read) { IsBackground = true };
        reading.Start();
    }

    /// <summary>What a program opens to be on it.</summary>
    public string Path { get; }

    /// <summary>Written to it so far.</summary>
    public long Bytes => Interlocked.Read(ref bytes);

    /// <summary>Presses keys, and says how long it took until something that holds <paramref name="answer"/> was written; null where that took longer than the limit.</summary>
    public TimeSpan? Type(string keys, string answer, TimeSpan limit)
    {
        while (pieces.TryTake(out _))
        {
        }

        long began = Stopwatch.GetTimestamp();
        stream.Write(Encoding.ASCII.GetBytes(keys));
        using var late = new CancellationTokenSource(limit);
        try
        {
            foreach (var (at, text) in pieces.GetConsumingEnumerable(late.Token))
            {
                if (text.Contains(answer, StringComparison.Ordinal))
                {
                    return Stopwatch.GetElapsedTime(began, at);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // too late
        }

        return null;
    }

    /// <summary>Waits until something that holds this text was written.</summary>
    /// <exception cref="BenchError">It was not.</exception>
    public void WaitFor(string text, TimeSpan limit)
    {
        var all = new StringBuilder();
        using var late = new CancellationTokenSource(limit);
        try
        {
            foreach (var piece in pieces.GetConsumingEnumerable(late.Token))
            {
                if (all.Append(piece.Text).ToString().Contains(text, StringComparison.Ordinal))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // said below
        }

        throw new BenchError($"the terminal does not show '{text}': {all}");
    }

    /// <summary>Once its program has ended.</summary>
    public void Dispose()
    {
        stream.Dispose();
        master.Dispose();
    }

    private void Read()
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            for (int count = stream.Read(buffer); count > 0; count = stream.Read(buffer))
            {
                Interlocked.Add(ref bytes, count);
                pieces.Add((Stopwatch.GetTimestamp(), Encoding.UTF8.GetString(buffer, 0, count)));
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // EIO: nobody has it open any more
        }

        pieces.CompleteAdding();
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int descriptor, nuint request, void* argument);
}
