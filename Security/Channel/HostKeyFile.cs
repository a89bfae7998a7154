using System.Text;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Security.Files;

namespace Deploy.Security.Channel;

/// <summary>The file of a <see cref="HostKey"/>: one PEM, for its owner alone, or for a group to read.</summary>
internal static class HostKeyFile
{
    private const int MaxBytes = 64 * 1024; // a key and a certificate are 1 KiB
    private const UnixFileMode NotPrivate = UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>The key in this file; null where there is none of this name.</summary>
    /// <param name="path">Which.</param>
    /// <param name="daemon">Whose it may be, as <see cref="StrictModes"/> has it.</param>
    /// <exception cref="UserError">It cannot be used: names the file, why, and the next step.</exception>
    public static HostKey? Load(string path, uint? daemon = null)
    {
        string shown = SafeText.Of(path);
        string pem;
        if (FileFacts.Of(FileFacts.RealPath(Path.GetFullPath(path))) is { IsRegular: false })
        {
            throw new UserError($"host key {shown} is no regular file", ExitCodes.Configuration, "name the right file with [secure] host_key");
        }

        try
        {
            using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete });
            if ((File.GetUnixFileMode(file.SafeFileHandle) & NotPrivate) != 0)
            {
                throw new UserError($"host key {shown} may be read or changed by others: it is not used", ExitCodes.Configuration, $"chmod 600 {shown}; where others may have read it, move it away, so that a new one is made, and have the clients trust that");
            }

            if (FileFacts.Of(file.SafeFileHandle) is { } facts && StrictModes.Mistake(facts, Path.GetFullPath(path), daemon) is { } mistake)
            {
                throw new UserError($"host key {shown} is not used: {mistake}", ExitCodes.Configuration, "it and the folders on its way are root's or the daemon's user's alone; where another may have read it, move it away, so that a new one is made, and have the clients trust that");
            }

            byte[] bytes = new byte[MaxBytes];
            int length = file.ReadAtLeast(bytes, MaxBytes, throwOnEndOfStream: false);
            pem = Encoding.Latin1.GetString(bytes, 0, length);
            Array.Clear(bytes);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new UserError($"host key {shown} cannot be read: {Why(error)}", ExitCodes.Configuration, $"it must be a file that the daemon's user may read, see [secure] host_key");
        }

        return HostKey.Read(pem, out string? why)
            ?? throw new UserError($"host key {shown} {why}", ExitCodes.Configuration, "name the right file with [secure] host_key, or move this one away, so that a new one is made, and have the clients trust that");
    }

    /// <summary>Makes a key; its file, with <see cref="Keep"/>, is another step.</summary>
    /// <param name="now">What its certificate is dated by.</param>
    /// <param name="pem">What the file is to hold.</param>
    public static HostKey Make(DateTimeOffset now, out string pem)
    {
        pem = HostKey.MakePem(now);
        return HostKey.Read(pem, out _)!;
    }

    /// <summary>Writes the file of a new key; one that is there, since a moment ago, is never written over: it is answered, and to be taken. Null where the new one was written.</summary>
    /// <exception cref="UserError">It cannot be written, or the one that is there cannot be used.</exception>
    public static HostKey? Keep(string path, string pem, uint? daemon = null) =>
        Write(path, pem, daemon) ? null : Load(path, daemon) ?? throw new UserError($"host key {SafeText.Of(path)} comes and goes while it is made", ExitCodes.Configuration, "see who else writes there");

    /// <summary>The key in this file, or a new one in a new file. One that is there already, also since a moment ago, is never written over: then that is taken.</summary>
    /// <param name="path">Where; the directory must be there.</param>
    /// <param name="now">What its certificate is dated by.</param>
    /// <param name="made">Whether it is new.</param>
    /// <param name="daemon">As for <see cref="Load"/>.</param>
    /// <exception cref="UserError">It cannot be written, or the one that is there cannot be used.</exception>
    public static HostKey LoadOrMake(string path, DateTimeOffset now, out bool made, uint? daemon = null)
    {
        made = false;
        if (Load(path, daemon) is { } there)
        {
            return there;
        }

        var key = Make(now, out string pem);
        var theirs = Keep(path, pem, daemon);
        made = theirs is null;
        return theirs ?? key;
    }

    /// <summary>False: there is one. What would not be read again is not made.</summary>
    private static bool Write(string path, string pem, uint? daemon)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        if (Directory.Exists(folder) && StrictModes.FolderMistake(folder, daemon) is { } mistake)
        {
            throw new UserError($"host key {SafeText.Of(path)} is not made: {mistake}", ExitCodes.Configuration, "the folders on its way are root's or the daemon's user's alone; or name another file with [secure] host_key");
        }

        try
        {
            return NewFile.TryWrite(path, Encoding.ASCII.GetBytes(pem));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"host key {SafeText.Of(path)} cannot be made: {Why(error)}", ExitCodes.Configuration, "make its directory, and let the daemon's user write there this once, or name another file with [secure] host_key");
        }
    }

    private static string Why(Exception error) => error switch
    {
        UnauthorizedAccessException => "permission denied",
        DirectoryNotFoundException => "there is no such directory",
        _ => SafeText.Of(error.Message),
    };
}
