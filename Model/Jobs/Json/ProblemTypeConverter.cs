using System.Text.Json;
using System.Text.Json.Serialization;

namespace Deploy.Model.Jobs.Json;

/// <summary>A problem's type: its word in the house, <c>urn:deploy:WORD</c> on the wire. A type of somebody else stays as it is.</summary>
internal sealed class ProblemTypeConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string? text = reader.TokenType == JsonTokenType.String ? reader.GetString() : throw new JsonException();
        return text!.StartsWith(V1Names.Urn, StringComparison.Ordinal) ? text[V1Names.Urn.Length..] : text;
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(V1Names.Urn + value);
}
