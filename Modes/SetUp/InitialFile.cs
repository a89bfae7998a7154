using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Security;
using Deploy.Security.Files;

namespace Deploy.Modes.SetUp;

/// <summary>Files that a set-up makes: whole or not at all, never over one that is there.</summary>
internal static class InitialFile
{
    /// <summary>Writes a new file; false where there is one, or anything of that name.</summary>
    /// <exception cref="UserError">It cannot be written.</exception>
    public static bool TryMake(string path, string text, UnixFileMode mode) => Guarded(path, () => FileFacts.Of(path) is null && NewFile.TryWrite(path, ByteText.ToBytes(text), mode));

    /// <summary>Adds lines that are not there yet, each told apart as <paramref name="isSame"/> says; which were added. What stands there stays, and so do owner, group and mode.</summary>
    /// <param name="path">The file; made where it is not there. Where it is a link, the file that it leads to.</param>
    /// <param name="lines">Without their ends.</param>
    /// <param name="isSame">Whether a line that is there does for one of these.</param>
    /// <param name="mode">Of a new file.</param>
    /// <exception cref="UserError">It cannot be read or written.</exception>
    public static IReadOnlyList<string> Add(string path, IReadOnlyList<string> lines, Func<string, string, bool> isSame, UnixFileMode mode) => Guarded(path, () =>
    {
        string real = FileFacts.RealPath(Path.GetFullPath(path));
        string before = File.Exists(real) ? ByteText.FromBytes(File.ReadAllBytes(real)) : string.Empty;
        string[] there = before.Split('\n');
        List<string> missing = [.. lines.Where(line => !there.Any(other => isSame(other, line)))];
        if (missing.Count > 0)
        {
            string whole = (before.Length == 0 || before.EndsWith('\n') ? before : before + "\n") + string.Concat(missing.Select(line => line + "\n"));
            var facts = FileFacts.Of(real);
            NewFile.Replace(real, ByteText.ToBytes(whole), facts is { } now ? (UnixFileMode)(now.Mode & 0xFFF) : mode, facts);
        }

        return (IReadOnlyList<string>)missing;
    });

    private static T Guarded<T>(string path, Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"{SafeText.Of(path)} cannot be written: {(error is UnauthorizedAccessException ? "permission denied" : SafeText.Of(error.Message))}", ExitCodes.Failed, "run it as root, or name a place of your own: --config FILE");
        }
    }
}
