namespace Deploy.Rsync.Output;

/// <summary>The numbers of one block of <c>--stats</c> that we use; null where the block does not name them exactly.</summary>
internal sealed class Statistics
{
    /// <summary>The first line of a block; the blank line before it belongs to it, since files can be named like this.</summary>
    public static ReadOnlySpan<byte> FirstLabel => "Number of files: "u8;

    /// <summary>Entries in the origin's list.</summary>
    public long? Files { get; private set; }

    /// <summary>Directories of them; null with rsync 3.0, which does not say.</summary>
    public long? Directories { get; private set; }

    /// <summary>Regular files transferred.</summary>
    public long? FilesTransferred { get; private set; }

    /// <summary>Total size of the files transferred, bytes.</summary>
    public long? BytesTransferred { get; private set; }

    /// <summary>True when the line belongs to the block; its number is taken.</summary>
    public bool TryTake(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("Number of regular files transferred: "u8) || line.StartsWith("Number of files transferred: "u8))
        {
            FilesTransferred = NumberAfterColon(line); // 3.1 and later; 3.0
            return true;
        }

        if (line.StartsWith("Total transferred file size: "u8))
        {
            BytesTransferred = NumberAfterColon(line);
            return true;
        }

        if (line.StartsWith(FirstLabel))
        {
            Files = NumberAfterColon(line);
            Directories = DirectoriesOf(line);
            return true;
        }

        return line.StartsWith("Number of created files: "u8) || line.StartsWith("Number of deleted files: "u8)
            || line.StartsWith("Total file size: "u8) || line.StartsWith("Literal data: "u8) || line.StartsWith("Matched data: "u8)
            || line.StartsWith("File list size: "u8) || line.StartsWith("File list generation time: "u8) || line.StartsWith("File list transfer time: "u8)
            || line.StartsWith("Total bytes sent: "u8) || line.StartsWith("Total bytes received: "u8)
            || line.StartsWith("sent "u8) || line.StartsWith("total size is "u8);
    }

    /// <summary>N of <c>… (reg: 3, dir: N, link: 1)</c>; 0 where the list has none.</summary>
    private static long? DirectoriesOf(ReadOnlySpan<byte> line)
    {
        int kinds = line.IndexOf((byte)'(');
        if (kinds < 0)
        {
            return null;
        }

        int at = line[kinds..].IndexOf("dir: "u8);
        return at < 0 ? 0 : RsyncNumber.TryRead(line[(kinds + at + "dir: ".Length)..], out long value) ? value : null;
    }

    private static long? NumberAfterColon(ReadOnlySpan<byte> line) =>
        RsyncNumber.TryRead(line[(line.IndexOf(": "u8) + 2)..], out long value) ? value : null;
}
