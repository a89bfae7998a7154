namespace Deploy.Rsync.Meaning;

/// <summary>Finds in rsync's stderr the line that gives the reason.</summary>
/// <remarks>File names stand in the lines and can imitate anything, so errors are told by the errno at the very end, <c>… (28)</c>.</remarks>
internal static class Reason
{
    private const int LongestShown = 300; // characters of a line in a diagnosis; Said has all of it

    /// <summary>The first line, shortened, without <c>rsync: </c>; or a text that says there was none.</summary>
    public static string First(Ending ending) => Shown(ending.Errors.Lines.FirstOrDefault()) ?? "rsync gave no reason";

    /// <summary>The first line that ends in one of these errno values, shortened, or null.</summary>
    public static string? WithErrno(Ending ending, params ReadOnlySpan<int> errnos)
    {
        foreach (string line in ending.Errors.Lines)
        {
            if (line.StartsWith("rsync: ", StringComparison.Ordinal) && Errno(line) is int errno && errnos.Contains(errno))
            {
                return Shown(line);
            }
        }

        return null;
    }

    /// <summary>The first line that begins like this, shortened, or null.</summary>
    public static string? Beginning(Ending ending, string beginning) =>
        Shown(ending.Errors.Lines.FirstOrDefault(line => line.StartsWith(beginning, StringComparison.Ordinal)));

    /// <summary>A line of rsync without its <c>rsync: </c> and <c>[role] </c>, at most 300 characters.</summary>
    public static string? Shown(string? line)
    {
        if (line is null)
        {
            return null;
        }

        string text = line.StartsWith("rsync: ", StringComparison.Ordinal) ? line["rsync: ".Length..] : line;
        int role = text.StartsWith('[') ? text.IndexOf("] ", StringComparison.Ordinal) : -1;
        text = role > 0 ? text[(role + 2)..] : text;
        return text.Length <= LongestShown ? text : text[..LongestShown] + " [...]";
    }

    private static int? Errno(string line)
    {
        int open = line.LastIndexOf('(');
        return line.EndsWith(')') && open >= 0 && int.TryParse(line.AsSpan(open + 1, line.Length - open - 2), out int errno) ? errno : null;
    }
}
