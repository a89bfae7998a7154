using System.Text;
using Deploy.Config;
using Deploy.Config.Toml;
using Deploy.Model.Text;

namespace Deploy.Tests.Config.Toml;

/// <summary>Whether what a document says of places can be.</summary>
internal static class TomlPlaces
{
    /// <summary>The lines of a file as positions count them.</summary>
    public static string[] Lines(ReadOnlySpan<byte> bytes) => ByteText.FromBytes(bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes).Split('\n');

    /// <summary>One line for each error and each value that stands nowhere in the file; errors of the whole file and the one that counts the rest stand at no line.</summary>
    public static IEnumerable<string> Outside(TomlDocument document, ReadOnlySpan<byte> bytes)
    {
        string[] lines = Lines(bytes);
        return document.Errors.Select(error => error.Position).Where(position => position.Line > 0).Concat(Of(document.Root))
            .Where(position => position.Line < 1 || position.Line > lines.Length || position.Column < 1 || position.Column > lines[position.Line - 1].Length + 1)
            .Select(position => $"{position} is not in the file").ToList();
    }

    private static IEnumerable<Position> Of(TomlValue value) => value switch
    {
        TomlValue.Table table => table.Entries.SelectMany(entry => Of(entry.Value).Prepend(entry.Key.Position)).Prepend(table.Position),
        TomlValue.List list => list.Items.SelectMany(Of).Prepend(list.Position),
        _ => [value.Position],
    };
}
