using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Deploy.Model.Jobs.Json;

/// <summary>A moment as ISO 8601 with <c>Z</c> or an offset. One without would mean another moment on each host: it is refused. Written in UTC, no digit lost.</summary>
internal sealed class InstantConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String || !TryParse(reader.GetString()!, out var instant))
        {
            throw new JsonException();
        }

        return instant;
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));

    /// <summary>True for <c>2026-11-22T13:00:00Z</c>, with up to seven digits behind a point, or with an offset <c>+01:00</c> in Z's place.</summary>
    public static bool TryParse(string text, out DateTimeOffset instant) =>
        DateTimeOffset.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out instant)
        && (text.EndsWith('Z') || text[^6] is '+' or '-');
}
