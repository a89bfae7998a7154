using Deploy.Config;
using Deploy.Config.Toml;

namespace Deploy.Modes.Binding.Toml;

/// <summary>Loads a TOML file for binding.</summary>
internal static class TomlFile
{
    /// <summary>True for a name that ends in <c>.toml</c>; every other file is the original's INI.</summary>
    public static bool IsNamed(string path) => path.EndsWith(".toml", StringComparison.Ordinal);

    /// <summary>What could be read of the document, its syntax errors reported; null after reporting why there is none.</summary>
    public static TomlDocument? Load(string path, Func<string, FileContent> read, ConfigReport report)
    {
        switch (read(path))
        {
            case FileContent.Read content:
                var document = TomlReader.Parse(path, content.Bytes.Span);
                report.Errored(document.Errors);
                report.IsIncomplete = document.Errors.Count > 0;
                return document;
            case FileContent.Unreadable(var why):
                report.Error(Position.Whole(path), $"cannot be read: {why}");
                return null;
            default:
                throw new InvalidOperationException("not a FileContent");
        }
    }
}
