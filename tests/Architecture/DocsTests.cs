using System.Text.RegularExpressions;
using Xunit;

namespace Deploy.Tests.Architecture;

/// <summary>What the documents name exists.</summary>
public class DocsTests
{
    [Fact]
    public void Every_source_and_page_that_a_document_names_is_there()
    {
        var missing = new List<string>();
        var documents = Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "docs"), "*.md", SearchOption.AllDirectories).Append(Path.Combine(SourceTree.Root, "README.md"));
        int named = 0;
        foreach (string document in documents)
        {
            string text = File.ReadAllText(document);
            var sources = Regex.Matches(text, @"`([A-Z][A-Za-z]*/[A-Za-z/]+\.cs)`").Select(match => Path.Combine(SourceTree.Root, match.Groups[1].Value));
            var links = Regex.Matches(text, @"\]\(([^)#:]+)(#[^)]*)?\)").Select(match => Path.Combine(Path.GetDirectoryName(document)!, match.Groups[1].Value));
            foreach (string path in sources.Concat(links))
            {
                named++;
                if (!File.Exists(path) && !Directory.Exists(path))
                {
                    missing.Add($"{Path.GetRelativePath(SourceTree.Root, document)}: {path}");
                }
            }
        }

        Assert.Empty(missing);
        Assert.True(named > 10, "the documents name nothing: the patterns of this test are broken");
    }
}
