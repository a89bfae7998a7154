using Deploy.Processes.Native;

namespace Deploy.Processes.Spawn;

/// <summary>Finds the file behind <see cref="ChildStart.Program"/>, as execvp(3) does, with the PATH of the child's own environment.</summary>
/// <remarks>Differs from execvp on purpose: only absolute entries of PATH count (no current directory), and no PATH means nothing is found.</remarks>
internal static class ProgramLookup
{
    /// <summary>The path to execute. False with an errno: ENOENT nowhere, EACCES found but not executable, EINVAL a relative path.</summary>
    public static bool TryFind(ChildStart start, out string path, out int errno)
    {
        path = start.Program;
        errno = 0;
        if (path.StartsWith('/'))
        {
            return true; // The kernel says what is wrong with it.
        }

        if (path.Contains('/', StringComparison.Ordinal) || path.Length == 0)
        {
            errno = Libc.EINVAL;
            return false;
        }

        errno = Libc.ENOENT;
        string entries = start.Environment.TryGetValue("PATH", out string? value) ? value : "";
        foreach (string entry in entries.Split(':').Where(entry => entry.StartsWith('/')))
        {
            string candidate = $"{entry.TrimEnd('/')}/{start.Program}";
            int access = PathText.ExecuteAccess(candidate);
            if (access == 0 && !PathText.IsDirectory(candidate))
            {
                path = candidate;
                errno = 0;
                return true;
            }

            if (access is 0 or Libc.EACCES)
            {
                errno = Libc.EACCES;
            }
        }

        return false;
    }
}
