namespace Deploy.Api.V1.Routes;

/// <summary>One row of the route table: from these go dispatch, 404, 405 and the test of openapi.json.</summary>
/// <param name="Method">GET, which answers HEAD too, or POST.</param>
/// <param name="Path">Parts in braces take any one part, by that name: <c>/v1/jobs/{id}</c>.</param>
/// <param name="Answer">Answers it.</param>
internal sealed record V1Route(string Method, string Path, Func<V1Call, Task<V1Reply>> Answer)
{
    private readonly string[] parts = Path[1..].Split('/');

    /// <summary>The statuses that it may answer with; see <see cref="Always"/>.</summary>
    public required IReadOnlyList<int> Statuses { get; init; }

    /// <summary>The parameters that its query may have.</summary>
    public IReadOnlyList<string> Query { get; init; } = [];

    /// <summary>Statuses that every route may answer with: a query that it does not take, a peer that may not.</summary>
    public static IReadOnlyList<int> Always { get; } = [400, 403];

    /// <summary>The parts of a path that this route names; null where the path is another.</summary>
    public Dictionary<string, string>? Match(string[] path)
    {
        if (path.Length != parts.Length)
        {
            return null;
        }

        var named = new Dictionary<string, string>();
        for (int at = 0; at < parts.Length; at++)
        {
            if (parts[at] is ['{', .. var name, '}'])
            {
                named[name] = path[at];
            }
            else if (parts[at] != path[at])
            {
                return null;
            }
        }

        return named;
    }
}
