namespace Deploy.Config;

/// <summary>What reading a file came to.</summary>
internal abstract record FileContent
{
    private FileContent()
    {
    }

    /// <summary>All of it.</summary>
    internal sealed record Read(ReadOnlyMemory<byte> Bytes) : FileContent;

    /// <summary>Nothing, and why: one line, e.g. <c>no such file</c>.</summary>
    internal sealed record Unreadable(string Why) : FileContent;
}

/// <summary>Reads configuration files; called at start and on SIGHUP, never by an order.</summary>
internal static class ConfigFile
{
    /// <summary>Largest configuration file, bytes (4 MiB); ours: ten thousand jobs are half a MiB.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>The bytes of this file, or why there are none. Never throws for what the file system does.</summary>
    public static FileContent Read(string path)
    {
        if (path.Length == 0 || path.Contains('\0'))
        {
            return new FileContent.Unreadable("not a path");
        }

        if (Directory.Exists(path))
        {
            return new FileContent.Unreadable("is a directory, not a file");
        }

        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

            // One byte more than allowed tells too large from just right, also for devices, which have no length.
            byte[] bytes = new byte[64 * 1024];
            int count = 0;
            while (true)
            {
                int got = stream.Read(bytes, count, bytes.Length - count);
                if (got == 0)
                {
                    return new FileContent.Read(bytes.AsMemory(0, count));
                }

                count += got;
                if (count > MaxBytes)
                {
                    return new FileContent.Unreadable("larger than 4 MiB; is this a configuration file?");
                }

                if (count == bytes.Length)
                {
                    Array.Resize(ref bytes, Math.Min(bytes.Length * 4, MaxBytes + 1));
                }
            }
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return new FileContent.Unreadable("no such file");
        }
        catch (UnauthorizedAccessException)
        {
            return new FileContent.Unreadable("permission denied");
        }
        catch (PathTooLongException)
        {
            return new FileContent.Unreadable("the path is too long");
        }
        catch (IOException failure)
        {
            return new FileContent.Unreadable(failure.Message);
        }
    }
}
