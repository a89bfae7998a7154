using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using Deploy.Logs;
using Deploy.Model.Jobs;
using Xunit;

namespace Deploy.Tests.Api.V1;

/// <summary>What a peer may send or leave out, over real sockets.</summary>
public class HostileV1Tests
{
    private const string Close = "Host: localhost\r\nConnection: close\r\n";
    private const string Json = Close + "Content-Type: application/json\r\n";

    [Theory(Timeout = 60_000)]
    [InlineData("Transfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n", 411)]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 2\r\n", "2\r\n{}\r\n0\r\n\r\n", 411)]
    [InlineData("Content-Length: 2\r\nContent-Length: 2\r\n", "{}", 400)]
    [InlineData("Content-Length: 2\r\nContent-Length: 3\r\n", "{}", 400)]
    [InlineData("Content-Length: 600000\r\n", "{}", 413)]
    [InlineData("Content-Length: +2\r\n", "{}", 400)]
    [InlineData("Content-Length: -0\r\n", "", 400)]
    [InlineData("Content-Length: 2, 2\r\n", "{}", 400)]
    [InlineData("Content-Length: 0x2\r\n", "{}", 400)]
    [InlineData("Content-Length: 99999999999999999999999\r\n", "{}", 400)]
    [InlineData("content-length: 2\u00a0\r\n", "{}", 400)]
    [InlineData("", "", 411)]
    [InlineData("Content-Length: 0\r\n", "", 400)]
    [InlineData("Content-Length: 2\r\n", "{}GET /v1/self HTTP/1.1\r\n\r\n", 422)]
    public async Task A_body_has_one_length_that_is_right(string head, string body, int status)
    {
        var jobs = new ScriptedJobs();
        await using var host = await V1Host.StartAsync(jobs);
        var reply = await host.SendAsync($"POST /v1/jobs HTTP/1.1\r\n{Json}{head}\r\n{body}");
        Assert.StartsWith($"HTTP/1.1 {status} ", reply.StatusLine, StringComparison.Ordinal);
        Assert.Equal("close", reply.Headers["Connection"]);
        Assert.Empty(jobs.Asked);
    }

    /// <summary>Whoever is known here needs no signature: such a connection counts no more, and one that only asks for what is open does.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Of_one_address_so_many_connections_may_prove_nothing()
    {
        await using var host = await V1Host.StartAsync(new ScriptedJobs(), share: 2);
        byte[] buffer = new byte[4096];
        using var known = await host.ConnectAsync();
        using var open = await host.ConnectAsync();
        await SendAsync(open, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", Encoding.Latin1.GetString(buffer, 0, await open.ReceiveAsync(buffer)), StringComparison.Ordinal);
        using (var third = await host.ConnectAsync())
        {
            Assert.Equal(0, await third.ReceiveAsync(buffer)); // closed
        }

        await SendAsync(known, "GET /v1/self HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", Encoding.Latin1.GetString(buffer, 0, await known.ReceiveAsync(buffer)), StringComparison.Ordinal);
        using var next = await host.ConnectAsync();
        await SendAsync(next, "GET /v1/self HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", Encoding.Latin1.GetString(buffer, 0, await next.ReceiveAsync(buffer)), StringComparison.Ordinal);
        Assert.Single(host.Log.Entries, entry => entry.Message.Contains("have not shown who they are", StringComparison.Ordinal));

        static async Task SendAsync(Socket socket, string text) => await socket.SendAsync(Encoding.Latin1.GetBytes(text));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_body_that_does_not_come_costs_its_connection_and_nothing_else()
    {
        var jobs = new ScriptedJobs();
        await using var host = await V1Host.StartAsync(jobs);
        var slow = host.SendAsync($"POST /v1/jobs HTTP/1.1\r\n{Json}Content-Length: 500\r\n\r\n{{");
        var broken = await host.SendAsync($"POST /v1/jobs HTTP/1.1\r\n{Json}Content-Length: 500\r\n\r\n{{", halfClose: true);
        Assert.Empty(broken.StatusLine); // nobody is there to answer, as far as the server can tell
        var reply = await slow;
        Assert.StartsWith("HTTP/1.1 408 ", reply.StatusLine, StringComparison.Ordinal);
        Assert.Contains("urn:deploy:too-slow", reply.Body, StringComparison.Ordinal);
        Assert.Empty(jobs.Asked);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_head_that_is_too_large_is_not_read_to_its_end()
    {
        await using var host = await V1Host.StartAsync(new ScriptedJobs());
        var reply = await host.SendAsync($"GET /v1/self HTTP/1.1\r\n{Close}X: {new string('x', 40_000)}\r\n\r\n");
        Assert.DoesNotContain("200", reply.StatusLine, StringComparison.Ordinal);
        reply = await host.SendAsync($"GET /v1/{new string('x', 20_000)} HTTP/1.1\r\n{Close}\r\n");
        Assert.DoesNotContain("200", reply.StatusLine, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 ", (await host.SendAsync($"GET /v1/self HTTP/1.1\r\n{Close}\r\n")).StatusLine, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_peer_that_closes_its_side_gets_its_answer_and_its_events()
    {
        await using var host = await V1Host.StartAsync(new ScriptedJobs());
        string document = V1Host.Document(V1Host.NewId());
        var reply = await host.SendAsync($"POST /v1/jobs HTTP/1.1\r\n{Json}Accept: application/x-ndjson\r\nContent-Length: {document.Length}\r\n\r\n{document}", halfClose: true);
        Assert.StartsWith("HTTP/1.1 202 ", reply.StatusLine, StringComparison.Ordinal);
        Assert.Contains("\"type\":\"end\"", reply.Body, StringComparison.Ordinal);
        Assert.Contains("\"type\":\"end\"", (await host.SendAsync("GET /v1/events HTTP/1.0\r\n\r\n")).Body, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Requests_that_come_together_are_answered_in_their_order()
    {
        await using var host = await V1Host.StartAsync(new ScriptedJobs());
        string answers = Encoding.UTF8.GetString((await host.SendAsync($"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\nHEAD /v1/self HTTP/1.1\r\nHost: a\r\n\r\nGET /v1/events HTTP/1.1\r\nHost: a\r\n\r\nGET /v1/nothing HTTP/1.1\r\n{Close}\r\n")).Bytes);
        string[] places = ["{\"status\":\"ok\"", "application/json", "\"type\":\"end\"", "HTTP/1.1 404 "];
        Assert.Equal(4, answers.Split("HTTP/1.1 ").Length - 1);
        Assert.Equal(places.Order(Comparer<string>.Create((one, other) => answers.LastIndexOf(one, StringComparison.Ordinal).CompareTo(answers.LastIndexOf(other, StringComparison.Ordinal)))), [places[0], places[1], places[2], places[3]]);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("Host: localhost\r\n", true)]
    [InlineData("Host: 127.0.0.1:3440\r\n", true)]
    [InlineData("Host: [::1]:3440\r\n", true)]
    [InlineData("Host: desk\r\n", true)]
    [InlineData("Host: PX.example.net:80\r\n", true)]
    [InlineData("Host: a.localhost\r\n", true)]
    [InlineData("Host: evil.example.net\r\n", false)]
    [InlineData("Host: localhost.evil.net:3440\r\n", false)]
    [InlineData("Host: localhost\r\nOrigin: http://localhost\r\n", false)]
    [InlineData("Host: localhost\r\nOrigin: null\r\n", false)]
    public async Task A_web_page_gets_nothing(string headers, bool taken)
    {
        await using var host = await V1Host.StartAsync(new ScriptedJobs());
        var reply = await host.SendAsync($"GET /v1/self HTTP/1.1\r\nConnection: close\r\n{headers}\r\n");
        Assert.StartsWith(taken ? "HTTP/1.1 200 " : "HTTP/1.1 403 ", reply.StatusLine, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_original_s_wire_goes_its_own_way_on_the_same_port()
    {
        await using var host = await V1Host.StartAsync(new ScriptedJobs());
        foreach (string target in new[] { "/agent/status", "/", "/v1x", "/healthzz", "/metrics/", "/agent/../v1/self", "/V1/self", "http://localhost/v1/self", "*" })
        {
            Assert.Contains(" 418 ", (await host.SendAsync($"{(target == "*" ? "OPTIONS" : "GET")} {target} HTTP/1.1\r\n{Close}\r\n")).StatusLine.Replace(" 405 ", " 418 ", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_peer_of_this_host_that_is_not_in_the_list_has_v1_and_nothing_else()
    {
        await using var host = await V1Host.StartAsync(new ScriptedJobs(), isListed: _ => false);
        Assert.StartsWith("HTTP/1.1 200 ", (await host.SendAsync($"GET /v1/self HTTP/1.1\r\n{Close}\r\n")).StatusLine, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 ", (await host.SendAsync("GET /healthz HTTP/1.1\r\n\r\n")).StatusLine, StringComparison.Ordinal);
        foreach (string request in new[] { "GET /agent/status HTTP/1.1\r\n\r\n", "G", "GET /v1x HTTP/1.1\r\n", "POST\n", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" })
        {
            var reply = await host.SendAsync(request, halfClose: true);
            Assert.Contains(reply.StatusLine, new[] { "HTTP/1.1 403 Permission Denied", string.Empty });
            Assert.Equal(request.StartsWith("GET", StringComparison.Ordinal), reply.StatusLine.Length > 0 && request.StartsWith("GET", StringComparison.Ordinal));
        }

        var both = await host.SendAsync("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\nGET /agent/status HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.DoesNotContain("418", Encoding.UTF8.GetString(both.Bytes), StringComparison.Ordinal);
        Assert.Contains(host.Log.Entries, entry => entry.Message.EndsWith("refused: not in the allow list of hosts", StringComparison.Ordinal));
    }

    [Fact(Timeout = 120_000)]
    public async Task Five_hundred_idle_readers_keep_nobody_from_anything_and_leave_when_they_are_told()
    {
        int open = 0;
        var jobs = new ScriptedJobs { Events = (_, _, token) => Quiet(token) };
        await using var host = await V1Host.StartAsync(jobs, readers: 500);
        var readers = new List<Socket>();
        for (int count = 0; count < 500; count++)
        {
            var socket = await host.ConnectAsync();
            await socket.SendAsync("GET /v1/events HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray());
            readers.Add(socket);
        }

        while (Volatile.Read(ref open) < 500)
        {
            await Task.Delay(10);
        }

        using var client = host.Client();
        Assert.Contains("deploy_event_readers 500\n", await client.GetStringAsync("/metrics"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/v1/events")).StatusCode);
        using var sent = await client.PostAsync("/v1/jobs", V1Host.Json(V1Host.Document(V1Host.NewId())));
        Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
        await host.EndStreamsAsync();
        foreach (var socket in readers)
        {
            string text = string.Empty;
            byte[] buffer = new byte[4096];
            while (!text.EndsWith("0\r\n\r\n", StringComparison.Ordinal)) // the last chunk: a whole end, without an `end` event
            {
                int length = await socket.ReceiveAsync(buffer);
                Assert.True(length > 0, "cut off");
                text += Encoding.UTF8.GetString(buffer, 0, length);
            }

            Assert.Contains("hello", text, StringComparison.Ordinal);
            socket.Dispose();
        }

        Assert.Equal(0, Volatile.Read(ref open));

        async IAsyncEnumerable<JobEvent> Quiet([EnumeratorCancellation] CancellationToken token)
        {
            Interlocked.Increment(ref open);
            try
            {
                yield return ScriptedJobs.Event(1, EventType.Hello);
                await Task.Delay(Timeout.Infinite, token);
            }
            finally
            {
                Interlocked.Decrement(ref open);
            }
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_reader_that_takes_nothing_is_not_read_ahead_for_and_is_cut_off()
    {
        int given = 0;
        var left = new TaskCompletionSource();
        string text = new('x', 8000);
        var jobs = new ScriptedJobs { Events = (_, _, token) => Flood(token) };
        await using var host = await V1Host.StartAsync(jobs, writeTime: TimeSpan.FromMilliseconds(300));
        using (var reader = await host.ConnectAsync())
        {
            await reader.SendAsync("GET /v1/events HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray());
            await left.Task;
            Assert.InRange(Volatile.Read(ref given), 1, 9_000); // 80 MB in all; the kernel takes some
            await EndToEnd.Harness.Eventually.TrueAsync(() => host.Log.Entries.Any(entry => // it comes after the events have been left
                entry.Level == LogLevel.Notice && entry.Message.EndsWith("has taken nothing of its answer for 0.3 s: cut off", StringComparison.Ordinal)));
        }

        Assert.StartsWith("HTTP/1.1 200 ", (await host.SendAsync($"GET /v1/self HTTP/1.1\r\n{Close}\r\n")).StatusLine, StringComparison.Ordinal);

        async IAsyncEnumerable<JobEvent> Flood([EnumeratorCancellation] CancellationToken token)
        {
            try
            {
                for (; given < 10_000; given++)
                {
                    token.ThrowIfCancellationRequested();
                    yield return ScriptedJobs.Event(given, EventType.HostLog) with { Log = new LogLine("stdout", text) };
                }
            }
            finally
            {
                left.TrySetResult();
            }

            await Task.CompletedTask;
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_reader_that_leaves_ends_its_stream_with_the_next_event()
    {
        var left = new TaskCompletionSource();
        var jobs = new ScriptedJobs { Events = (_, _, token) => Ticking(token) };
        await using var host = await V1Host.StartAsync(jobs);
        using (var reader = await host.ConnectAsync())
        {
            await reader.SendAsync("GET /v1/events HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray());
            await reader.ReceiveAsync(new byte[100]);
            reader.LingerState = new LingerOption(true, 0); // a reset
        }

        await left.Task;

        async IAsyncEnumerable<JobEvent> Ticking([EnumeratorCancellation] CancellationToken token)
        {
            try
            {
                for (int count = 0; ; count++)
                {
                    yield return ScriptedJobs.Event(count, EventType.Bookmark);
                    await Task.Delay(20, token);
                }
            }
            finally
            {
                left.TrySetResult();
            }
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData("application/x-ndjson", "^\\{\"type\":\"urn:deploy:unauthenticated\",\"status\":401,")]
    [InlineData("text/event-stream", "^event: problem\ndata: \\{\"type\":\"urn:deploy:unauthenticated\",\"status\":401,.*\\}\n\n$")]
    public async Task Who_may_not_read_on_is_told_so_and_the_stream_ends(string form, string last)
    {
        V1Host? daemon = null;
        await using var host = daemon = await V1Host.StartAsync(new ScriptedJobs { Events = (_, _, _) => Endless() });
        using var client = host.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/events");
        request.Headers.TryAddWithoutValidation("Accept", form);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        string text = await answer.Content.ReadAsStringAsync(); // whole: with a proper end
        Assert.Matches(last, form == "text/event-stream" ? text[text.IndexOf("event: problem", StringComparison.Ordinal)..] : text.TrimEnd('\n').Split('\n')[^1]);
        Assert.Equal(2, System.Text.RegularExpressions.Regex.Count(text, "\"type\":\"hello\""));
        Assert.Contains(host.Log.Entries, entry => entry.Message.Contains("reads no further: /v1/events", StringComparison.Ordinal));

        async IAsyncEnumerable<JobEvent> Endless()
        {
            await Task.Yield();
            yield return ScriptedJobs.Event(1, EventType.Hello);
            yield return ScriptedJobs.Event(2, EventType.Hello);
            daemon!.TakesUnsigned = false;
            while (true)
            {
                yield return ScriptedJobs.Event(3, EventType.Bookmark);
            }
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task Of_any_bytes_there_comes_an_answer_or_an_end_and_the_daemon_goes_on()
    {
        var jobs = new ScriptedJobs();
        await using var host = await V1Host.StartAsync(jobs);
        var random = new Random(20251122);
        string[] parts = ["GET ", "POST ", "HEAD ", "/v1/jobs", "/v1/self", "/v1/jobs/01KAMQ3V000000000000000000", "/events", "?since=", "?", "&", "=", "%", "%00", "%ff", "%2f", "//", "/..", " HTTP/1.1", " HTTP/1.0", "\r\n", "\r\n\r\n", "\n", "\0", "Host: a", "Content-Length: 5", "Content-Length: -1", "Transfer-Encoding: chunked", "Content-Type: application/json", "{}", ":", "\u00ff"];
        for (int round = 0; round < 300; round++)
        {
            string request = "GET /v1" + string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => parts[random.Next(parts.Length)])) + (random.Next(2) == 0 ? " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" : string.Empty);
            var reply = await host.SendAsync(request, halfClose: true);
            Assert.True(reply.StatusLine.Length == 0 || reply.StatusLine.StartsWith("HTTP/1.", StringComparison.Ordinal), $"{request}: {reply.StatusLine}");
            Assert.DoesNotContain("HTTP/1.1 500", reply.StatusLine, StringComparison.Ordinal);
        }

        Assert.StartsWith("HTTP/1.1 200 ", (await host.SendAsync($"GET /v1/self HTTP/1.1\r\n{Close}\r\n")).StatusLine, StringComparison.Ordinal);
        Assert.DoesNotContain(host.Log.Entries, entry => entry.Level <= LogLevel.Error);
    }
}
