using System.Runtime.CompilerServices;
using System.Text;

namespace Deploy.Tests.Fuzz;

/// <summary>Good inputs, and those that once broke something: the files of Corpus/PARSER/.</summary>
/// <remarks><c>NAME.lines</c> has an input on each line, <c>NAME.base64</c> likewise in base64; any other file is one input as it is.</remarks>
internal static class Corpus
{
    /// <summary>The inputs of a parser, in the order of their files' names.</summary>
    public static IReadOnlyList<byte[]> Of(string parser, [CallerFilePath] string thisFile = "")
    {
        string folder = Path.Combine(Path.GetDirectoryName(thisFile)!, "Corpus", parser);
        return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).SelectMany(Inputs)] : [];
    }

    private static IEnumerable<byte[]> Inputs(string file) => Path.GetExtension(file) switch
    {
        ".lines" => File.ReadAllLines(file).Select(Encoding.UTF8.GetBytes),
        ".base64" => File.ReadAllLines(file).Select(Convert.FromBase64String),
        _ => [File.ReadAllBytes(file)],
    };
}
