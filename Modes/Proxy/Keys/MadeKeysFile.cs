using Deploy.Config;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Modes.Binding;
using Deploy.Modes.Binding.Toml;
using Deploy.Modes.Proxy.Toml;
using Deploy.Security;

namespace Deploy.Modes.Proxy.Keys;

/// <summary>A key that <c>deploy proxy keys</c> made.</summary>
/// <param name="Key">Its name, hash and groups.</param>
/// <param name="Created">When, as the file says; null where it does not.</param>
/// <param name="At">Where it stands.</param>
internal sealed record MadeKey(ApiKey Key, string? Created, Position At);

/// <summary>
/// <c>api_keys.toml</c> beside the proxy's configuration: the tables <c>[api_keys.NAME]</c> of keys that were made by <c>deploy proxy keys</c>, which changes this file and never the operator's own.
/// Comments in it stay; its first line says when it was changed, so that no version is the beginning of another.
/// </summary>
internal static class MadeKeysFile
{
    private const string Name = "api_keys.toml";
    private const string FirstWords = "# API keys of deploy proxy";

    /// <summary>The file that goes with this configuration.</summary>
    public static string Beside(string config) => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(config))!, Name);

    /// <summary>The keys in this file, which need not be there; what is wrong is reported.</summary>
    public static IReadOnlyList<MadeKey> Read(string path, Func<string, FileContent> read, ConfigReport report)
    {
        if (!File.Exists(path) || TomlFile.Load(path, read, report) is not { } document)
        {
            return [];
        }

        var file = TableBinder.Of(document, report);
        var keys = new List<MadeKey>();
        foreach (var (name, table) in file.Tables("api_keys", "ci", mayQuote: false))
        {
            var hash = ApiKeysTable.HashOf(table);
            var groups = table.Texts("groups", "web") ?? [];
            string? created = table.Text("created", "2026-01-31T12:00:00Z")?.Value;
            table.Close();
            keys.Add(new MadeKey(new ApiKey(name.Value, new Secret(hash?.Value ?? string.Empty), [.. groups.Select(group => group.Value).Distinct(StringComparer.Ordinal)]), created, table.At));
        }

        file.Close();
        return keys;
    }

    /// <summary>The file's text with one key more.</summary>
    public static string With(string text, ApiKey key, DateTimeOffset now)
    {
        string groups = string.Join(", ", key.Groups.Select(TomlName.Quote));
        return Begin(text, now) + $"\n[{TomlName.Join("api_keys", key.Name)}]\nsha256 = \"{key.Sha256.Reveal()}\"\ngroups = [{groups}]\ncreated = \"{Moment(now)}\"\n";
    }

    /// <summary>The file's text without this key; null where its table is not written as <see cref="With"/> writes it, and a person has to take it out.</summary>
    public static string? Without(string text, MadeKey key, DateTimeOffset now)
    {
        var lines = text.Split('\n').ToList();
        int begin = key.At.Line - 1;
        if (begin < 0 || begin >= lines.Count || !lines[begin].TrimStart().StartsWith("[api_keys.", StringComparison.Ordinal))
        {
            return null;
        }

        int next = lines.FindIndex(begin + 1, line => line.TrimStart().StartsWith('['));
        int end = next < 0 ? lines.Count : next;
        while (next >= 0 && end - 1 > begin && lines[end - 1].TrimStart() is "" or ['#', ..])
        {
            end--; // what stands above the next table belongs to that
        }

        lines.RemoveRange(begin, end - begin);
        return Begin(string.Join('\n', lines), now);
    }

    private static string Begin(string text, DateTimeOffset now)
    {
        string rest = text.StartsWith(FirstWords, StringComparison.Ordinal) ? text[(text.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var end ? end + 1 : text.Length)..] : text;
        return $"{FirstWords}, written by `deploy proxy keys` on {Moment(now)}; comments stay.\n{rest.TrimEnd()}".TrimEnd() + "\n";
    }

    private static string Moment(DateTimeOffset now) => now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
