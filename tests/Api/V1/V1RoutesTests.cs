using System.Net;
using System.Text.Json.Nodes;
using Deploy.Model;
using Deploy.Model.Jobs;
using Xunit;

namespace Deploy.Tests.Api.V1;

public class V1RoutesTests
{
    [Fact(Timeout = 60_000)]
    public async Task A_job_is_taken_once_and_found_again()
    {
        var jobs = new ScriptedJobs();
        await using var host = await V1Host.StartAsync(jobs);
        using var client = host.Client();
        var id = V1Host.NewId();
        using var asked = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs") { Content = V1Host.Json(V1Host.Document(id, ",\"by\":\"jo@desk\"")), Headers = { { "Deploy-Host", "web-1" } } };
        using var first = await client.SendAsync(asked);
        Assert.Equal((HttpStatusCode.Accepted, $"/v1/jobs/{id}"), (first.StatusCode, first.Headers.Location?.ToString()));
        Assert.Equal(id.ToString(), JsonNode.Parse(await first.Content.ReadAsStringAsync())!["id"]!.GetValue<string>());
        Assert.True(jobs.Asked.TryDequeue(out var submit));
        Assert.Equal(("jo@desk", "web-1"), (submit.Asker.By, submit.Asker.AsHost));
        Assert.StartsWith("127.", submit.Asker.Peer, StringComparison.Ordinal);
        using var again = await client.PostAsync("/v1/jobs", V1Host.Json(V1Host.Document(id, ",\"by\":\"jo@desk\"")));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        using var other = await client.PostAsync("/v1/jobs", V1Host.Json(V1Host.Document(id)));
        Assert.Equal(("application/problem+json", "urn:deploy:other-content", 409), await ProblemOf(other));
        using var found = await client.GetAsync($"/v1/jobs/{id.ToString().ToLowerInvariant()}");
        Assert.Equal("running", JsonNode.Parse(await found.Content.ReadAsStringAsync())!["state"]!.GetValue<string>());
        Assert.Contains(host.Log.Requests, entry => (entry.Status, entry.Order, entry.Job, entry.Path) == (202, "rsync", id.ToString(), "/v1/jobs"));
        Assert.Contains(host.Log.Requests, entry => entry.Status == 409 && entry.Job == id.ToString());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_job_that_is_sent_for_lines_is_followed_in_the_same_answer()
    {
        await using var host = await V1Host.StartAsync(new ScriptedJobs());
        using var client = host.Client();
        using var asked = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs") { Content = V1Host.Json(V1Host.Document(V1Host.NewId())), Headers = { { "Accept", "application/x-ndjson" } } };
        using var answer = await client.SendAsync(asked);
        Assert.Equal((HttpStatusCode.Accepted, "application/x-ndjson"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        string[] lines = (await answer.Content.ReadAsStringAsync()).TrimEnd('\n').Split('\n');
        Assert.Equal(["hello", "host.state", "host.log", "bookmark", "end"], lines.Select(line => JsonNode.Parse(line)!["type"]!.GetValue<string>()));
        Assert.Equal("bmV3IGYgYQo=", JsonNode.Parse(lines[1])!["content"]!["bytes"]!.GetValue<string>());
    }

    [Fact(Timeout = 60_000)]
    public async Task Events_come_to_a_browser_as_it_knows_them_and_go_on_where_it_was()
    {
        var jobs = new ScriptedJobs();
        await using var host = await V1Host.StartAsync(jobs);
        using var client = host.Client();
        using var asked = new HttpRequestMessage(HttpMethod.Get, $"/v1/events?since={ScriptedJobs.Epoch}:3") { Headers = { { "Accept", "text/event-stream" }, { "Last-Event-ID", ScriptedJobs.Epoch + ":5" } } };
        using var answer = await client.SendAsync(asked);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.StartsWith($"id: {ScriptedJobs.Epoch}:7\nevent: hello\ndata: {{\"seq\":7,", text, StringComparison.Ordinal);
        Assert.Contains($"\n\n: bookmark\nid: {ScriptedJobs.Epoch}:9\n\nid: {ScriptedJobs.Epoch}:10\nevent: end\n", text, StringComparison.Ordinal);
        Assert.Contains(jobs.Asked, one => one.What == $"events  {ScriptedJobs.Epoch}:5");
    }

    [Theory]
    [InlineData("GET", "/v1", 404, "not-found")]
    [InlineData("GET", "/v1/", 404, "not-found")]
    [InlineData("GET", "/v1/jobs/", 404, "not-found")]
    [InlineData("GET", "/v1//jobs", 404, "not-found")]
    [InlineData("GET", "/v1/./self", 404, "not-found")]
    [InlineData("GET", "/v1/../agent/rsync", 404, "not-found")]
    [InlineData("GET", "/v1/%2e%2e/agent", 404, "not-found")]
    [InlineData("GET", "/v1/jobs%2f01KAMQ3V000000000000000000", 404, "not-found")]
    [InlineData("GET", "/v1/jobs/..%2f..%2fself", 404, "not-found")]
    [InlineData("GET", "/v1/jobs/01KAMQ3V00000000000000000U", 404, "not-found")]
    [InlineData("GET", "/v1/SELF", 404, "not-found")]
    [InlineData("PUT", "/v1/jobs", 405, "method-not-allowed")]
    [InlineData("DELETE", "/v1/jobs/01KAMQ3V000000000000000000", 405, "method-not-allowed")]
    [InlineData("OPTIONS", "/v1/jobs", 405, "method-not-allowed")]
    [InlineData("POST", "/healthz", 405, "method-not-allowed")]
    [InlineData("GET", "/v1/self?x=1", 400, "bad-request")]
    [InlineData("GET", "/v1/jobs?state=running&state=done", 400, "bad-request")]
    [InlineData("GET", "/v1/jobs?state=Running", 400, "bad-request")]
    [InlineData("GET", "/v1/jobs?order=plan", 400, "bad-request")]
    [InlineData("GET", "/v1/jobs?since=yesterday", 400, "bad-request")]
    [InlineData("GET", "/v1/jobs?cursor=a%20b", 400, "bad-request")]
    [InlineData("GET", "/v1/jobs?cursor=not-ours", 400, "bad-request")]
    [InlineData("GET", "/v1/hosts?cursor=-1", 400, "bad-request")]
    [InlineData("GET", "/v1/events?since=7", 400, "bad-request")]
    [InlineData("GET", "/v1/events?since=a:b", 400, "bad-request")]
    public async Task What_is_no_request_of_this_api_is_a_problem(string method, string target, int status, string type)
    {
        await using var host = await V1Host.StartAsync(new ScriptedJobs());
        var reply = await host.SendAsync($"{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", reply.StatusLine, StringComparison.Ordinal);
        Assert.Equal(("urn:deploy:" + type, status), (JsonNode.Parse(reply.Body)!["type"]!.GetValue<string>(), JsonNode.Parse(reply.Body)!["status"]!.GetValue<int>()));
        Assert.Equal("application/problem+json", reply.Headers["Content-Type"]);
        Assert.Equal(status == 405, reply.Headers.ContainsKey("Allow"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Lists_are_asked_for_with_their_filters()
    {
        var jobs = new ScriptedJobs();
        await using var host = await V1Host.StartAsync(jobs);
        using var client = host.Client();
        var id = V1Host.NewId();
        using var taken = await client.PostAsync("/v1/jobs", V1Host.Json(V1Host.Document(id)));
        string list = await client.GetStringAsync("/v1/jobs?state=running&order=rsync&host=web-1&since=2026-11-22T13:00:00.5%2B01:00&cursor=abc-1");
        Assert.Equal(("next", 1), (JsonNode.Parse(list)!["cursor"]!.GetValue<string>(), JsonNode.Parse(list)!["items"]!.AsArray().Count));
        Assert.Contains(jobs.Asked, one => one.What == new JobQuery { State = JobState.Running, Order = Order.Rsync, Host = "web-1", Since = new DateTimeOffset(2026, 11, 22, 13, 0, 0, 500, TimeSpan.FromHours(1)), Cursor = "abc-1" }.ToString());
        string hosts = await client.GetStringAsync($"/v1/jobs/{id}/hosts?state=failed,partial&cursor=5");
        Assert.Equal("partial", JsonNode.Parse(hosts)!["items"]![0]!["state"]!.GetValue<string>());
        Assert.Contains(jobs.Asked, one => one.What == "hosts Failed,Partial 5");
        Assert.Equal("{\"stream\":\"stdout\",\"text\":\"one\"}\n{\"stream\":\"stderr\",\"text\":\"two\\u001B\"}\n", await client.GetStringAsync($"/v1/jobs/{id}/hosts/%3A%3A1/log"));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/v1/jobs/{id}/hosts/web-9/log")).StatusCode);
        Assert.Equal(2, JsonNode.Parse(await client.GetStringAsync($"/v1/jobs/{id}/shapes"))![0]!["host_count"]!.GetValue<int>());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_shape_comes_as_its_bytes_or_to_be_read()
    {
        var jobs = new ScriptedJobs();
        await using var host = await V1Host.StartAsync(jobs);
        using var client = host.Client();
        var id = V1Host.NewId();
        using var taken = await client.PostAsync("/v1/jobs", V1Host.Json(V1Host.Document(id)));
        string path = $"/v1/jobs/{id}/shapes/{ScriptedJobs.Digest}";
        byte[] lines = [.. Enumerable.Range(0, 2500).SelectMany(number => System.Text.Encoding.UTF8.GetBytes($"new f {number:0000}\n")), 0xff, (byte)'\n'];
        jobs.Content = new ShapeContent(ShapeKind.Changes, lines);
        using var asked = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", "application/octet-stream" } } };
        using var exact = await client.SendAsync(asked);
        Assert.Equal(lines, await exact.Content.ReadAsByteArrayAsync());
        var read = new List<string>();
        string? cursor = null;
        do
        {
            var page = JsonNode.Parse(await client.GetStringAsync(cursor is null ? path : $"{path}?cursor={cursor}"))!;
            read.AddRange(page["lines"]!.AsArray().Select(line => line!.GetValue<string>()));
            cursor = page["cursor"]?.GetValue<string>();
        }
        while (cursor is not null);
        Assert.Equal([.. Enumerable.Range(0, 2500).Select(number => $"new f {number:0000}"), "\\xff"], read);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync(path + "?cursor=3")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync(path + "?cursor=99999999")).StatusCode);
        jobs.Content = new ShapeContent(ShapeKind.Changes, "changed\tf\t7\t2026-11-22T10:00:00Z\ta\\xff\ndeleted\t-\t\t\tb\nnew\tL\t\t2026-11-22T10:00:00Z\tl\t../x\n"u8.ToArray());
        Assert.Equal(
            """[{"kind":"changed","type":"f","name":"a\\xff","size":7,"time":"2026-11-22T10:00:00Z"},{"kind":"deleted","type":"-","name":"b"},{"kind":"new","type":"L","name":"l","time":"2026-11-22T10:00:00Z","link":"../x"}]""",
            JsonNode.Parse(await client.GetStringAsync(path))!["changes"]!.ToJsonString());
        jobs.Content = new ShapeContent(ShapeKind.Output, "exit 3\nstdout 4\na\nb\nstderr 2\ne\n"u8.ToArray());
        var output = JsonNode.Parse(await client.GetStringAsync(path))!;
        Assert.Equal((3, "a\nb\n", "e\n"), (output["exit_code"]!.GetValue<int>(), output["stdout"]!.GetValue<string>(), output["stderr"]!.GetValue<string>()));
    }

    [Fact(Timeout = 60_000)]
    public async Task Acts_and_thefts_say_who_asked()
    {
        var jobs = new ScriptedJobs();
        await using var host = await V1Host.StartAsync(jobs);
        using var client = host.Client();
        client.DefaultRequestHeaders.Add("Deploy-By", "jo@desk");
        var id = V1Host.NewId();
        using var taken = await client.PostAsync("/v1/jobs", V1Host.Json(V1Host.Document(id)));
        foreach (string act in new[] { "cancel", "pause", "resume" })
        {
            Assert.Equal(HttpStatusCode.OK, (await client.PostAsync($"/v1/jobs/{id}/{act}", null)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await client.PostAsync($"/v1/jobs/{V1Host.NewId()}/cancel", null)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsync($"/v1/jobs/{id}/cancel", V1Host.Json("{}"))).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await client.PostAsync("/v1/leases/steal", V1Host.Json("{\"what\":\"site\",\"reason\":\"fire\"}"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.PostAsync("/v1/leases/steal", V1Host.Json("{\"what\":\"other\",\"reason\":\"fire\"}"))).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await client.PostAsync("/v1/leases/steal", V1Host.Json("{\"what\":\"site\"}"))).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await client.PostAsync("/v1/leases/steal", V1Host.Json("null"))).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await client.PostAsync("/v1/leases/steal", V1Host.Json("{\"what\":\"other\",\"what\":\"site\",\"reason\":\"fire\"}"))).StatusCode);
        Assert.Equal(["Cancel", "Pause", "Resume"], jobs.Asked.Where(one => one.What is "Cancel" or "Pause" or "Resume").Take(3).Select(one => one.What));
        Assert.Contains(jobs.Asked, one => one is { What: "steal site: fire", Asker.By: "jo@desk" });
        Assert.Single(JsonNode.Parse(await client.GetStringAsync("/v1/leases"))!.AsArray());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_daemon_tells_of_itself_and_its_hosts()
    {
        await using var host = await V1Host.StartAsync(new ScriptedJobs());
        using var client = host.Client();
        var self = JsonNode.Parse(await client.GetStringAsync("/v1/self"))!;
        Assert.Equal(("px.example.net", "proxy"), (self["name"]!.GetValue<string>(), self["daemon"]!.GetValue<string>()));
        Assert.StartsWith("127.", self["peer"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("web-[1-2]", JsonNode.Parse(await client.GetStringAsync("/v1/groups"))![0]!["hosts"]!.GetValue<string>());
        host.Hosts = [.. Enumerable.Range(0, 1001).Select(number => new HostFacts { Name = $"h{number}", Wire = "v1" })];
        var page = JsonNode.Parse(await client.GetStringAsync("/v1/hosts"))!;
        Assert.Equal((1000, "1000"), (page["items"]!.AsArray().Count, page["cursor"]!.GetValue<string>()));
        page = JsonNode.Parse(await client.GetStringAsync("/v1/hosts?cursor=1000"))!;
        Assert.Equal((1, null), (page["items"]!.AsArray().Count, page["cursor"]));
        Assert.Equal("{\"status\":\"ok\",\"reasons\":[]}", await client.GetStringAsync("/healthz"));
        host.Troubles = ["the store cannot be written: No space left on device"];
        using var ill = await client.GetAsync("/healthz");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "{\"status\":\"failing\",\"reasons\":[\"the store cannot be written: No space left on device\"]}"), (ill.StatusCode, await ill.Content.ReadAsStringAsync()));
        using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/v1/self"));
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.True(head.Content.Headers.ContentLength > 50);
        using var stream = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/v1/events"));
        Assert.Equal("application/x-ndjson", stream.Content.Headers.ContentType?.MediaType);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_the_jobs_refuse_is_told_as_it_is()
    {
        var jobs = new ScriptedJobs { Refusal = new Problem(ProblemTypes.StoreUnwritable, 503, "not now", "the store cannot be written: No space left on device") { Hint = "make room", Job = V1Host.NewId() } };
        await using var host = await V1Host.StartAsync(jobs);
        using var client = host.Client();
        using var answer = await client.PostAsync("/v1/jobs", V1Host.Json(V1Host.Document(V1Host.NewId())));
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal((503, "urn:deploy:store-unwritable", "make room", jobs.Refusal.Job.ToString()), ((int)answer.StatusCode, problem["type"]!.GetValue<string>(), problem["hint"]!.GetValue<string>(), problem["job"]!.GetValue<string>()));
        Assert.Contains(host.Log.Entries, entry => entry.Message.Contains("refused: POST /v1/jobs: 503 store-unwritable, the store cannot be written", StringComparison.Ordinal));
    }

    private static async Task<(string?, string, int)> ProblemOf(HttpResponseMessage answer)
    {
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        return (answer.Content.Headers.ContentType?.MediaType, problem["type"]!.GetValue<string>(), (int)answer.StatusCode);
    }
}
