using System.Text;
using System.Text.RegularExpressions;

namespace Deploy.Tests.Tui.Docs;

/// <summary>Blocks of a document that tests make: what stands between <c>&lt;!-- made: NAME --&gt;</c> and <c>&lt;!-- end --&gt;</c>.</summary>
internal static partial class DocsBlocks
{
    /// <summary>The document with each block as it is made now, and the names of the blocks.</summary>
    /// <param name="document">Its text.</param>
    /// <param name="make">A block by its name, without an end of line at the end.</param>
    public static (string Text, IReadOnlyList<string> Names) Made(string document, Func<string, string> make)
    {
        var names = new List<string>();
        string text = Block().Replace(document, found =>
        {
            names.Add(found.Groups["name"].Value);
            return $"<!-- made: {names[^1]} -->\n{make(names[^1]).TrimEnd('\n')}\n<!-- end -->";
        });
        return (text, names);
    }

    /// <summary>Text as it is, in a fence.</summary>
    public static string Fenced(string text) => $"```text\n{text.TrimEnd('\n')}\n```";

    /// <summary>A table.</summary>
    public static string Table(string head, IEnumerable<IEnumerable<string>> rows)
    {
        string[] names = head.Split('|');
        var text = new StringBuilder($"| {string.Join(" | ", names)} |\n|{string.Concat(names.Select(_ => "---|"))}\n");
        foreach (var row in rows)
        {
            text.Append($"| {string.Join(" | ", row.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |\n");
        }

        return text.ToString();
    }

    [GeneratedRegex(@"<!-- made: (?<name>[^\n]+) -->\n(.*?\n)??<!-- end -->", RegexOptions.Singleline)]
    private static partial Regex Block();
}
