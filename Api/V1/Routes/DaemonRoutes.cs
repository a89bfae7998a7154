using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Deploy.Api.V1.Metrics;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;

namespace Deploy.Api.V1.Routes;

/// <summary>What a daemon tells of itself.</summary>
/// <param name="facts">What it knows.</param>
/// <param name="tally">What the API counts.</param>
/// <param name="started">When the daemon started.</param>
/// <param name="time">The clock.</param>
internal sealed class DaemonRoutes(V1Facts facts, RequestTally tally, DateTimeOffset started, TimeProvider time)
{
    private const int HostsPerPage = 1000;
    private const string OpenApi = "openapi.json"; // embedded; deploy.csproj

    private readonly ProcessMetrics process = new(started);
    private readonly long began = time.GetTimestamp();

    public Task<V1Reply> HealthAsync(V1Call call)
    {
        var troubles = facts.Troubles();
        return Task.FromResult(V1Reply.Json(new Health(troubles.Count == 0 ? "ok" : "failing", troubles), ApiJson.Default.Health, troubles.Count == 0 ? 200 : 503));
    }

    public async Task<V1Reply> MetricsAsync(V1Call call)
    {
        var self = await facts.Self(call.Aborted).ConfigureAwait(false);
        return new V1Reply(200) { ContentType = MetricText.ContentType, Body = MetricText.Of([.. process.Families(self), .. tally.Families(), .. facts.Metrics()]) };
    }

    public static Task<V1Reply> OpenApiAsync(V1Call call)
    {
        using var resource = typeof(DaemonRoutes).Assembly.GetManifestResourceStream(OpenApi)!;
        byte[] bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return Task.FromResult(new V1Reply(200) { ContentType = V1Names.Json, Body = bytes });
    }

    public async Task<V1Reply> SelfAsync(V1Call call)
    {
        var self = await facts.Self(call.Aborted).ConfigureAwait(false);
        var rights = call.Caller!.Rights;
        return V1Reply.Json(
            self with
            {
                Time = time.GetUtcNow(),
                Started = started,
                UptimeSeconds = (long)time.GetElapsedTime(began).TotalSeconds,
                Peer = call.From.Address.ToString(),
                Who = call.Caller.Name,
                Key = call.Caller.Signature?.Key.Fingerprint,
                May = rights.Words,
                MayGroups = rights.Groups?.ToString(),
                MayCommands = rights.Commands?.ToString(),
            },
            V1Json.Default.DaemonSelf);
    }

    public Task<V1Reply> GroupsAsync(V1Call call) => Task.FromResult(V1Reply.Json(facts.Groups(), V1Json.Default.IReadOnlyListGroupFacts));

    public async Task<V1Reply> HostsAsync(V1Call call)
    {
        int from = 0;
        if (call.Parameter("cursor") is { } cursor && !int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out from))
        {
            return Cursors.Bad;
        }

        var hosts = await facts.Hosts(call.Aborted).ConfigureAwait(false);
        var page = new Page<HostFacts>([.. hosts.Skip(from).Take(HostsPerPage)], hosts.Count - HostsPerPage > from ? (from + HostsPerPage).ToString(CultureInfo.InvariantCulture) : null);
        return V1Reply.Json(page, V1Json.Default.PageHostFacts);
    }
}

/// <summary>Whether a daemon is well.</summary>
/// <param name="Status"><c>ok</c> or <c>failing</c>.</param>
/// <param name="Reasons">Why it is not; empty where it is.</param>
internal sealed record Health(string Status, IReadOnlyList<string> Reasons);

/// <summary>What the API says in JSON beside the words of jobs.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(ShapePage))]
internal sealed partial class ApiJson : JsonSerializerContext;
