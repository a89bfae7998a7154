using Deploy.Config;
using Deploy.Model;

namespace Deploy.Modes.Daemon;

/// <summary>
/// Reads the files of a daemon: its own, and those that it names. Once they are in force, one that looks half written is not taken: its missing end
/// would be missing limits, hosts or keys.
/// </summary>
internal sealed class WholeFiles
{
    private readonly Dictionary<string, ReadOnlyMemory<byte>> inForce = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> gone = new(StringComparer.Ordinal);
    private Dictionary<string, ReadOnlyMemory<byte>> read = new(StringComparer.Ordinal);

    /// <summary>Reads a configuration, files by the function that it is given.</summary>
    /// <exception cref="UserError">A file of it looks half written.</exception>
    public T Read<T>(Func<Func<string, FileContent>, T> configuration)
    {
        read = new(StringComparer.Ordinal);
        gone.Clear();
        var result = configuration(Remember);
        string? cut = read.Keys.FirstOrDefault(path => inForce.TryGetValue(path, out var former) && IsCut(read[path].Span, former.Span));
        return cut is null ? result : throw new UserError(
            $"{cut} looks half written: it {(gone.TryGetValue(cut, out string? why) ? $"cannot be read ({why})" : "is empty, has lost its last line break, or is the beginning of what is in force")}", ExitCodes.Configuration, "write it anew and then rename it, or restart the daemon where it is meant so");
    }

    /// <summary>What was read last is in force.</summary>
    public void Accept()
    {
        foreach (var (path, bytes) in read)
        {
            inForce[path] = bytes;
        }
    }

    private FileContent Remember(string path)
    {
        var content = RegularFile.Read(path);
        read[path] = (content as FileContent.Read)?.Bytes ?? default;
        if (content is FileContent.Unreadable { Why: var why })
        {
            gone[path] = why;
        }

        return content;
    }

    private static bool IsCut(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> former) =>
        former.Length > 0
        && (bytes.IsEmpty || (bytes[^1] != (byte)'\n' && former[^1] == (byte)'\n') || (bytes.Length < former.Length && former.StartsWith(bytes)));
}
