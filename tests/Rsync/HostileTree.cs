using System.Diagnostics;
using System.Text;

namespace Deploy.Tests.Rsync;

/// <summary>One entry of a tree as find(1) sees it; names are bytes, which .NET's own file functions cannot hold.</summary>
/// <param name="Name">Relative, without a leading <c>./</c>.</param>
/// <param name="Type">find's <c>%y</c>: f d l p.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Inode">Equal for hard links.</param>
/// <param name="Link">A symlink's target.</param>
internal sealed record TreeEntry(byte[] Name, char Type, long Size, string Inode, byte[] Link);

/// <summary>Makes and reads trees with names that .NET's strings cannot carry, by python3 and find(1).</summary>
internal static class HostileTree
{
    /// <summary>Every entry below a directory, found by find(1), the directory itself left out.</summary>
    public static IReadOnlyList<TreeEntry> Entries(string root)
    {
        string[] parts = Encoding.Latin1.GetString(Run("find", [root, "-mindepth", "1", "-printf", @"%P\0%y\0%s\0%i\0%l\0"], [])).Split('\0');
        var entries = new List<TreeEntry>();
        for (int i = 0; i + 4 < parts.Length; i += 5)
        {
            entries.Add(new TreeEntry(Encoding.Latin1.GetBytes(parts[i]), parts[i + 1][0], long.Parse(parts[i + 2], System.Globalization.CultureInfo.InvariantCulture), parts[i + 3], Encoding.Latin1.GetBytes(parts[i + 4])));
        }

        return entries;
    }

    /// <summary>Makes entries: <c>f</c> file, <c>d</c> directory, <c>l</c> symlink to <paramref name="entries"/>' second name, <c>h</c> hard link to it, <c>p</c> fifo.</summary>
    public static void Make(string root, IEnumerable<(char Type, byte[] Name, byte[] Other)> entries)
    {
        const string Program = """
            import os, sys
            root = os.fsencode(sys.argv[1])
            parts = sys.stdin.buffer.read().split(b'\0')
            for i in range(0, len(parts) - 2, 3):
                kind, name, other = parts[i], os.path.join(root, parts[i + 1]), parts[i + 2]
                if kind == b'f':
                    open(name, 'wb').write(other)
                elif kind == b'd':
                    os.makedirs(name, exist_ok=True)
                elif kind == b'l':
                    os.symlink(other, name)
                elif kind == b'h':
                    os.link(os.path.join(root, other), name)
                elif kind == b'p':
                    os.mkfifo(name)
            """;
        var input = new List<byte>();
        foreach (var (type, name, other) in entries)
        {
            input.AddRange([(byte)type, 0, .. name, 0, .. other, 0]);
        }

        Run("python3", ["-c", Program, root], [.. input]);
    }

    /// <summary>All hostile names of the brief and some more, as UTF-8 with raw bytes for \xHH.</summary>
    public static IReadOnlyList<byte[]> Names { get; } =
    [
        .. new[]
        {
            "new\nline", "esc\u001b[31m", "re\rturn", "arrow -> x", "fat => y", "Number of files: 3", "*deleting   x", "-dash", "--delete", "back\\slash", "fake\\#012",
            "five\\#99999", "\\#134#012", " leading", "trailing ", "tab\there", "del\u007f", "\u0085c1", "\u202ebidi", "\u2028", "한글", "'quote\"", "$(id);&|", ">f+++++++++ 1 a", "created directory z",
            "   1,000  99%  1.2MB", "rsync error: x (code 11) at y", "a -> b -> c", "%n %i", "sent 1 bytes", "*",
        }.Select(Encoding.UTF8.GetBytes),
        [0xff, 0xfe], [.. "bad"u8, 0x80, .. "utf8"u8], [.. "cut"u8, 0xed, 0x95], [.. "\\"u8, 0xff, .. "#012"u8], [.. Enumerable.Repeat((byte)'l', 255)], [.. Enumerable.Repeat((byte)0xfd, 255)],
    ];

    /// <summary>Deletes a tree whose names .NET cannot hold.</summary>
    public static void Delete(string root) => Run("rm", ["-rf", "--", root], []);

    private static byte[] Run(string program, string[] arguments, byte[] input)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true };
        Array.ForEach(arguments, start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        using var output = new MemoryStream();
        process.StandardInput.BaseStream.Write(input);
        process.StandardInput.Close();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        return process.ExitCode == 0 ? output.ToArray() : throw new InvalidOperationException($"{program} ended with {process.ExitCode}");
    }
}
