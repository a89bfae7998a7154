using System.Text.Json;

namespace Deploy.Bench.Report;

/// <summary>Figures with every round's value, for programs.</summary>
/// <remarks>
/// <code>
/// { "processors": 2, "figures": [ { "scenario", "name", "unit", "ours": { "median", "values": [] },
///   "peer": { "name", "median", "values": [] }, "ratio", "target": { "most", "ofRatio", "met" } } ] }
/// </code>
/// <c>peer</c>, <c>ratio</c> and <c>target</c> are left out where there are none.
/// </remarks>
internal static class JsonReport
{
    /// <summary>Writes the file, its directory made where missing.</summary>
    public static void Write(IReadOnlyList<Figure> figures, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using var file = File.Create(path);
        using var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteNumber("processors", Environment.ProcessorCount);
        json.WriteStartArray("figures");
        foreach (var figure in figures)
        {
            Write(json, figure);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Figure figure)
    {
        json.WriteStartObject();
        json.WriteString("scenario", figure.Scenario);
        json.WriteString("name", figure.Name);
        json.WriteString("unit", figure.Unit);
        Write(json, "ours", null, figure.Ours);
        if (figure.Peer is { } peer)
        {
            Write(json, "peer", figure.PeerName, peer);
            json.WriteNumber("ratio", figure.Ratio!.Value);
        }

        if (figure.Target is { } target)
        {
            json.WriteStartObject("target");
            json.WriteNumber("most", target.Most);
            json.WriteBoolean("ofRatio", target.OfRatio);
            json.WriteBoolean("met", figure.Met!.Value);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string key, string? name, Sample sample)
    {
        json.WriteStartObject(key);
        if (name is not null)
        {
            json.WriteString("name", name);
        }

        json.WriteNumber("median", sample.Median);
        json.WriteStartArray("values");
        foreach (double value in sample.Values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
