using System.Globalization;
using System.Runtime.InteropServices;
using Deploy.Model.Text;
using Deploy.Processes.Native;
using Deploy.Processes.Spawn;

namespace Deploy.Processes.Confined;

/// <summary>The other side of <see cref="Trampoline"/>: <c>deploy __exec PARENT DIRECTORY WRITES COUNT FURTHER… PROGRAM NAME ARGUMENT…</c>. Nothing of the runtime is needed before the program begins.</summary>
/// <remarks>Whatever cannot be done means that the program is not started: what was asked for is never left out in silence.</remarks>
internal static unsafe class ExecMode
{
    private const int PrSetDeathSignal = 1;
    private const int LongestBytes = 8 << 20; // of all arguments; the kernel takes a quarter of the stack's limit, 2 MiB

    /// <summary>Becomes the program. Comes back with an exit code where that is not possible, and has said why on stderr.</summary>
    public static int Run()
    {
        string why = Become();
        byte[] text = ByteText.ToBytes($"{Trampoline.NotStartedText}{why}\n");
        fixed (byte* bytes = text)
        {
            _ = Libc.write(2, bytes, (nuint)text.Length);
        }

        return Trampoline.NotStartedCode;
    }

    private static string Become()
    {
        const int Fixed = 4; // PARENT, DIRECTORY, WRITES, COUNT
        if (OwnWords() is not { } words || words.Length < Fixed + 2
            || !int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out int parent)
            || !int.TryParse(words[3], NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count > words.Length - Fixed - 2)
        {
            return $"{Trampoline.Word} is for deploy's own use";
        }

        // The signal comes when the thread ends that started us; had it ended before, we would not hear of it.
        if (Libc.prctl(PrSetDeathSignal, Libc.SIGTERM, 0, 0, 0) != 0 || Libc.getppid() != parent)
        {
            return "the daemon that wanted it has ended";
        }

        // "." is all that the program hears of its directory: it must be the one that was meant.
        if (words[1] != DirectoryMark.Any && words[1] != DirectoryMark.OfWorkingDirectory())
        {
            return "it would start in another directory than was meant";
        }

        string[] rest = words[(Fixed + count)..];
        string? unconfined = words[2] switch
        {
            "-" => null,
            "read" => Landlock.Restrict(new WriteAccess(false, words[Fixed..(Fixed + count)])),
            "write" => Landlock.Restrict(new WriteAccess(true, words[Fixed..(Fixed + count)])),
            _ => "an access that is not known",
        };
        if (unconfined is not null)
        {
            return $"it cannot be confined: {unconfined}";
        }

        ChildSignal.ResetAll();
        _ = Libc.CloseAtExecFrom(3); // what a thread of the runtime opens right now
        using var argv = new WordVector(rest[1..]);
        fixed (byte* program = PathText.Terminated(rest[0]))
        {
            _ = Libc.execv(program, argv.Pointers);
        }

        return $"{rest[0]}: {Libc.ErrorText(Marshal.GetLastPInvokeError())}";
    }

    /// <summary>What follows <see cref="Trampoline.Word"/>, byte for byte: .NET's own arguments lose what is not UTF-8.</summary>
    private static string[]? OwnWords()
    {
        byte[] buffer = new byte[16 * 1024];
        int length;
        while ((length = SmallFile.Read(Libc.AT_FDCWD, "/proc/self/cmdline", buffer)) == buffer.Length && length < LongestBytes)
        {
            buffer = new byte[buffer.Length * 4];
        }

        if (length <= 0 || length >= LongestBytes || buffer[length - 1] != 0)
        {
            return null;
        }

        string[] all = ByteText.FromBytes(buffer.AsSpan(0, length - 1)).Split('\0');
        int at = Array.IndexOf(all, Trampoline.Word);
        return at < 0 ? null : all[(at + 1)..];
    }
}
