using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Deploy.Tests.Api.V1;

/// <summary>Holds JSON against a schema of openapi.json: as much of JSON Schema as stands there, and a word that it does not know is an error.</summary>
internal sealed class JsonSchema(JsonNode document)
{
    private static readonly string[] Known = ["type", "properties", "required", "additionalProperties", "enum", "items", "$ref", "pattern", "description", "minimum"];

    /// <summary>What is wrong, with where; empty for what fits.</summary>
    public IEnumerable<string> Check(JsonNode? value, JsonNode schema, string at = "$")
    {
        if (schema["$ref"] is { } reference)
        {
            string name = reference.GetValue<string>().Split('/')[^1];
            return document["components"]!["schemas"]![name] is { } target ? Check(value, target, at) : [$"{at}: no schema {name}"];
        }

        return [.. schema.AsObject().Where(word => !Known.Contains(word.Key)).Select(word => $"the schema at {at} has {word.Key}"), .. Kind(value, schema, at), .. Words(value, schema, at), .. Members(value, schema, at), .. Items(value, schema, at)];
    }

    private static IEnumerable<string> Kind(JsonNode? value, JsonNode schema, string at)
    {
        string? type = schema["type"]?.GetValue<string>();
        bool fits = type switch
        {
            "object" => value is JsonObject,
            "array" => value is JsonArray,
            "string" => value is JsonValue text && text.TryGetValue<string>(out _),
            "integer" => value is JsonValue number && number.TryGetValue<long>(out _),
            "number" => value is JsonValue number && number.TryGetValue<double>(out _),
            "boolean" => value is JsonValue flag && flag.TryGetValue<bool>(out _),
            _ => false,
        };
        return fits ? [] : [$"{at}: {value?.ToJsonString() ?? "null"} is no {type ?? "value without a type"}"];
    }

    private static IEnumerable<string> Words(JsonNode? value, JsonNode schema, string at)
    {
        if (schema["enum"] is JsonArray words && !words.Any(word => JsonNode.DeepEquals(word, value)))
        {
            yield return $"{at}: {value?.ToJsonString()} is none of {words.ToJsonString()}";
        }

        if (schema["pattern"] is { } pattern && value is JsonValue text && text.TryGetValue<string>(out string? string_) && !Regex.IsMatch(string_, pattern.GetValue<string>(), RegexOptions.CultureInvariant))
        {
            yield return $"{at}: '{string_}' is not as {pattern}";
        }
    }

    private IEnumerable<string> Members(JsonNode? value, JsonNode schema, string at)
    {
        if (value is not JsonObject members)
        {
            yield break;
        }

        foreach (string name in (schema["required"] as JsonArray ?? []).Select(name => name!.GetValue<string>()).Where(name => !members.ContainsKey(name)))
        {
            yield return $"{at}: {name} is missing";
        }

        foreach (var (name, member) in members)
        {
            var inner = schema["properties"]?[name] ?? (schema["additionalProperties"] is JsonObject any ? any : null);
            foreach (string wrong in inner is not null ? Check(member, inner, $"{at}.{name}") : schema["additionalProperties"] is JsonValue ? [$"{at}: {name} is not in the schema"] : [])
            {
                yield return wrong;
            }
        }
    }

    private IEnumerable<string> Items(JsonNode? value, JsonNode schema, string at) =>
        value is JsonArray items && schema["items"] is { } one ? items.SelectMany((item, place) => Check(item, one, $"{at}[{place}]")) : [];
}
