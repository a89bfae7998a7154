using Deploy.Security.Callers;

namespace Deploy.Api.V1.Routes;

/// <summary>One row of the route table: from these go dispatch, 404, 405 and the test of openapi.json.</summary>
/// <param name="Method">GET, which answers HEAD too, or POST.</param>
/// <param name="Path">Parts in braces take any one part, by that name: <c>/v1/jobs/{id}</c>.</param>
/// <param name="Answer">Answers it.</param>
internal sealed record V1Route(string Method, string Path, Func<V1Call, Task<V1Reply>> Answer)
{
    /// <summary>What it asks of whoever calls. Reading is to be known; all that is not GET acts.</summary>
    public Access Access { get; init; } = Method == "GET" ? Access.Read : Access.Act;

    private readonly string[] parts = Path[1..].Split('/');

    /// <summary>The statuses that it may answer with; see <see cref="Always"/>.</summary>
    public required IReadOnlyList<int> Statuses { get; init; }

    /// <summary>Whether it takes a body, of JSON.</summary>
    public bool TakesBody { get; init; }

    /// <summary>Whether what it is asked may wait on its way, in a proxy, so that its signature may live longer than a minute.</summary>
    public bool MayWait { get; init; }

    /// <summary>The parameters that its query may have.</summary>
    public IReadOnlyList<string> Query { get; init; } = [];

    /// <summary>Statuses that it may answer with beside its own: a query that it does not take, a caller that is not known, one that may not, one that asks too often.</summary>
    public IReadOnlyList<int> Always => Access == Access.Open ? [400, 403] : [400, 401, 403, 429];

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
