using System.Text.Json;

namespace Deploy.Tests.Api.Conformance;

/// <summary>Reads the original's JSON, one key or value a line and nothing escaped, which is not always JSON; a value is a text or a list of texts.</summary>
internal static class LineJson
{
    public static SortedDictionary<string, object> Read(string text)
    {
        var fields = new SortedDictionary<string, object>(StringComparer.Ordinal);
        List<string>? list = null;
        foreach (string line in text.Split('\n').Select(line => line.TrimEnd(',')))
        {
            if (list is null && line.EndsWith("\": [", StringComparison.Ordinal))
            {
                fields[line[1..^4]] = list = [];
            }
            else if (line == "]")
            {
                list = null;
            }
            else if (line.StartsWith('"') && list is not null)
            {
                list.Add(line[1..^1]);
            }
            else if (line.StartsWith('"'))
            {
                string[] pair = line.Split("\": \"", 2);
                fields[pair[0][1..]] = pair[1][..^1];
            }
        }

        return fields;
    }

    /// <summary>The same of real JSON.</summary>
    public static SortedDictionary<string, object> ReadStrictly(string text)
    {
        using var json = JsonDocument.Parse(text);
        var fields = new SortedDictionary<string, object>(StringComparer.Ordinal);
        foreach (var field in json.RootElement.EnumerateObject())
        {
            fields.Add(field.Name, field.Value.ValueKind == JsonValueKind.Array ? field.Value.EnumerateArray().Select(item => item.GetString()!).ToList() : field.Value.GetString()!);
        }

        return fields;
    }

    public static bool IsValid(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
