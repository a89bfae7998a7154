using Deploy.Config;

namespace Deploy.Modes.Daemon;

/// <summary>Reads the files of a daemon; once settings are in force, a file that looks half written is not read: its missing end would be missing limits.</summary>
/// <param name="path">Its own file; those that it names are read as they are.</param>
internal sealed class WholeFile(string path)
{
    private ReadOnlyMemory<byte> read;
    private ReadOnlyMemory<byte> inForce;

    /// <summary>The bytes of a file, or why there are none.</summary>
    public FileContent Read(string named)
    {
        var content = RegularFile.Read(named);
        if (named != path || content is not FileContent.Read { Bytes: var bytes })
        {
            return content;
        }

        read = bytes;
        bool isCut = bytes.Length is > 0 && (bytes.Span[^1] != (byte)'\n' || (bytes.Length < inForce.Length && inForce.Span.StartsWith(bytes.Span)));
        return inForce.Length > 0 && isCut
            ? new FileContent.Unreadable("it looks half written: it ends without a line break, or is the beginning of what is in force; write it anew and then rename it, or restart the daemon where it is meant so")
            : content;
    }

    /// <summary>What was read last is in force.</summary>
    public void Accept() => inForce = read;
}
