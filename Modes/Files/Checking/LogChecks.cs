using Deploy.Config;
using Deploy.Logs;
using Deploy.Security;

namespace Deploy.Modes.Files.Checking;

/// <summary>Log files that could not be written on this host.</summary>
internal static class LogChecks
{
    private const int TypeMask = 0xF000; // S_IFMT, sys/stat.h
    private const int Regular = 0x8000;
    private const int Directory = 0x4000;
    private const int CharacterDevice = 0x2000;
    private const int OthersMayWrite = 0x10 | 0x2; // S_IWGRP, S_IWOTH

    /// <summary>A warning for each place that cannot be written, or not any more once root is given up.</summary>
    /// <param name="log">Where the logs go.</param>
    /// <param name="user">What the daemon becomes; null stays.</param>
    /// <param name="place">Where a setting stands, by its dotted name.</param>
    public static IEnumerable<ConfigWarning> Find(LogSettings log, string? user, Func<string, Position> place) =>
    [
        .. File(log.ErrorPlace, user, place("log.error")),
        .. log.AccessPlace is { } access && access != log.ErrorPlace ? File(access, user, place("log.access")) : [],
    ];

    private static IEnumerable<ConfigWarning> File(string path, string? user, Position position)
    {
        if (path is LogSettings.StandardError or LogSettings.Syslog)
        {
            yield break;
        }

        if (FileFacts.Of(path) is { } file && (file.Mode & TypeMask) is not (Regular or CharacterDevice))
        {
            yield return new ConfigWarning(position, $"the log file {path} is a link, a directory or a pipe on this host: nothing is written to it");
        }

        var (existing, facts) = Above(path);
        if ((facts.Mode & TypeMask) != Directory)
        {
            yield return new ConfigWarning(position, $"the log file {path} cannot be made: {existing} is no directory");
        }
        else if (existing == Path.GetDirectoryName(path) && user is not (null or "root" or "0") && facts.OwnerId == 0 && (facts.Mode & OthersMayWrite) == 0)
        {
            yield return new ConfigWarning(position, $"the daemon becomes '{user}' and can then make no new log file in {existing}, when the name changes or the file was moved away: chown {user} {existing}");
        }
    }

    /// <summary>The deepest that exists of what is above a file, links followed; what the time decides in the path is not there yet.</summary>
    private static (string Path, FileFacts Facts) Above(string path)
    {
        string above = path;
        while (true)
        {
            above = Path.GetDirectoryName(above) ?? "/";
            if (FileFacts.Of(FileFacts.RealPath(above)) is { } facts)
            {
                return (above, facts);
            }

            if (above == "/")
            {
                return ("/", default);
            }
        }
    }
}
