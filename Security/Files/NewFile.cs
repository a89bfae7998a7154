using System.Security.Cryptography;

namespace Deploy.Security.Files;

/// <summary>Files that are there whole or not at all: written and flushed beside, under <c>NAME.….new</c>, then given their name.</summary>
internal static class NewFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite; // 0600

    /// <summary>Writes one; false where there is anything of that name, also since a moment ago: a file is never put in the place of another.</summary>
    /// <exception cref="IOException">It cannot be written; so is <see cref="UnauthorizedAccessException"/>.</exception>
    public static bool TryWrite(string path, ReadOnlySpan<byte> bytes, UnixFileMode mode = OwnerOnly)
    {
        using var beside = Beside(path, bytes, mode);
        try
        {
            // Not File.Move(overwrite: false), which looks first and then renames: two at once would both succeed.
            return NativeFile.Link(beside.Name, path) switch
            {
                0 => true,
                NativeFile.Exists => false,
                var errno => throw new IOException(NativeFile.ErrorText(errno)),
            };
        }
        finally
        {
            File.Delete(beside.Name);
        }
    }

    /// <summary>Writes one in the place of what is there.</summary>
    /// <param name="path">No link: it would be replaced.</param>
    /// <param name="bytes">What it holds.</param>
    /// <param name="mode">Its mode.</param>
    /// <param name="like">Whose it is to be, as far as we may give it away; null for ours.</param>
    /// <exception cref="IOException">It cannot be written, and what was there is; so is <see cref="UnauthorizedAccessException"/>.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> bytes, UnixFileMode mode, FileFacts? like = null)
    {
        using var beside = Beside(path, bytes, mode);
        try
        {
            if (like is { } whose)
            {
                _ = NativeFile.ChangeOwner(beside.SafeFileHandle, whose.OwnerId, whose.GroupId);
            }

            File.Move(beside.Name, path, overwrite: true);
        }
        catch
        {
            File.Delete(beside.Name);
            throw;
        }
    }

    /// <summary>Removes what was left beside a file by one that was killed while it wrote; what is still being written is held, and stays.</summary>
    /// <param name="path">Links are followed.</param>
    public static void Sweep(string path)
    {
        string real = FileFacts.RealPath(Path.GetFullPath(path));
        foreach (string left in Directory.EnumerateFiles(Path.GetDirectoryName(real)!).Where(one => one.StartsWith(real + ".", StringComparison.Ordinal) && IsBeside(one[(real.Length + 1)..])))
        {
            try
            {
                using var file = Held(left, FileMode.Open);
                File.Delete(left);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Another writes it, or has just renamed it.
            }
        }
    }

    /// <summary>Open and held (flock) until it is disposed of; nothing is left of it where it cannot be written.</summary>
    private static FileStream Beside(string path, ReadOnlySpan<byte> bytes, UnixFileMode mode)
    {
        var file = Held($"{path}.{RandomNumberGenerator.GetHexString(32, lowercase: true)}.new", FileMode.CreateNew);
        try
        {
            file.Write(bytes);
            File.SetUnixFileMode(file.SafeFileHandle, mode); // whatever the umask
            file.Flush(flushToDisk: true);
            return file;
        }
        catch
        {
            file.Dispose();
            File.Delete(file.Name);
            throw;
        }
    }

    private static FileStream Held(string path, FileMode how) => new(path, new FileStreamOptions
    {
        Mode = how,
        Access = FileAccess.Write,
        Share = FileShare.None,
        UnixCreateMode = how == FileMode.CreateNew ? OwnerOnly : null,
    });

    private static bool IsBeside(string end) => end.EndsWith(".new", StringComparison.Ordinal) && Guid.TryParseExact(end[..^4], "N", out _);
}
