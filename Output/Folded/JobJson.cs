using System.Buffers;
using System.Text;
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
        WriteJob(writer, job, hosts);
        if (shapes is not null)
        {
            WriteList(writer, "shapes", shapes, V1Json.Default.Shape);
        }
    });

    /// <summary>The same, with the content of each shape.</summary>
    /// <param name="output">Takes it, a shape at a time.</param>
    /// <param name="job">The job.</param>
    /// <param name="hosts">All of its hosts.</param>
    /// <param name="shapes">All of its shapes.</param>
    /// <param name="content">Of a shape; null leaves it out.</param>
    public static async Task WriteAsync(TextWriter output, JobView job, IEnumerable<HostStanding> hosts, IEnumerable<Shape> shapes, Func<Shape, Task<ShapeContent?>> content)
    {
        var buffer = new ArrayBufferWriter<byte>();
        await using var writer = new Utf8JsonWriter(buffer, Indented);
        writer.WriteStartObject();
        WriteJob(writer, job, hosts);
        writer.WriteStartArray("shapes");
        foreach (var shape in shapes)
        {
            Write(writer, shape, await content(shape).ConfigureAwait(false));
            Pass();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        Pass();
        output.WriteLine();

        void Pass()
        {
            writer.Flush();
            output.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
            buffer.ResetWrittenCount();
        }
    }

    /// <summary><c>{"jobs": […]}</c>.</summary>
    public static string Jobs(IEnumerable<JobView> jobs) => Written(writer => WriteList(writer, "jobs", jobs, V1Json.Default.JobView));

    /// <summary><c>{"hosts": […]}</c>: what a proxy knows of its hosts.</summary>
    public static string Hosts(IEnumerable<HostFacts> hosts) => Written(writer => WriteList(writer, "hosts", hosts, V1Json.Default.HostFacts));

    /// <summary><c>{"leases": […]}</c>.</summary>
    /// <param name="leases">The leases.</param>
    /// <param name="name">What they are here.</param>
    public static string Leases(IEnumerable<Lease> leases, string name = "leases") => Written(writer => WriteList(writer, name, leases, V1Json.Default.Lease));

    private static void WriteJob(Utf8JsonWriter writer, JobView? job, IEnumerable<HostStanding>? hosts)
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
    }

    /// <summary>A shape, with what <c>GET …/shapes/{digest}</c> says of its content: <c>changes</c>, or <c>stdout</c> and <c>stderr</c>.</summary>
    private static void Write(Utf8JsonWriter writer, Shape shape, ShapeContent? content)
    {
        writer.WriteStartObject();
        foreach (var member in JsonSerializer.SerializeToElement(shape, V1Json.Default.Shape).EnumerateObject())
        {
            member.WriteTo(writer);
        }

        if (content is not null && CommandOutput.Read(content) is { } output)
        {
            writer.WriteString("stdout", CommandOutput.Text(output.Out));
            writer.WriteString("stderr", CommandOutput.Text(output.Error));
        }
        else if (content is { Kind: ShapeKind.Changes })
        {
            WriteChanges(writer, content.Bytes.Span);
        }

        writer.WriteEndObject();
    }

    /// <summary>Where a line is none that is known here, all stand as they are, as <c>lines</c>.</summary>
    private static void WriteChanges(Utf8JsonWriter writer, ReadOnlySpan<byte> bytes)
    {
        var lines = new List<string>();
        var changes = new List<ShapeChange>();
        foreach (var range in bytes.TrimEnd((byte)'\n').Split((byte)'\n'))
        {
            var line = bytes[range];
            if (line.IsEmpty)
            {
                continue;
            }

            lines.Add(ShapeChange.Shown(line));
            if (ShapeChange.Of(line) is { } change)
            {
                changes.Add(change);
            }
        }

        bool parsed = changes.Count == lines.Count;
        writer.WriteStartArray(parsed ? "changes" : "lines");
        foreach (string line in parsed ? [] : lines)
        {
            writer.WriteStringValue(line);
        }

        foreach (var change in parsed ? changes : [])
        {
            JsonSerializer.Serialize(writer, change, V1Json.Default.ShapeChange);
        }

        writer.WriteEndArray();
    }

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
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Indented))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
