using System.Globalization;

namespace Deploy.Security.Audit;

/// <summary>The files of an audit log in their directory: the one that is written, and those that were full, each by the number of its last record, so that names sort by age.</summary>
internal static class AuditFiles
{
    /// <summary>The one that is written.</summary>
    public const string CurrentName = "audit.ndjson";

    /// <summary>Those that there are, oldest first; the one that is written comes last.</summary>
    /// <exception cref="IOException">The directory cannot be read; so is <see cref="UnauthorizedAccessException"/>.</exception>
    public static IReadOnlyList<string> In(string directory)
    {
        string current = Path.Combine(directory, CurrentName);
        return [.. Full(directory), .. File.Exists(current) ? [current] : Array.Empty<string>()];
    }

    /// <summary>Those that were full, oldest first.</summary>
    public static IReadOnlyList<string> Full(string directory) =>
        [.. Directory.EnumerateFiles(directory, "audit.*.ndjson").Where(IsFull).Order(StringComparer.Ordinal)];

    /// <summary>The name that a file gets when it is full.</summary>
    /// <param name="directory">Where it is.</param>
    /// <param name="last">The number of its last record.</param>
    /// <param name="now">Tells it from another of that number: there is one only where somebody cut records off.</param>
    public static string FullName(string directory, long last, DateTimeOffset now)
    {
        string name = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"audit.{last:D12}.ndjson"));
        return File.Exists(name) ? Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"audit.{last:D12}-{now.ToUnixTimeMilliseconds()}.ndjson")) : name;
    }

    private static bool IsFull(string path) => Path.GetFileName(path).Split('.') is [_, [>= '0' and <= '9', ..], _];
}
