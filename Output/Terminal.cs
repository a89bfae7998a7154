using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Deploy.Output;

/// <summary>
/// The terminal, or the pipes in its place: the only class that knows System.Console, and of that only whether there is a terminal. What is written here has been made safe to print.
/// </summary>
internal sealed partial class Terminal
{
    private const nuint GetSize = 0x5413; // asm-generic/ioctls.h TIOCGWINSZ

    /// <summary>Writers of one's own, for tests.</summary>
    public Terminal(TextWriter standardOutput, TextWriter standardError, bool outIsTerminal = false, bool errorIsTerminal = false)
    {
        Out = standardOutput;
        Error = standardError;
        OutIsTerminal = outIsTerminal;
        ErrorIsTerminal = errorIsTerminal;
    }

    /// <summary>Standard output: results and asked-for help. UTF-8, buffered, newline <c>\n</c>.</summary>
    public TextWriter Out { get; }

    /// <summary>Standard error: errors, hints, warnings and progress; written at once.</summary>
    public TextWriter Error { get; }

    /// <summary>Where a person types who is asked on standard error; null where either is no terminal.</summary>
    public TextReader? Input { get; init; }

    /// <summary>Whether a person types at standard input.</summary>
    public bool InIsTerminal { get; init; }

    public bool OutIsTerminal { get; }

    public bool ErrorIsTerminal { get; }

    /// <summary>The process's own stdout and stderr.</summary>
    public static Terminal Open()
    {
        var utf8 = new UTF8Encoding(false);
        var output = new StreamWriter(new StandardStream(1, mayBeLost: false), utf8, 16 * 1024) { AutoFlush = false, NewLine = "\n" };
        var error = new StreamWriter(OpenLog(), utf8, 1024) { AutoFlush = true, NewLine = "\n" };
#pragma warning disable RS0030 // The one home of System.Console; these two only look.
        bool asks = !Console.IsInputRedirected && !Console.IsErrorRedirected;
        return new Terminal(output, error, !Console.IsOutputRedirected, !Console.IsErrorRedirected) { InIsTerminal = !Console.IsInputRedirected, Input = asks ? new StreamReader(new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, 1), utf8) : null };
#pragma warning restore RS0030
    }

    /// <summary>Stderr as bytes, for the log of a daemon in the foreground. What cannot be written is lost.</summary>
    public static Stream OpenLog() => new StandardStream(2, mayBeLost: true);

    /// <summary>Columns and rows of the terminal behind standard error, now; 80 and 24 where it does not tell.</summary>
    public (int Columns, int Rows) ErrorSize() => ErrorIsTerminal ? SizeOf(2) : DefaultSize;

    /// <summary>Columns of the terminal behind standard output; null where there is none.</summary>
    public int? OutColumns() => OutIsTerminal ? SizeOf(1).Columns : null;

    /// <summary>Says a mistake: <c>deploy: error: …</c>, then <c>deploy: hint: …</c> where there is one.</summary>
    public void WriteError(string message, string? hint = null)
    {
        Error.WriteLine("deploy: error: " + message);
        if (hint is not null)
        {
            WriteHint(hint);
        }
    }

    /// <summary>Says the next step.</summary>
    public void WriteHint(string hint) => Error.WriteLine("deploy: hint: " + hint);

    /// <summary>Says something that did not stop the order.</summary>
    public void WriteWarning(string message) => Error.WriteLine("deploy: warning: " + message);

    private static readonly (int Columns, int Rows) DefaultSize = (80, 24);

    /// <summary>By ioctl(2): System.Console would take the terminal over.</summary>
    private static (int Columns, int Rows) SizeOf(int descriptor)
    {
        var size = default(WindowSize);
        return Control(descriptor, GetSize, ref size) == 0 && size is { Columns: > 0, Rows: > 0 } ? (size.Columns, size.Rows) : DefaultSize;
    }

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Control(int descriptor, nuint request, ref WindowSize size);

    /// <summary>asm-generic/termios.h struct winsize.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort Width;
        public ushort Height;
    }
}
