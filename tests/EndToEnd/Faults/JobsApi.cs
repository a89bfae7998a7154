using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Deploy.Model;
using Deploy.Tests.EndToEnd.Harness;
using Xunit;

namespace Deploy.Tests.EndToEnd.Faults;

/// <summary>The v1 API as a stranger's script uses it: plain HTTP and JSON, none of our own code, so that it cannot share a mistake with it.</summary>
/// <param name="address">The daemon's address.</param>
/// <param name="port">3440 or 3441.</param>
/// <param name="network">Where it is asked from; null is this process's.</param>
internal sealed class JobsApi(string address, int port, PrivateNetwork? network = null) : IDisposable
{
    private static readonly string[] Terminal = ["ok", "unchanged", "partial", "failed", "refused", "timeout", "cancelled", "unreachable", "unknown", "skipped"];

    private readonly HttpClient http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = async (context, cancellationToken) =>
        {
            // A socket is of the namespace of the thread that makes it.
            Socket Make() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            var socket = network is null ? Make() : network.Run(Make);
            try
            {
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    })
    { BaseAddress = new Uri($"http://{address}:{port}/"), Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>A ULID of this moment.</summary>
    public static string NewId() => JobId.New(DateTimeOffset.UtcNow).ToString();

    /// <summary>A document of these members, and an id.</summary>
    public static JsonObject Document(string order, string hosts, params (string Name, JsonNode? Value)[] more)
    {
        var document = new JsonObject { ["id"] = NewId(), ["order"] = order, ["hosts"] = hosts };
        foreach (var (name, value) in more)
        {
            document[name] = value;
        }

        return document;
    }

    /// <summary>Hands a job in; the status and what came back. An answer that did not come is status 0.</summary>
    /// <param name="document">The job.</param>
    /// <param name="headers">Further headers.</param>
    public async Task<(int Status, string Body)> SubmitAsync(JsonObject document, params IEnumerable<(string Name, string Value)> headers)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "v1/jobs") { Content = new StringContent(document.ToJsonString(), Encoding.UTF8, "application/json") };
            foreach (var (name, value) in headers)
            {
                request.Headers.Add(name, value);
            }

            using var answer = await http.SendAsync(request);
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
        {
            return (0, e.Message);
        }
    }

    /// <summary>Hands a job in that is taken; its id.</summary>
    public async Task<string> TakenAsync(JsonObject document)
    {
        var (status, body) = await SubmitAsync(document);
        Assert.True(status is 200 or 202, $"{status} {body}");
        return document["id"]!.GetValue<string>();
    }

    /// <summary>GET; null for anything but 200, and where nobody answers.</summary>
    public async Task<JsonElement?> GetAsync(string path)
    {
        try
        {
            using var answer = await http.GetAsync(path);
            return answer.StatusCode == HttpStatusCode.OK ? JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync()).RootElement : null;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
        {
            return null;
        }
    }

    /// <summary>POST without a body; the status, 0 where nobody answers.</summary>
    public async Task<int> ActAsync(string id, string act)
    {
        try
        {
            using var answer = await http.PostAsync($"v1/jobs/{id}/{act}", null);
            return (int)answer.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
        {
            return 0;
        }
    }

    /// <summary>Waits until the job has ended; the job.</summary>
    public async Task<JsonElement> EndedAsync(string id, TimeSpan? within = null)
    {
        long end = Environment.TickCount64 + (long)(within ?? ProgramRun.Limit).TotalMilliseconds;
        JsonElement? last = null;
        while (Environment.TickCount64 < end)
        {
            last = await GetAsync($"v1/jobs/{id}") ?? last;
            if (last is { } job && job.GetProperty("state").GetString() is "done" or "stopped" or "cancelled")
            {
                return last.Value;
            }

            await Task.Delay(50);
        }

        throw new Xunit.Sdk.XunitException($"job {id} did not end: {last?.ToString() ?? "nobody knows it"}");
    }

    /// <summary>Every host of a job, page by page.</summary>
    public async Task<IReadOnlyList<JsonElement>> HostsAsync(string id)
    {
        var all = new List<JsonElement>();
        string? cursor = null;
        do
        {
            var page = await GetAsync($"v1/jobs/{id}/hosts{(cursor is null ? string.Empty : "?cursor=" + Uri.EscapeDataString(cursor))}") ?? throw new Xunit.Sdk.XunitException($"no hosts of job {id}");
            all.AddRange(page.GetProperty("items").EnumerateArray());
            cursor = page.TryGetProperty("cursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);
        return all;
    }

    /// <summary>The states of an ended job's hosts by host, once it holds: every host is there once, in a terminal state, and the counts add up and agree.</summary>
    public async Task<IReadOnlyDictionary<string, string>> StatesAsync(string id, int hosts)
    {
        var job = await GetAsync($"v1/jobs/{id}") ?? throw new Xunit.Sdk.XunitException($"job {id} is lost");
        var summary = job.GetProperty("summary");
        var counts = summary.GetProperty("counts").EnumerateObject().ToDictionary(count => count.Name, count => count.Value.GetInt32());
        var standings = await HostsAsync(id);
        var states = standings.ToDictionary(one => one.GetProperty("host").GetString()!, one => one.GetProperty("state").GetString()!);
        Assert.Equal(hosts, standings.Count);
        Assert.Equal(hosts, summary.GetProperty("hosts").GetInt32());
        Assert.Equal(hosts, counts.Values.Sum());
        Assert.All(states, host => Assert.True(Terminal.Contains(host.Value), $"job {id}, {host.Key}: {host.Value}; {job}"));
        Assert.Equal(counts.Where(count => count.Value > 0).OrderBy(count => count.Key).Select(count => (count.Key, count.Value)), states.Values.GroupBy(state => state).OrderBy(group => group.Key).Select(group => (group.Key, group.Count())));
        return states;
    }

    public void Dispose() => http.Dispose();
}
