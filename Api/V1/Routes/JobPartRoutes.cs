using System.Buffers;
using System.Text.Json;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;

namespace Deploy.Api.V1.Routes;

/// <summary>The parts of a job: its hosts, what they said, what they changed.</summary>
/// <param name="jobs">The daemon's.</param>
internal sealed class JobPartRoutes(IJobs jobs)
{
    public async Task<V1Reply> HostsAsync(V1Call call)
    {
        var states = new List<HostState>();
        foreach (string word in call.Parameter("state")?.Split(',') ?? [])
        {
            if (!HostStates.TryParse(word, out var state))
            {
                return JobRoutes.NoWord("state", word, Enum.GetValues<HostState>().Select(one => one.Word()));
            }

            states.Add(state);
        }

        string? cursor = call.Parameter("cursor");
        return !Cursors.IsPage(cursor) ? Cursors.Bad
            : JobRoutes.IdOf(call) is { } id && await jobs.HostsAsync(id, states, cursor, call.Aborted).ConfigureAwait(false) is { } page ? V1Reply.Json(page, V1Json.Default.PageHostStanding)
            : JobRoutes.NoJob;
    }

    public async Task<V1Reply> LogAsync(V1Call call)
    {
        if (JobRoutes.IdOf(call) is not { } id || await jobs.LogAsync(id, call.Named["host"], call.Aborted).ConfigureAwait(false) is not { } lines)
        {
            return V1Reply.NotFound("no such host of a job of that id is known here");
        }

        var body = new ArrayBufferWriter<byte>();
        foreach (var line in lines)
        {
            using var json = new Utf8JsonWriter(body);
            JsonSerializer.Serialize(json, line, V1Json.Default.LogLine);
            json.Flush();
            body.Write("\n"u8);
        }

        return new V1Reply(200) { ContentType = V1Names.Lines, Body = body.WrittenMemory };
    }

    public async Task<V1Reply> ShapesAsync(V1Call call) =>
        JobRoutes.IdOf(call) is { } id && await jobs.ShapesAsync(id, call.Aborted).ConfigureAwait(false) is { } shapes ? V1Reply.Json(shapes, V1Json.Default.IReadOnlyListShape) : JobRoutes.NoJob;

    /// <summary>The exact bytes where they are asked for, which have the digest; else as JSON, to be read.</summary>
    public async Task<V1Reply> ShapeAsync(V1Call call)
    {
        string digest = call.Named["digest"];
        if (JobRoutes.IdOf(call) is not { } id || await jobs.ShapeAsync(id, digest, call.Aborted).ConfigureAwait(false) is not { } content)
        {
            return V1Reply.NotFound("no such shape of a job of that id is known here");
        }

        return call.Accepts(V1Names.Bytes) ? new V1Reply(200) { ContentType = V1Names.Bytes, Body = content.Bytes }
            : ShapePage.Of(digest, content, call.Parameter("cursor")) is { } page ? V1Reply.Json(page, ApiJson.Default.ShapePage)
            : Cursors.Bad;
    }
}
