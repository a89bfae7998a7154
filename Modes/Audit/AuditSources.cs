using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Security.Audit;

namespace Deploy.Modes.Audit;

/// <summary>Which files an audit command reads.</summary>
internal static class AuditSources
{
    private const string Home = "/var/lib/deploy"; // where daemons keep state that are told nothing else
    private const int MostAttempts = 50;

    /// <summary>The state directory whose files are meant; null where files were named.</summary>
    /// <exception cref="UserError">Both were named, or it cannot be told which is meant.</exception>
    public static string? Directory(IReadOnlyList<string> named, string? stateDirectory) =>
        named.Count == 0 ? stateDirectory ?? Guarded(Home, Only)
        : stateDirectory is null ? null
        : throw new UserError("files were named, and --state-dir too", ExitCodes.Usage, "name one of them");

    /// <summary>
    /// Reads those that were named, else those of a state directory, oldest first; how many. All are opened first, and looked for again: one
    /// that is put aside meanwhile stays the same, and none is missed that was put aside between.
    /// </summary>
    /// <exception cref="UserError">There are none, it cannot be told which, or one cannot be read.</exception>
    public static int Read(IReadOnlyList<string> named, string? directory, Action<string, Stream> read)
    {
        for (int attempt = 1; attempt <= MostAttempts; attempt++)
        {
            var files = Find(named, directory);
            var open = new List<FileStream>();
            try
            {
                var unread = Open(files, open);
                if (!files.SequenceEqual(Find(named, directory)))
                {
                    continue;
                }

                if (unread is not null)
                {
                    throw unread;
                }

                open.ForEach(file => read(file.Name, file));
                return open.Count;
            }
            finally
            {
                open.ForEach(file => file.Dispose());
            }
        }

        throw new UserError("the audit log is put aside faster than its files can be opened", ExitCodes.Failed, "try again in a moment; nothing was read");
    }

    private static UserError? Open(IReadOnlyList<string> files, List<FileStream> open)
    {
        foreach (string file in files)
        {
            try
            {
                open.Add(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return new UserError($"{SafeText.Of(file)} cannot be read: {SafeText.Of(e.Message)}", ExitCodes.Failed, "an audit log is its daemon's alone: run this as root, or as the daemon's user");
            }
        }

        return null;
    }

    private static IReadOnlyList<string> Find(IReadOnlyList<string> named, string? directory)
    {
        var files = directory is null ? named : Guarded(directory, () => AuditFiles.In(directory));
        return files.Count > 0 ? files
            : AuditHeadFile.Read(directory!) is { } kept ? throw new UserError($"{SafeText.Of(directory!)} has no {AuditFiles.CurrentName}, and {kept.Seq} records were written there: it was moved away, or deleted", ExitCodes.Authentication, $"the last one had the hash {kept.Hash}; look for the files, and for who took them")
            : throw new UserError($"{SafeText.Of(directory!)} has no {AuditFiles.CurrentName}", ExitCodes.Failed, "is it the state directory of a daemon? --state-dir DIR");
    }

    private static T Guarded<T>(string directory, Func<T> look)
    {
        try
        {
            return look();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"{SafeText.Of(directory)} cannot be read: {SafeText.Of(e.Message)}", ExitCodes.Failed, "an audit log is its daemon's alone: run this as root, or as the daemon's user");
        }
    }

    private static string Only()
    {
        string[] found = System.IO.Directory.Exists(Home) ? [.. System.IO.Directory.EnumerateDirectories(Home).Where(directory => new[] { AuditFiles.CurrentName, AuditHeadFile.Name }.Any(name => File.Exists(Path.Combine(directory, name)))).Order(StringComparer.Ordinal)] : [];
        return found switch
        {
            [var only] => only,
            [] => throw new UserError($"no daemon has an audit log below {Home}", ExitCodes.Failed, "name its state directory: --state-dir DIR"),
            _ => throw new UserError($"there is more than one audit log below {Home}", ExitCodes.Failed, $"name one: --state-dir {SafeText.Of(string.Join(" | ", found))}"),
        };
    }
}
