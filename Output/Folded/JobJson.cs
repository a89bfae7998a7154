using System.Text.Json;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;

namespace Deploy.Output.Folded;

/// <summary>A job that has ended, or lists of jobs, as one JSON document; the members are those of the v1 API.</summary>
internal static class JobJson
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    /// <summary><c>{"job": …, "hosts": […], "shapes": […]}</c>; the job's summary stands in the job.</summary>
    public static string Document(JobView job, IEnumerable<HostStanding> hosts, IEnumerable<Shape> shapes) => Written(writer =>
    {
        writer.WriteStartObject();
        writer.WritePropertyName("job");
        JsonSerializer.Serialize(writer, job, V1Json.Default.JobView);
        writer.WriteStartArray("hosts");
        foreach (var host in hosts)
        {
            JsonSerializer.Serialize(writer, host, V1Json.Default.HostStanding);
        }

        writer.WriteEndArray();
        writer.WritePropertyName("shapes");
        JsonSerializer.Serialize(writer, [.. shapes], V1Json.Default.IReadOnlyListShape);
        writer.WriteEndObject();
    });

    /// <summary><c>{"jobs": […]}</c>.</summary>
    public static string Jobs(IEnumerable<JobView> jobs) => Written(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("jobs");
        foreach (var job in jobs)
        {
            JsonSerializer.Serialize(writer, job, V1Json.Default.JobView);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    /// <summary><c>{"leases": […]}</c>.</summary>
    public static string Leases(IReadOnlyList<Lease> leases) => Written(writer =>
    {
        writer.WriteStartObject();
        writer.WritePropertyName("leases");
        JsonSerializer.Serialize(writer, leases, V1Json.Default.IReadOnlyListLease);
        writer.WriteEndObject();
    });

    /// <summary><c>{"id": …}</c> and what else a line of an answer has: one member a pair.</summary>
    public static string Words(params IEnumerable<(string Name, string Value)> members) => Written(writer =>
    {
        writer.WriteStartObject();
        foreach (var (name, value) in members)
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
    });

    private static string Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Indented))
        {
            write(writer);
        }

        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
