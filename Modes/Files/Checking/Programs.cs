using Deploy.Jobs.Commands;

namespace Deploy.Modes.Files.Checking;

/// <summary>Programs that a configuration names.</summary>
internal static class Programs
{
    /// <summary>True for an executable file: at this path, or for a bare name in one of the directories that commands are looked for in.</summary>
    public static bool Exists(string program) => program.Contains('/', StringComparison.Ordinal)
        ? IsExecutable(program)
        : CommandRuns.SearchPath.Split(':').Any(directory => IsExecutable(Path.Combine(directory, program)));

    private static bool IsExecutable(string path)
    {
        const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(path) && (File.GetUnixFileMode(path) & Execute) != 0;
    }
}
