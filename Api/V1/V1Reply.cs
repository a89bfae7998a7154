using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;

namespace Deploy.Api.V1;

/// <summary>An answer of the v1 API on its way out: bytes, or a stream of events.</summary>
/// <param name="Status">HTTP status code.</param>
internal sealed record V1Reply(int Status)
{
    /// <summary>Media type; null where there is no body.</summary>
    public string? ContentType { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>In place of <see cref="Body"/>; null for none.</summary>
    public IAsyncEnumerable<JobEvent>? Events { get; init; }

    /// <summary>Whether <see cref="Events"/> go out as server-sent events; else as lines.</summary>
    public bool IsSse { get; init; }

    /// <summary>The methods that the path takes, of a 405.</summary>
    public string? Allow { get; init; }

    /// <summary>When to ask again, of a 429.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Where what was made is.</summary>
    public string? Location { get; init; }

    /// <summary>True where the connection ends with this answer: what follows on it may be the rest of a body.</summary>
    public bool Closes { get; init; }

    /// <summary>Why the request was not done; null where it was.</summary>
    public Problem? Problem { get; init; }

    /// <summary>The job that it is about, for the access log; null for none.</summary>
    public string? Job { get; init; }

    /// <summary>Its order, for the access log; null for none.</summary>
    public string? Order { get; init; }

    public static V1Reply Json<T>(T value, JsonTypeInfo<T> type, int status = 200) => new(status) { ContentType = V1Names.Json, Body = JsonSerializer.SerializeToUtf8Bytes(value, type) };

    /// <summary>The answer to what is refused.</summary>
    public static V1Reply Of(Problem problem) => Json(problem, V1Json.Default.Problem, problem.Status) with { ContentType = V1Names.Problem, Problem = problem, Job = problem.Job?.ToString() };

    /// <summary>400: the request itself is wrong.</summary>
    public static V1Reply Bad(string detail) => Of(new Problem(ProblemTypes.BadRequest, 400, "not a request that this API takes", detail));

    public static V1Reply NotFound(string detail) => Of(new Problem(ProblemTypes.NotFound, 404, "not found", detail));
}
