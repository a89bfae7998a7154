using System.Text;
using System.Text.Json;
using Deploy.Security.Channel;

namespace Deploy.Modes.Client.Trust;

/// <summary>What came of one host's key.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="Port">TCP port.</param>
/// <param name="State"><c>known</c>, <c>added</c>, <c>replaced</c>, <c>planned</c>, <c>removed</c>, <c>unknown</c>, <c>other key</c>, <c>refused</c> or <c>unreachable</c>.</param>
/// <param name="Pin">Its key; null where there is none to tell.</param>
/// <param name="Next">The one that it is going to have, or null.</param>
internal sealed record TrustResult(string Host, int Port, string State, Pin? Pin = null, Pin? Next = null)
{
    public int ExitCode { get; init; }

    /// <summary>All of them as one document.</summary>
    public static string Json(IReadOnlyList<TrustResult> all)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("hosts");
            foreach (var one in all)
            {
                writer.WriteStartObject();
                writer.WriteString("host", one.Host);
                writer.WriteNumber("port", one.Port);
                writer.WriteString("state", one.State);
                writer.WriteString("pin", one.Pin?.ToString());
                writer.WriteString("next", one.Next?.ToString());
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
