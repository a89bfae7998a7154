using Deploy.Model.Text;
using Deploy.Modes.Daemon.Starting;

namespace Deploy.Modes;

/// <summary>The command line as the kernel has it: the name the program was called by, and arguments in ByteText.</summary>
/// <param name="Name">The last part of argv[0], e.g. <c>deploy</c> or, by a link, <c>deploy-client</c>; also behind the title of a daemon.</param>
/// <param name="Arguments">What follows; bytes that are not UTF-8 are kept, which .NET's own arguments lose.</param>
internal sealed record CommandLine(string Name, IReadOnlyList<string> Arguments)
{
    private const string KernelCopy = "/proc/self/cmdline"; // proc(5): arguments, each with a NUL behind it
    private const string Memory = "/proc/self/mem";
    private const string Stat = "/proc/self/stat"; // proc(5): fields 48 and 49 are arg_start and arg_end

    /// <summary>Whether argv[0] is a daemon's title.</summary>
    public static bool IsTitled
    {
        get
        {
            try
            {
                return ByteText.FromBytes(File.ReadAllBytes(KernelCopy)).Split('\0')[0].Contains(ProcessTitle.Marker, StringComparison.Ordinal);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    /// <summary>Reads it; where /proc is missing, from what .NET was given.</summary>
    public static CommandLine Read(IReadOnlyList<string> given)
    {
        try
        {
            return FromKernel(File.ReadAllBytes(KernelCopy), given.Count) ?? FromRuntime(given);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return FromRuntime(given);
        }
    }

    /// <summary>
    /// Writes x over a secret argument in the memory that <c>ps</c> shows. Best effort: before this ran the secret was to be seen, and a kernel
    /// that does not let a process write there leaves it; files and the environment are the way to give secrets.
    /// </summary>
    public static void Hide(string secret)
    {
        byte[] wanted = ByteText.ToBytes(secret);
        if (wanted.Length == 0)
        {
            return;
        }

        try
        {
            string stat = File.ReadAllText(Stat);
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' '); // field 3 is the first behind the name
            if (fields.Length < 47 || !long.TryParse(fields[45], out long start) || !long.TryParse(fields[46], out long end) || end <= start || end - start > 4 << 20)
            {
                return;
            }

            // Through the kernel and not through a pointer: a wrong address is an error then, not a crash.
            using var memory = new FileStream(Memory, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
            byte[] arguments = new byte[end - start];
            memory.Position = start;
            memory.ReadExactly(arguments);
            for (int at = 0; arguments.AsSpan(at).IndexOf(wanted) is var found and >= 0; at += found + wanted.Length)
            {
                // Only whole values: behind `=` or a NUL, up to a NUL.
                int from = at + found;
                int behind = from + wanted.Length;
                if (from > 0 && arguments[from - 1] is 0 or (byte)'=' && (behind == arguments.Length || arguments[behind] == 0))
                {
                    memory.Position = start + from;
                    memory.Write(Enumerable.Repeat((byte)'x', wanted.Length).ToArray());
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException or NotSupportedException)
        {
            // It stays to be seen, as it was.
        }
    }

    /// <summary>Splits the kernel's copy; null when it does not end in so many arguments.</summary>
    internal static CommandLine? FromKernel(ReadOnlySpan<byte> copy, int count)
    {
        if (copy.IsEmpty || copy[^1] != 0)
        {
            return null;
        }

        var all = new List<string>();
        foreach (var range in copy[..^1].Split((byte)0))
        {
            all.Add(ByteText.FromBytes(copy[..^1][range]));
        }

        return all.Count > count ? new CommandLine(NameIn(all[^(count + 1)]), all[^count..]) : null;
    }

    private static string NameIn(string first) =>
        Path.GetFileName(first.LastIndexOf(ProcessTitle.Marker, StringComparison.Ordinal) is var at and >= 0 ? first[(at + ProcessTitle.Marker.Length)..] : first);

    private static CommandLine FromRuntime(IReadOnlyList<string> given) => new(Path.GetFileName(Environment.GetCommandLineArgs()[0]), given);
}
