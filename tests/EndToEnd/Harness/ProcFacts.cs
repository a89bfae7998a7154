using System.Globalization;
using System.Text;
using Deploy.Processes.Table;

namespace Deploy.Tests.EndToEnd.Harness;

/// <summary>What /proc tells of a process: for tests that hold what is left against what was.</summary>
internal static class ProcFacts
{
    /// <summary>Open descriptors.</summary>
    public static int Descriptors(int pid) => Directory.GetFileSystemEntries($"/proc/{pid}/fd").Length;

    /// <summary>Resident memory in bytes.</summary>
    public static long ResidentBytes(int pid) => long.Parse(Status(pid, "VmRSS").Split(' ')[0], CultureInfo.InvariantCulture) * 1024;

    /// <summary>User and system time in clock ticks: fields 14 and 15 of /proc/PID/stat.</summary>
    public static long CpuTicks(int pid)
    {
        string stat = File.ReadAllText($"/proc/{pid}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
    }

    /// <summary>A line of /proc/PID/status without its name, blanks for tabs.</summary>
    public static string Status(int pid, string name) =>
        File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith(name + ":", StringComparison.Ordinal))[(name.Length + 1)..].Replace('\t', ' ').Trim();

    /// <summary>Whether it is there and no zombie.</summary>
    public static bool IsLive(int pid) => ProcessTable.TryRead(pid, out var stat) && stat.IsLive;

    /// <summary>Live processes whose arguments hold this text, or that are in a directory of that path, as rsync is in its target; its forks keep both.</summary>
    public static IReadOnlyList<int> WithArgument(string text)
    {
        var found = new List<int>();
        foreach (string entry in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && (Arguments(pid) + DirectoryOf(pid)).Contains(text, StringComparison.Ordinal) && IsLive(pid))
            {
                found.Add(pid);
            }
        }

        return found;
    }

    /// <summary>The directory that it is in; empty when it is gone.</summary>
    public static string DirectoryOf(int pid)
    {
        try
        {
            return File.ResolveLinkTarget($"/proc/{pid}/cwd", returnFinalTarget: false)?.FullName ?? string.Empty;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }

    /// <summary>Its arguments, parted by blanks; empty when it is gone.</summary>
    public static string Arguments(int pid)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/cmdline")).Replace('\0', ' ');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }

    /// <summary>Live children of a process.</summary>
    public static IReadOnlyList<int> ChildrenOf(int pid)
    {
        try
        {
            return [.. Directory.EnumerateDirectories($"/proc/{pid}/task")
                .SelectMany(task => File.ReadAllText(task + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Select(child => int.Parse(child, CultureInfo.InvariantCulture)).Where(IsLive)];
        }
        catch (IOException)
        {
            return [];
        }
    }
}
