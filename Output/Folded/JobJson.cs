using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;

namespace Deploy.Output.Folded;

/// <summary>A job that has ended, or lists of jobs, as one JSON document; the members are those of the v1 API.</summary>
internal static class JobJson
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    /// <summary><c>{"job": …, "hosts": […], "shapes": […]}</c>; the job's summary stands in the job.</summary>
    /// <param name="job">Null where there was nothing to do.</param>
    /// <param name="hosts">Null leaves them out: they are not known.</param>
    /// <param name="shapes">Null leaves them out: they were not asked for, or not had.</param>
    public static string Document(JobView? job, IEnumerable<HostStanding>? hosts, IEnumerable<Shape>? shapes) => Written(writer =>
    {
        if (job is null)
        {
            writer.WriteNull("job");
        }
        else
        {
            writer.WritePropertyName("job");
            JsonSerializer.Serialize(writer, job, V1Json.Default.JobView);
        }

        if (hosts is not null)
        {
            WriteList(writer, "hosts", hosts, V1Json.Default.HostStanding);
        }

        if (shapes is not null)
        {
            writer.WritePropertyName("shapes");
            JsonSerializer.Serialize(writer, [.. shapes], V1Json.Default.IReadOnlyListShape);
        }
    });

    /// <summary><c>{"jobs": […]}</c>.</summary>
    public static string Jobs(IEnumerable<JobView> jobs) => Written(writer => WriteList(writer, "jobs", jobs, V1Json.Default.JobView));

    /// <summary><c>{"hosts": […]}</c>: what a proxy knows of its hosts.</summary>
    public static string Hosts(IEnumerable<HostFacts> hosts) => Written(writer => WriteList(writer, "hosts", hosts, V1Json.Default.HostFacts));

    /// <summary><c>{"leases": […]}</c>.</summary>
    /// <param name="leases">The leases.</param>
    /// <param name="name">What they are here.</param>
    public static string Leases(IEnumerable<Lease> leases, string name = "leases") => Written(writer => WriteList(writer, name, leases, V1Json.Default.Lease));

    private static void WriteList<T>(Utf8JsonWriter writer, string name, IEnumerable<T> items, JsonTypeInfo<T> type)
    {
        writer.WriteStartArray(name);
        foreach (var item in items)
        {
            JsonSerializer.Serialize(writer, item, type);
        }

        writer.WriteEndArray();
    }

    private static string Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Indented))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
