using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Deploy.Api.V1.Routes;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;
using Deploy.Security.Callers;
using Xunit;

namespace Deploy.Tests.Api.V1;

/// <summary>openapi.json, the route table and what a real server answers say the same.</summary>
public class OpenApiTests
{
    [Fact(Timeout = 60_000)]
    public async Task The_route_table_and_the_document_have_the_same_routes_parameters_and_statuses()
    {
        await using var host = await V1Host.StartAsync(new ScriptedJobs());
        var document = await DocumentAsync(host);
        var said = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(one => Line(
            one.Key.ToUpperInvariant(), path.Key, Parameters(one.Value!, "query"), one.Value!["responses"]!.AsObject().Select(response => int.Parse(response.Key, CultureInfo.InvariantCulture)), one.Value["requestBody"] is not null)));
        var there = host.Endpoint.Routes.Select(route => Line(route.Method, route.Path, route.Query, route.Statuses.Union(route.Always), route.Statuses.Contains(411)));
        Assert.Equal(there.Order(StringComparer.Ordinal), said.Order(StringComparer.Ordinal));
        foreach (var (path, operations) in document["paths"]!.AsObject())
        {
            Assert.All(operations!.AsObject(), one => Assert.Equal(Regex.Matches(path, @"\{(\w+)\}").Select(name => name.Groups[1].Value), Parameters(one.Value!, "path")));
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task Every_answer_that_is_documented_comes_and_is_as_documented()
    {
        var jobs = new ScriptedJobs();
        await using var host = await V1Host.StartAsync(jobs);
        var document = await DocumentAsync(host);
        var schema = new JsonSchema(document);
        using var client = host.Client();
        var seen = new HashSet<string>();
        var id = V1Host.NewId();
        string known = V1Host.Document(id), path = $"/v1/jobs/{id}", unknown = $"/v1/jobs/{V1Host.NewId()}";

        await AskAsync("POST", "/v1/jobs", "/v1/jobs", 202, known);
        await AskAsync("POST", "/v1/jobs", "/v1/jobs", 200, known);
        await AskAsync("POST", "/v1/jobs", "/v1/jobs", 202, V1Host.Document(V1Host.NewId()), accept: V1Names.Lines);
        await AskAsync("POST", "/v1/jobs", "/v1/jobs", 200, known, accept: V1Names.Lines);
        await AskAsync("POST", "/v1/jobs", "/v1/jobs", 409, V1Host.Document(id, ",\"reason\":\"other\""));
        foreach (string target in new[] { "/v1/jobs", "/v1/leases/steal" })
        {
            await AskAsync("POST", target, target, 400, target == "/v1/jobs" ? "{" : "{}", query: target == "/v1/jobs" ? "" : "?x=1");
            await AskAsync("POST", target, target, 415, "{}", contentType: "text/plain");
            await AskAsync("POST", target, target, 413, new string(' ', 512 * 1024 + 1));
            await AskAsync("POST", target, target, 411, "{}", chunked: true);
            await AskAsync("POST", target, target, 422, "{}");
        }

        foreach (var (route, target) in new[]
        {
            ("/healthz", "/healthz"), ("/metrics", "/metrics"), ("/v1/openapi.json", "/v1/openapi.json"), ("/v1/self", "/v1/self"), ("/v1/groups", "/v1/groups"), ("/v1/hosts", "/v1/hosts"), ("/v1/jobs", "/v1/jobs"),
            ("/v1/jobs/{id}", path), ("/v1/jobs/{id}/hosts", path + "/hosts"), ("/v1/jobs/{id}/hosts/{host}/log", path + "/hosts/web-1/log"), ("/v1/jobs/{id}/shapes", path + "/shapes"),
            ("/v1/jobs/{id}/shapes/{digest}", $"{path}/shapes/{ScriptedJobs.Digest}"), ("/v1/jobs/{id}/events", path + "/events"), ("/v1/events", "/v1/events"), ("/v1/leases", "/v1/leases"), ("/v1/audit", "/v1/audit"),
        })
        {
            await AskAsync("GET", route, target, 200);
            await AskAsync("GET", route, target, 400, query: "?no=1");
            if (target.StartsWith(path, StringComparison.Ordinal))
            {
                await AskAsync("GET", route, target.Replace(path, unknown, StringComparison.Ordinal), 404);
            }
        }

        await AskAsync("GET", "/v1/jobs/{id}/shapes/{digest}", $"{path}/shapes/{ScriptedJobs.Digest}", 200, accept: V1Names.Bytes);
        await AskAsync("GET", "/v1/events", "/v1/events", 200, accept: V1Names.ServerSentEvents);
        jobs.Content = new ShapeContent(ShapeKind.Changes, "changed\tf\t7\t2026-11-22T10:00:00Z\ta\n"u8.ToArray());
        await AskAsync("GET", "/v1/jobs/{id}/shapes/{digest}", $"{path}/shapes/{ScriptedJobs.Digest}", 200);
        jobs.Content = new ShapeContent(ShapeKind.Output, "exit 0\nstdout 0\nstderr 0\n"u8.ToArray());
        await AskAsync("GET", "/v1/jobs/{id}/shapes/{digest}", $"{path}/shapes/{ScriptedJobs.Digest}", 200);
        host.Audit = (_, _) => null;
        await AskAsync("GET", "/v1/audit", "/v1/audit", 404);
        host.Audit = (_, _) => throw new IOException("broken");
        await AskAsync("GET", "/v1/audit", "/v1/audit", 503);
        host.Troubles = ["it stops"];
        await AskAsync("GET", "/healthz", "/healthz", 503);
        await AskAsync("POST", "/v1/leases/steal", "/v1/leases/steal", 204, "{\"what\":\"site\",\"reason\":\"fire\"}");
        await AskAsync("POST", "/v1/leases/steal", "/v1/leases/steal", 404, "{\"what\":\"other\",\"reason\":\"fire\"}");
        foreach (string act in new[] { "cancel", "pause", "resume" })
        {
            await AskAsync("POST", "/v1/jobs/{id}/" + act, $"{path}/{act}", 200);
            await AskAsync("POST", "/v1/jobs/{id}/" + act, $"{path}/{act}", 400, query: "?no=1");
            await AskAsync("POST", "/v1/jobs/{id}/" + act, $"{unknown}/{act}", 404);
        }

        foreach (var problem in new[] { new Problem(ProblemTypes.StoreUnwritable, 503, "not now", "full"), new Problem(ProblemTypes.Leased, 409, "leased", "by jo") { Hint = "wait", Job = id } })
        {
            jobs.Refusal = problem;
            await AskAsync("POST", "/v1/jobs", "/v1/jobs", problem.Status, V1Host.Document(V1Host.NewId()));
            await AskAsync("POST", "/v1/leases/steal", "/v1/leases/steal", problem.Status, "{\"what\":\"site\",\"reason\":\"fire\"}");
            foreach (string act in new[] { "cancel", "pause", "resume" })
            {
                await AskAsync("POST", "/v1/jobs/{id}/" + act, $"{path}/{act}", problem.Status);
            }
        }

        foreach (var route in host.Endpoint.Routes)
        {
            await AskAsync(route.Method, route.Path, route.Path.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal), 403, route.Method == "POST" ? "{}" : null, origin: "http://evil.example");
        }

        host.TakesUnsigned = false;
        foreach (var route in host.Endpoint.Routes.Where(route => route.Access != Access.Open))
        {
            await AskAsync(route.Method, route.Path, route.Path.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal), 401, route.Method == "POST" ? "{}" : null);
        }

        // A body that is too slow takes half a minute to be told, and a thousand readers are HostileV1Tests'.
        string[] elsewhere = ["POST /v1/jobs 408", "POST /v1/leases/steal 408", "GET /v1/events 503 application/problem+json", "GET /v1/jobs/{id}/events 503 application/problem+json", "GET /v1/jobs/{id}/events 200 text/event-stream"];
        var documented = document["paths"]!.AsObject().SelectMany(route => route.Value!.AsObject().SelectMany(one => one.Value!["responses"]!.AsObject().SelectMany(response =>
            (response.Value!["content"]?.AsObject().Select(media => " " + media.Key) ?? [""]).Select(media => $"{one.Key.ToUpperInvariant()} {route.Key} {response.Key}{media}"))));
        Assert.Empty(documented.Where(line => !line.Contains(" 429 ", StringComparison.Ordinal) && !elsewhere.Any(prefix => line.StartsWith(prefix, StringComparison.Ordinal))).Except(seen));

        async Task AskAsync(string method, string route, string target, int status, string? body = null, string? accept = null, string? contentType = null, bool chunked = false, string? origin = null, string query = "")
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), target + query) { Content = body is null ? null : V1Host.Json(body) };
            request.Headers.TransferEncodingChunked = chunked ? true : null;
            if (contentType is not null)
            {
                request.Content!.Headers.ContentType = new(contentType);
            }

            request.Headers.TryAddWithoutValidation("Accept", accept ?? "*/*");
            if (origin is not null)
            {
                request.Headers.Add("Origin", origin);
            }

            using var answer = await client.SendAsync(request);
            string text = await answer.Content.ReadAsStringAsync();
            Assert.True((int)answer.StatusCode == status, $"{method} {target}: {answer.StatusCode} in place of {status}: {text}");
            string? media = answer.Content.Headers.ContentType?.MediaType;
            var response = document["paths"]![route]![method.ToLowerInvariant()]!["responses"]![status.ToString(CultureInfo.InvariantCulture)]!;
            seen.Add($"{method} {route} {status}{(media is null ? "" : " " + media)}");
            if (response["content"] is not { } content)
            {
                Assert.Empty(text);
                return;
            }

            Assert.True(content[media!] is not null, $"{method} {target} {status}: {media} is not documented");
            var values = media switch
            {
                V1Names.Lines => text.TrimEnd('\n').Split('\n').Select(line => JsonNode.Parse(line)),
                V1Names.ServerSentEvents => text.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => JsonNode.Parse(line[6..])),
                V1Names.Json or V1Names.Problem => [JsonNode.Parse(text)],
                _ => [JsonValue.Create(text)],
            };
            Assert.All(values, value => Assert.Empty(schema.Check(value, content[media!]!["schema"]!)));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task The_schema_of_a_document_has_the_members_that_are_read()
    {
        await using var host = await V1Host.StartAsync(new ScriptedJobs());
        var schemas = (await DocumentAsync(host))["components"]!["schemas"]!;
        Assert.Equal(
            Deploy.Model.Jobs.Json.V1Json.Default.JobSpec.Properties.Where(one => one.Get is not null).Select(one => one.Name).Order(StringComparer.Ordinal),
            schemas["JobDocument"]!["properties"]!.AsObject().Select(one => one.Key).Order(StringComparer.Ordinal));
        Assert.Equal(
            Deploy.Model.Jobs.Json.V1Json.Default.RolloutSpec.Properties.Select(one => one.Name).Order(StringComparer.Ordinal),
            schemas["Rollout"]!["properties"]!.AsObject().Select(one => one.Key).Order(StringComparer.Ordinal));
        Assert.Empty(new JsonSchema(await DocumentAsync(host)).Check(JsonNode.Parse(V1Host.Document(V1Host.NewId(), ",\"not_after\":\"2026-11-22T13:00:00+01:00\",\"rollout\":{\"canary\":\"1\"}")), schemas["JobDocument"]!));
    }

    [Fact]
    public void The_validator_finds_what_is_wrong()
    {
        var document = JsonNode.Parse("""{"components":{"schemas":{"A":{"type":"object","required":["a"],"additionalProperties":false,"properties":{"a":{"type":"array","items":{"type":"string","pattern":"^x","enum":["x","xy"]}}}}}}}""")!;
        var schema = new JsonSchema(document);
        var a = JsonNode.Parse("""{"$ref":"#/components/schemas/A"}""")!;
        Assert.Empty(schema.Check(JsonNode.Parse("""{"a":["x"]}"""), a));
        Assert.Equal("$: a is missing", Assert.Single(schema.Check(JsonNode.Parse("{}"), a)));
        Assert.Equal("$: b is not in the schema", Assert.Single(schema.Check(JsonNode.Parse("""{"a":[],"b":1}"""), a)));
        Assert.Equal("$.a[1]: 7 is no string", schema.Check(JsonNode.Parse("""{"a":["x",7]}"""), a).First());
        Assert.Equal(2, schema.Check(JsonNode.Parse("""{"a":["y"]}"""), a).Count());
    }

    private static async Task<JsonNode> DocumentAsync(V1Host host)
    {
        using var client = host.Client();
        return JsonNode.Parse(await client.GetStringAsync("/v1/openapi.json"))!;
    }

    private static IEnumerable<string> Parameters(JsonNode operation, string place) =>
        (operation["parameters"] as JsonArray ?? []).Where(one => one!["in"]!.GetValue<string>() == place).Select(one => one!["name"]!.GetValue<string>());

    private static string Line(string method, string path, IEnumerable<string> query, IEnumerable<int> statuses, bool body) =>
        $"{method} {path} query {string.Join(' ', query.Order(StringComparer.Ordinal))} answers {string.Join(' ', statuses.Order())}{(body ? " to a body" : "")}";
}
