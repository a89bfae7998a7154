using Deploy.Processes.Native;

namespace Deploy.Processes.Spawn;

/// <summary>Texts for what did not start. posix_spawn has one errno for program, interpreter and working directory alike: a look afterwards says which it was.</summary>
internal static class StartFailure
{
    /// <summary>The kernel's text alone.</summary>
    public static ChildStartResult.NotStarted Of(int errno) => new(errno, Libc.ErrorText(errno));

    /// <summary>The kernel's text and, in brackets, what it is about.</summary>
    public static ChildStartResult.NotStarted Of(int errno, string about) => new(errno, $"{Libc.ErrorText(errno)} ({about})");

    /// <summary>What posix_spawn's answer means for this start.</summary>
    public static ChildStartResult.NotStarted OfSpawn(int errno, ChildStart start, string path)
    {
        if (start.WorkingDirectory is { } directory && (!PathText.IsDirectory(directory) || PathText.ExecuteAccess(directory) != 0))
        {
            return Of(errno, $"working directory {directory}");
        }

        return errno is Libc.ENOENT or Libc.EACCES && PathText.ExecuteAccess(path) == 0 && !PathText.IsDirectory(path)
            ? Of(errno, $"the interpreter that {path} names")
            : Of(errno);
    }

    /// <summary>What is wrong with the words themselves, or null: a NUL would cut a word short, a <c>=</c> in a name would change the variable.</summary>
    public static ChildStartResult.NotStarted? OfWords(ChildStart start)
    {
        if (HasNul(start.Program) || HasNul(start.Name ?? string.Empty) || start.Arguments.Any(HasNul))
        {
            return Of(Libc.EINVAL, "a NUL in the program or an argument");
        }

        if (start.WorkingDirectory is { } directory && (HasNul(directory) || !directory.StartsWith('/')))
        {
            return Of(Libc.EINVAL, "the working directory is not an absolute path without NUL");
        }

        foreach (var (name, value) in start.Environment)
        {
            if (name.Length == 0 || name.Contains('=', StringComparison.Ordinal) || HasNul(name) || HasNul(value))
            {
                return Of(Libc.EINVAL, "an environment variable has a NUL, or a name that is empty or has a '='");
            }
        }

        return null;
    }

    private static bool HasNul(string text) => text.Contains('\0', StringComparison.Ordinal);
}
