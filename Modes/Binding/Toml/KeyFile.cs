using Deploy.Config;
using Deploy.Model;
using Deploy.Security;

namespace Deploy.Modes.Binding.Toml;

/// <summary>A shared key that stands in a file of its own, named by <c>key_cipher_file</c>.</summary>
/// <param name="Path">The file.</param>
/// <param name="Key">Its first line; null where that could not be read, which was reported.</param>
internal sealed record KeyFile(string Path, Secret? Key)
{
    public const string Name = "key_cipher_file";

    public const string Example = "/etc/deploy/key";

    /// <summary>What the key says, for <see cref="TableBinder.Require"/>.</summary>
    public const string Expected = "the path of a file whose first line is the shared key";

    /// <summary>The file that the table names and its key; null when it names none, or no path.</summary>
    public static KeyFile? Bind(TableBinder table, Func<string, FileContent> read) =>
        table.AbsolutePath(Name, Example) is { } path ? new KeyFile(path.Value, Read(table, path, read)) : null;

    private static Secret? Read(TableBinder table, Positioned<string> path, Func<string, FileContent> read)
    {
        var answer = read(path.Value);
        if (answer is not FileContent.Read content)
        {
            table.Error(path.Position, $"{Name} '{path.Value}' cannot be read: {((FileContent.Unreadable)answer).Why}");
            return null;
        }

        string? line = Secrets.FirstLine(content.Bytes.Span);
        if (line is not { Length: > 0 })
        {
            table.Error(path.Position, $"{Name} '{path.Value}': {(line is null ? "its first line is too long for a key" : "its first line is empty")}: expected the shared key, alone in the first line");
            return null;
        }

        var key = new Secret(line);
        if (Weakness(key) is { } weakness)
        {
            table.Warn(path.Position, $"the key in {Name} '{path.Value}' {weakness}");
        }

        return key;
    }

    /// <summary>What is wrong with a key that everybody knows, or that opens nothing; null for any other.</summary>
    public static string? Weakness(Secret key) => key.Reveal() switch
    {
        "0" => "is 0: agents take no order with it",
        LegacyKey.DefaultCipher => $"is the default, {LegacyKey.DefaultCipher}, which everybody knows: choose a long random one",
        _ => null,
    };
}
