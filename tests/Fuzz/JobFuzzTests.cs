using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Deploy.Api.V1;
using Deploy.Jobs.Remote;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;
using Deploy.Model.Text;
using Deploy.Protocol.V1;
using Deploy.Store;
using Microsoft.AspNetCore.Http.Features;
using Xunit;
using Xunit.Abstractions;

namespace Deploy.Tests.Fuzz;

/// <summary>The v1 wire: documents of jobs, streams of events, answers, targets of requests.</summary>
public class JobFuzzTests(ITestOutputHelper output)
{
    private static readonly V1Peer Peer = new("web-001", "web-001", 3440);
    private static readonly JobId Id = JobId.TryParse("01KAMQ3V000000000000000001", out var id) ? id : default;
    private static readonly string[] Words =
    [
        "\"id\":\"01KAMQ3V000000000000000001\"", "\"order\":\"rsync\"", "\"hosts\":\"web-[01-03]\"", "\"group\":\"site\"", "\"arguments\":[\"a\"]", "\"plan\":{", "\"rollout\":{\"batches\":\"1,10%\"}", "\"allow_delete\":1",
        "\"keep\":true", "\"not_after\":\"2026-11-22T14:00:00+01:00\"", "\"standing\":{\"host\":\"web-001\",\"state\":\"running\",\"rev\":2}", "\"type\":\"host.state\"", "\"type\":\"end\"", "\"seq\":1", "{\"seq\":1,\"epoch\":\"E\",\"time\":\"2026-11-22T14:00:00Z\",", "{", "}", "[", "]", ",", ":", "\"",
    ];

    [Fact]
    public Task A_document_that_is_taken_says_one_thing() => Fuzzer.RunAsync(new FuzzTarget("JobDocument", Document) { Words = Words, Inputs = 10_000 }, output);

    [Fact]
    public Task A_stream_of_events_is_believed_in_what_can_be_or_refused() => Fuzzer.RunAsync(new FuzzTarget("JobEvents", Events) { Words = [.. Words, "\n"], Inputs = 4_000 }, output);

    [Fact]
    public Task An_answer_is_a_value_or_a_failure() => Fuzzer.RunAsync(new FuzzTarget("V1Answer", Answer) { Words = [.. Words, "urn:deploy:", "\"detail\":\"", "\"items\":["], Inputs = 2_000 }, output);

    [Fact]
    public Task The_target_of_a_request_is_taken_apart() => Fuzzer.RunAsync(new FuzzTarget("V1Target", Target) { Words = ["/v1/jobs", "?state=", "&cursor=", "%2F", "%", "%ff", "//", "=", "text/event-stream", "q=0"], Inputs = 30_000 }, output);

    [Fact]
    public Task Moments_ids_and_cursors_print_as_they_are_read() => Fuzzer.RunAsync(new FuzzTarget("V1Words", Word) { Words = ["2026-11-22T13:00:00Z", "+01:00", ".1234567", "01KAMQ3V000000000000000001", "-", ":"], Inputs = 60_000 }, output);

    private static void Document(byte[] input)
    {
        if (!JobDocument.TryParse(input, out var document, out var problem))
        {
            Holds.Safe(problem.Detail);
            Holds.Safe(problem.Hint);
            Assert.Contains(problem.Status, (int[])[400, 413, 422]);
            return;
        }

        using (var json = JsonDocument.Parse(input)) // to which a member twice is none of its business
        {
            Once(json.RootElement);
        }

        Assert.Equal(input, document.Bytes.ToArray());
        Assert.True(SpecRules.IsLine(document.Spec.Hosts, Limits.HostTextBytes) && document.Hosts.Expand().Take(1).Any());
        Assert.All([document.Spec.Group, document.Spec.Origin, document.Spec.Target, document.Spec.Command, document.Spec.By, document.Spec.Reason], text => Holds.Safe(text));
        byte[] written = JsonSerializer.SerializeToUtf8Bytes(document.Spec, V1Json.Default.JobSpec);
        Assert.True(JobDocument.TryParse(written, out var again, out problem), problem?.Detail);
        Assert.Equal(written, JsonSerializer.SerializeToUtf8Bytes(again.Spec, V1Json.Default.JobSpec));

        static void Once(JsonElement element)
        {
            if (element.ValueKind == JsonValueKind.Object)
            {
                Assert.Equal(element.EnumerateObject().Count(), element.EnumerateObject().DistinctBy(member => member.Name).Count());
                Assert.All(element.EnumerateObject(), member => Once(member.Value));
            }
        }
    }

    private static void Events(byte[] input)
    {
        var check = new StreamCheck(Id, "web-001");
        try
        {
            using var stream = new V1Stream(Answered(input, 200));
            foreach (var what in stream.ReadAsync(CancellationToken.None).ToBlockingEnumerable())
            {
                RoundTrip(what, V1PeerJson.Default.JobEvent);
                if (check.Fault(what) is { } fault)
                {
                    Holds.Safe(fault);
                    break;
                }

                Assert.True(what.Standing is null || what.Standing.Host.Equals("web-001", StringComparison.OrdinalIgnoreCase));
                Assert.True(what.Standing?.Progress is not { BytesDone: < 0 } and not { BytesDone: > StreamCheck.MostOfAnything });
            }
        }
        catch (V1Failure failure)
        {
            Holds.Safe(failure.Message);
        }
    }

    private static void Answer(byte[] input)
    {
        Read(V1PeerJson.Default.JobView);
        Read(V1PeerJson.Default.PageJobView);
        Read(V1PeerJson.Default.PageHostStanding);
        Read(V1PeerJson.Default.IReadOnlyListShape);
        Read(V1PeerJson.Default.DaemonSelf);
        Read(V1PeerJson.Default.PageHostFacts);
        Read(V1PeerJson.Default.IReadOnlyListGroupFacts);
        Read(V1PeerJson.Default.IReadOnlyListLease);
        Failing(() =>
        {
            var problem = Done(Answered(input, 422).ProblemAsync(CancellationToken.None));
            Assert.All([problem.Type, problem.Title, problem.Detail, problem.Hint], text => Holds.Safe(text));
            Assert.Equal(422, problem.Status);
        });

        void Read<T>(JsonTypeInfo<T> type)
            where T : class => Failing(() => RoundTrip(Done(Answered(input, 200).DocumentAsync(type, CancellationToken.None)), type));

        static void Failing(Action read)
        {
            try
            {
                read();
            }
            catch (V1Failure failure)
            {
                Holds.Safe(failure.Message);
            }
        }
    }

    private static T Done<T>(Task<T> task)
    {
        Assert.True(task.IsCompleted); // all of it is there
        return task.GetAwaiter().GetResult();
    }

    private static V1Answer Answered(byte[] body, int status) => new(Peer, new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent(body) }, TimeSpan.FromMinutes(5), TimeProvider.System);

    private static void RoundTrip<T>(T value, JsonTypeInfo<T> type)
    {
        byte[] written = JsonSerializer.SerializeToUtf8Bytes(value, type);
        Assert.Equal(written, JsonSerializer.SerializeToUtf8Bytes(JsonSerializer.Deserialize(written, type)!, type));
    }

    private static void Target(byte[] input)
    {
        string target = string.Concat(input.Select(one => one is > 0x20 and < 0x7F ? (char)one : '.')); // as the server hands it over
        if (!V1Names.IsTarget(target))
        {
            Assert.True(target.Length < V1Names.TargetLength || !V1Names.IsTarget(target.AsSpan(0, V1Names.TargetLength)));
            return;
        }

        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature { Method = "GET", RawTarget = target });
        features.Set<IHttpConnectionFeature>(new HttpConnectionFeature { RemoteIpAddress = IPAddress.Loopback });
        features.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature());
        var call = new V1Call(features);
        Assert.Equal(target.Split('?')[0].Count(letter => letter == '/'), call.Path.Length);
        Assert.True(call.Query is null || call.Query.Count <= target.Count(letter => letter is '&' or '?'));
        _ = call.Accepts("text/event-stream");
    }

    private static void Word(byte[] input)
    {
        string text = ByteText.FromBytes(input);
        if (InstantConverter.TryParse(text, out var moment))
        {
            Assert.True(InstantConverter.TryParse(moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", System.Globalization.CultureInfo.InvariantCulture), out var again));
            Assert.Equal(moment.UtcTicks, again.UtcTicks);
        }

        if (JobId.TryParse(text, out var id))
        {
            Assert.Equal(text, id.ToString(), ignoreCase: true);
        }

        if (JobCursor.TryParse(text, out var cursor))
        {
            Assert.True(JobCursor.TryParse(cursor.ToString(), out var same) && same == cursor);
            Assert.True(Deploy.Api.V1.Routes.Cursors.IsPage(cursor.ToString()));
        }

        Assert.True(!Deploy.Api.V1.Routes.Cursors.IsPage(text) || SpecRules.IsLine(text, 128));
        Assert.True(!Deploy.Api.V1.Routes.Cursors.IsEvent(text) || text.Split(':').Length == 2);
        if (StoredProof.Read(text) is { } proof)
        {
            Assert.Equal(proof, StoredProof.Read(StoredProof.Write(proof)));
        }
    }
}
