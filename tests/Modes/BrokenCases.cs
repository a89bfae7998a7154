using System.Text;
using Deploy.Config;

namespace Deploy.Tests.Modes;

/// <summary>Broken files and what they print. A file of cases has each behind a line <c>=== what is wrong</c>; a file that it names may follow behind <c>--- beside it</c>.</summary>
internal static class BrokenCases
{
    private const string Mark = "=== ";
    private const string Second = "\n--- beside it\n";

    /// <summary>The golden text of a file of cases: each with its messages.</summary>
    /// <param name="path">The file of cases.</param>
    /// <param name="name">What the broken file is called in messages.</param>
    /// <param name="bind">Reads it to its errors, none for one that can be used, and its warnings.</param>
    public static string Run(string path, string name, Func<string, Func<string, FileContent>, (IReadOnlyList<ConfigError> Errors, IReadOnlyList<ConfigWarning> Warnings)> bind)
    {
        var text = new StringBuilder();
        foreach (string part in ("\n" + File.ReadAllText(path)).Split("\n" + Mark).Skip(1))
        {
            int end = part.IndexOf('\n', StringComparison.Ordinal);
            string[] files = part[(end + 1)..].Split(Second);
            var (errors, warnings) = bind(name, asked => asked == name ? Content(files[0]) : Beside(asked, files[^1]));
            text.Append(Mark).Append(part, 0, end).Append('\n');
            text.AppendJoin("    | --- beside it\n", files.Select(Numbered));
            text.AppendJoin(string.Empty, errors.Select(error => $"error:   {error}\n"));
            text.AppendJoin(string.Empty, warnings.Select(warning => $"warning: {warning}\n"));
            text.Append(errors.Count == 0 ? "can be used\n\n" : "\n");
        }

        return text.ToString();
    }

    private static string Numbered(string file) => string.Concat(file.Trim('\n').Split('\n').Select((line, at) => $"{at + 1,3} | {line}".TrimEnd() + "\n"));

    /// <summary>Files that cases name.</summary>
    private static FileContent Beside(string path, string second) => path switch
    {
        "/etc/deploy/api.ini" => Content(second),
        "/etc/deploy/key" => Content("a-long-random-key\n"),
        "/etc/deploy/empty" => Content("\n"),
        "/etc/deploy/zero" => Content("0\n"),
        "/etc/deploy/default" => Content("65535\n"),
        "/root/key" => new FileContent.Unreadable("permission denied"),
        _ => new FileContent.Unreadable("no such file"),
    };

    private static FileContent.Read Content(string text) => new(Encoding.UTF8.GetBytes(text));
}
