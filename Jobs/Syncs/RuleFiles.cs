using Deploy.Model.Text;
using Deploy.Rsync.Arguments;
using Deploy.Security;

namespace Deploy.Jobs.Syncs;

/// <summary>Files of patterns that a group's options name. A line '!' in one clears the patterns that protect the target, ours before it too (rsync.1, LIST-CLEARING FILTER RULE).</summary>
internal static class RuleFiles
{
    private const int Pipe = 0x1000, Device = 0x2000; // S_IFIFO, S_IFCHR, sys/stat.h
    private const int TypeMask = 0xF000;

    /// <summary>What is wrong with one of these files now and what to do about it, one line; null where none clears anything. A file that cannot be read is rsync's to complain of.</summary>
    /// <param name="words">The group's options.</param>
    public static string? Clearing(IReadOnlyList<string> words) => OptionValue.All(FileValues.FromRoot(words))
        .Where(option => option.Name is "exclude-from" or "include-from" && option.Value is { Length: > 0 } and not "-")
        .Where(option => Clears(option.Value!))
        .Select(option => $"{SafeText.Of(option.Value!)} (--{option.Name}) has a line that begins with '!', which would take their protection from what guard.protect and marker name; nothing was written: take that line out")
        .FirstOrDefault();

    private static bool Clears(string path)
    {
        if (FileFacts.Of(FileFacts.RealPath(path)) is not { } facts || (facts.Mode & TypeMask) is Pipe or Device)
        {
            return false; // reading a pipe here would take it from rsync
        }

        try
        {
            using var file = new StreamReader(path, System.Text.Encoding.Latin1);
            bool begins = true;
            for (int letter = file.Read(); letter >= 0; letter = file.Read())
            {
                if (begins && letter == '!')
                {
                    return true;
                }

                begins = letter is '\n' or '\r' or '\0';
            }

            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
