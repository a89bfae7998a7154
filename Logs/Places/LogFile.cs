using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Deploy.Logs.Places;

/// <summary>A log file whose name follows the time: made with its directories where missing, appended to, opened anew when the name changes or the file was moved away.</summary>
/// <remarks>
/// Root may open it in a directory that others can write. So the last part of its name is never followed where it is a link, and a file with a second name (a hard link) is
/// not written: either could be somebody else's file. Links in the directories above are followed. A pipe is refused: it would wait for a reader.
/// </remarks>
/// <param name="pattern">Path with strftime in it.</param>
/// <param name="zone">Whose local time the name follows.</param>
internal sealed class LogFile(string pattern, TimeZoneInfo zone) : ILogPlace
{
    private const int NoSuchDevice = 6; // ENXIO: a pipe without a reader, or a socket
    private const int Loop = 40;        // ELOOP: a link as the last part

    private readonly List<string> made = []; // directories
    private SafeFileHandle? file;
    private FileCalls.Facts opened;
    private string name = string.Empty;
    private long checkedSecond; // of Unix time; the name can change once a second, and one look a second at the directory costs nothing
    private bool isTorn;        // it ends in a part of a line

    public bool KeepsTimeAndLevel => false;

    public string? Write(DateTimeOffset time, LogLevel level, string line)
    {
        if ((file is null || time.ToUnixTimeSeconds() != checkedSecond) && Follow(time) is { } problem)
        {
            return problem;
        }

        int errno = FileCalls.Write(file!, Encoding.UTF8.GetBytes(isTorn ? $"\n{line}\n" : line + "\n"), out int written);
        isTorn = errno != 0 && (isTorn || written > 0);
        return errno == 0 ? null : $"the log file {name} cannot be written: {FileCalls.ErrorText(errno)}";
    }

    public string? Reopen(DateTimeOffset time)
    {
        Dispose();
        return Follow(time);
    }

    public void GiveTo(uint user, uint group)
    {
        if (file is not null && opened is { IsRegular: true, Owner: 0 })
        {
            _ = FileCalls.ChangeOwner(file, user, group);
        }

        foreach (string directory in made)
        {
            if (FileCalls.OpenDirectory(directory, out var handle) == 0)
            {
                _ = FileCalls.ChangeOwner(handle!, user, group);
                handle!.Dispose();
            }
        }
    }

    public void Dispose()
    {
        file?.Dispose();
        file = null;
    }

    /// <summary>Opens what the name is now, where that is not open already.</summary>
    private string? Follow(DateTimeOffset time)
    {
        checkedSecond = time.ToUnixTimeSeconds();
        string now = Strftime.Format(pattern, time, zone);
        return file is not null && now == name && FileCalls.FactsOf(now) is { } there && there.IsSameFile(opened) ? null : Open(now);
    }

    private string? Open(string path)
    {
        Dispose();
        name = path;
        isTorn = false;
        int errno = FileCalls.OpenForAppending(path, out file);
        if (errno == FileCalls.NoEntry && Path.GetDirectoryName(path) is { Length: > 0 } directory)
        {
            errno = MakeDirectories(directory);
            errno = errno == 0 ? FileCalls.OpenForAppending(path, out file) : errno;
        }

        string? refused = errno switch
        {
            0 => Refusal(),
            NoSuchDevice => "it is a pipe or a socket, not a file",
            Loop => "it is a symbolic link, and these are not followed",
            _ => FileCalls.ErrorText(errno),
        };
        if (refused is null)
        {
            return null;
        }

        Dispose();
        return $"the log file {path} cannot be opened: {refused}";
    }

    private string? Refusal()
    {
        opened = FileCalls.FactsOf(file!) ?? default;
        return opened switch
        {
            { IsRegular: true, Links: > 1 } => "it has another name too (a hard link)",
            { IsRegular: true } or { IsCharacterDevice: true } => null,
            _ => "it is a pipe or a device, not a file",
        };
    }

    /// <summary>0 when the directory is there.</summary>
    private int MakeDirectories(string directory)
    {
        int errno = FileCalls.MakeDirectory(directory);
        if (errno == FileCalls.NoEntry && Path.GetDirectoryName(directory) is { Length: > 0 } parent)
        {
            errno = MakeDirectories(parent);
            errno = errno == 0 ? FileCalls.MakeDirectory(directory) : errno;
        }

        if (errno == 0)
        {
            made.Add(directory);
        }

        return errno == FileCalls.Exists ? 0 : errno;
    }
}
