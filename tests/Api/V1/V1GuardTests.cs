using System.Net;
using System.Text.Json;
using Deploy.Api.V1;
using Deploy.Api.V1.Routes;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;
using Deploy.Protocol.Sniffing;
using Deploy.Security;
using Deploy.Security.Audit;
using Deploy.Security.Callers;
using Deploy.Security.Operators;
using Deploy.Security.Rates;
using Deploy.Security.Signatures;
using Deploy.Tests.Fixtures;
using Deploy.Tests.Security.Keys;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Xunit;

namespace Deploy.Tests.Api.V1;

/// <summary>What it costs to be somebody whom nobody knows, and what that costs others of the same address.</summary>
public sealed class V1GuardTests : IDisposable
{
    private static readonly TestKey Alice = new(1);
    private static readonly TestKey Mallory = new(2);
    private static readonly V1Route Jobs = new("POST", "/v1/jobs", _ => throw new InvalidOperationException("the guard answers here")) { TakesBody = true, Statuses = [] };
    private static readonly V1Route Act = new("POST", "/v1/jobs", _ => throw new InvalidOperationException("the guard answers here")) { MayWait = true, Statuses = [] }; // an act that may come again
    private static readonly byte[] Document = "{}"u8.ToArray();

    private readonly TempFolder folder = new();
    private readonly AuditLog audit;
    private readonly V1Guard guard;
    private readonly ManualTime time = new(DateTimeOffset.UnixEpoch);

    public V1GuardTests()
    {
        ILog log = new ListLog();
        File.WriteAllText(folder["authorized_operators"], Alice.Key + " alice\n");
        Directory.CreateDirectory(folder["state"]);
        audit = AuditLog.Open(folder["state"], TimeProvider.System, log);
        var gate = new RequestGate(() => new GateSettings { Name = "web-001", LongestLife = TimeSpan.FromHours(24) }, new OperatorBook(() => folder["authorized_operators"], log), TimeProvider.System);
        guard = new V1Guard(gate, new RateLimits(TimeProvider.System, log), audit, time);
    }

    public void Dispose()
    {
        guard.Dispose();
        audit.DisposeAsync().AsTask().Wait();
        folder.Dispose();
    }

    [Fact]
    public async Task Who_proves_himself_never_waits_for_what_others_of_his_address_did()
    {
        for (int count = 0; count <= Limits.AddressFailures; count++)
        {
            Assert.Equal(401, (await guard.AdmitAsync(await CallAsync(Mallory, new MemoryStream(Document)), Jobs))!.Status);
        }

        Assert.Equal(429, (await guard.AdmitAsync(await CallAsync(Mallory, new MemoryStream(Document)), Jobs))!.Status);
        Assert.Null(await guard.AdmitAsync(await CallAsync(Alice, new MemoryStream(Document)), Jobs));
    }

    [Fact]
    public async Task Who_is_refused_for_the_file_is_told_what_mends_it()
    {
        string path = folder["authorized_operators"];
        File.WriteAllText(path, $"orders=\"stats\" {Alice.Key} alice\n{Mallory.Key} mallory\n");
        var line = await ProblemAsync();
        Assert.StartsWith("line 1 of authorized_operators of web-001, ", line.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("is not in", line.Detail, StringComparison.Ordinal);
        Assert.StartsWith("mend that line", line.Hint, StringComparison.Ordinal);

        File.WriteAllText(path, Alice.Key + " alice\n");
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.GroupWrite);
        var others = await ProblemAsync();
        Assert.StartsWith("on web-001: chmod go-w the file", others.Hint, StringComparison.Ordinal);
        Assert.DoesNotContain(folder.Path, others.Detail + others.Hint, StringComparison.Ordinal); // a stranger reads this

        File.SetUnixFileMode(path, File.GetUnixFileMode(path) & ~UnixFileMode.GroupWrite);
        File.WriteAllText(path, $"orders=\"read\" {Alice.Key} alice\n");
        Assert.Contains("orders=\"status,rlist\"", (await ProblemAsync()).Hint, StringComparison.Ordinal);

        async Task<Problem> ProblemAsync() => (await guard.AdmitAsync(await CallAsync(Alice, new MemoryStream(Document)), Jobs))!.Problem!;
    }

    [Fact]
    public void An_order_of_another_group_is_refused_with_the_groups_of_the_key()
    {
        var caller = new Caller("alice", Assert.Single(OperatorFile.Parse($"groups=\"site,shop-*\" {Alice.Key}").Operators).Rights);
        var spec = new JobSpec { Id = JobId.New(DateTimeOffset.UtcNow), Order = Order.Status, Hosts = "web-001", Group = "other" };
        Assert.EndsWith("; groups site,shop-*", caller.Refusal(spec, "web-001")!.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_asks_plainly_is_told_whom_to_trust_with_the_port()
    {
        var gate = new RequestGate(() => new GateSettings { Name = "px", Known = "px:3441", LongestLife = TimeSpan.FromHours(1) }, new OperatorBook(() => null, new ListLog()), TimeProvider.System);
        var request = new GateRequest { Head = new RequestHead { Method = "GET", Target = "/v1/self", ContentType = [], ContentDigest = [], SignatureInput = [], Signature = [], HasBody = false }, Peer = IPAddress.Loopback, IsSecure = false, Host = "localhost", Access = Access.Read };
        Assert.False(gate.TryAdmit(request, out _, out var problem));
        Assert.StartsWith("deploy client trust px:3441, ", problem.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_strangers_body_is_not_read()
    {
        var call = await CallAsync(Mallory, new NobodysBody());
        Assert.Equal(401, (await guard.AdmitAsync(call, Jobs))!.Status);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await guard.AdmitAsync(await CallAsync(Alice, new NobodysBody()), Jobs)); // the test can tell
    }

    [Fact]
    public async Task A_body_that_was_not_signed_goes_no_further()
    {
        var reply = await guard.AdmitAsync(await CallAsync(Alice, new MemoryStream("[]"u8.ToArray())), Jobs);
        Assert.Equal(401, reply!.Status);
        Assert.Contains("the body is not the one that was signed", reply.Problem!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_act_is_done_once_by_one_signature_and_an_order_tells_by_its_id()
    {
        var steal = new V1Route("POST", "/v1/leases/steal", _ => throw new InvalidOperationException("the guard answers here")) { TakesBody = true, Statuses = [] };
        var now = DateTimeOffset.UtcNow;
        var proof = await ProofAsync(Alice, now, "/v1/leases/steal");
        Assert.Null(await guard.AdmitAsync(Call(proof, new MemoryStream(Document), "/v1/leases/steal"), steal));
        var again = await guard.AdmitAsync(Call(proof, new MemoryStream(Document), "/v1/leases/steal"), steal);
        Assert.Equal((409, "done before"), (again!.Status, again.Problem!.Title));
        Assert.Null(await guard.AdmitAsync(Call(await ProofAsync(Alice, now, "/v1/leases/steal"), new MemoryStream(Document), "/v1/leases/steal"), steal)); // signed anew
        var early = await guard.AdmitAsync(Call(await ProofAsync(Alice, now.AddSeconds(-30), "/v1/leases/steal"), new MemoryStream(Document), "/v1/leases/steal"), steal);
        Assert.Equal((409, "signed before the start"), (early!.Status, early.Problem!.Title));
        var order = await ProofAsync(Alice, now, "/v1/jobs");
        Assert.Null(await guard.AdmitAsync(Call(order, new MemoryStream(Document)), Jobs with { MayWait = true }));
        Assert.Null(await guard.AdmitAsync(Call(order, new MemoryStream(Document)), Jobs with { MayWait = true }));
        var other = new V1Guard(new RequestGate(() => new GateSettings { Name = "web-002", LongestLife = TimeSpan.FromHours(24) }, new OperatorBook(() => folder["authorized_operators"], new ListLog()), new ManualTime(now.AddSeconds(-1))), new RateLimits(TimeProvider.System, new ListLog()), audit, TimeProvider.System);
        Assert.Null(await other.AdmitAsync(Call(proof, new MemoryStream(Document), "/v1/leases/steal"), steal)); // each daemon has its own memory
    }

    [Fact]
    public async Task A_key_that_was_taken_out_or_has_expired_ends_what_it_reads()
    {
        var call = await CallAsync(Alice, new MemoryStream(Document));
        Assert.Null(await guard.AdmitAsync(call, Jobs));
        Assert.Null(guard.Ended(call));
        File.WriteAllText(folder["authorized_operators"], $"expiry-time=\"20200101\" {Alice.Key} alice\n");
        Assert.Contains("has expired", guard.Ended(call)!.Detail, StringComparison.Ordinal);
        File.WriteAllText(folder["authorized_operators"], $"from=\"10.0.0.0/8\" {Alice.Key} alice\n");
        Assert.Contains("is not taken from 192.0.2.7", guard.Ended(call)!.Detail, StringComparison.Ordinal);
        File.WriteAllText(folder["authorized_operators"], Mallory.Key + " mallory\n");
        Assert.Equal((401, ProblemTypes.Unauthenticated), (guard.Ended(call)!.Status, guard.Ended(call)!.Type));
        File.WriteAllText(folder["authorized_operators"], Alice.Key + " alice\n");
        Assert.Null(guard.Ended(call));
    }

    [Fact]
    public async Task A_stranger_is_not_told_where_a_file_lies_nor_what_is_wrong_with_it()
    {
        string file = folder["authorized_operators"];
        foreach (var (change, inside) in new (Action, string)[] { (() => File.WriteAllText(file, Mallory.Key + " mallory\n"), "is not in"), (() => File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupWrite), "mode 0420") })
        {
            change();
            var problem = (await guard.AdmitAsync(await CallAsync(Alice, new MemoryStream(Document)), Jobs))!.Problem!;
            Assert.Equal(401, problem.Status);
            Assert.DoesNotContain(folder.Path, problem.Detail + problem.Hint, StringComparison.Ordinal);
            Assert.DoesNotContain("mode", problem.Detail + problem.Hint, StringComparison.Ordinal);
            Assert.DoesNotContain(folder.Path, JsonSerializer.Serialize(problem, V1Json.Default.Problem), StringComparison.Ordinal);
            Assert.Contains(inside, problem.Said, StringComparison.Ordinal);
            Assert.Contains(folder.Path, problem.Said, StringComparison.Ordinal);
            Assert.Contains(folder.Path, (await RecordsAsync())[^1], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Who_is_known_and_may_not_is_recorded_by_name_and_key()
    {
        foreach (string line in new[] { "orders=\"read\"", "from=\"10.0.0.0/8\"", "expiry-time=\"20200101\"" })
        {
            File.WriteAllText(folder["authorized_operators"], $"{line} {Alice.Key} alice\n");
            Assert.Equal(403, (await guard.AdmitAsync(await CallAsync(Alice, new MemoryStream(Document)), Jobs))!.Status);
            string record = (await RecordsAsync())[^1];
            Assert.Contains("\"by\":\"operator\",\"who\":\"", record, StringComparison.Ordinal);
            Assert.Contains($"\"key\":\"{Alice.Key.Fingerprint}\",\"outcome\":\"refused\"", record, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Orders_that_are_too_many_are_one_record_and_one_more_a_minute()
    {
        int tooMany = 0;
        var calls = await CallAsync(Alice, new MemoryStream(Document));
        for (int count = 0; tooMany < 50; count++)
        {
            Assert.True(count < 100_000);
            tooMany += (await guard.AdmitAsync(calls, Act with { MayWait = true }))?.Status == 429 ? 1 : 0;
        }

        Assert.Single(await RecordsAsync(), line => line.Contains("\"refusal\":\"too many orders\"", StringComparison.Ordinal));
        time.Advance(Limits.RepeatsTime);
        Assert.Equal(2, (await RecordsAsync()).Count(line => line.Contains("too many orders", StringComparison.Ordinal)));
        Assert.Contains("too many orders: 49 more were refused", (await RecordsAsync())[^1], StringComparison.Ordinal);
        Assert.Contains(Alice.Key.Fingerprint, (await RecordsAsync())[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_accepted_and_is_refused_then_says_so()
    {
        var entry = new AuditEntry { Ask = AuditAsk.Order, Order = "rsync", Peer = IPAddress.Loopback, Who = new AuditWho(AuditBy.Operator, "alice") };
        Assert.Null(await guard.RecordAsync(entry));
        guard.Refused(entry, new Problem(ProblemTypes.Busy, 409, "busy", "another one runs"), wasAccepted: true);
        guard.Refused(entry, new Problem(ProblemTypes.Busy, 409, "busy", "another one runs"));
        var records = await RecordsAsync();
        Assert.Contains("\"outcome\":\"accepted\",\"prev\"", records[^3], StringComparison.Ordinal);
        Assert.Contains("\"outcome\":\"refused\",\"was\":\"accepted\",\"refusal\"", records[^2], StringComparison.Ordinal);
        Assert.Contains("\"outcome\":\"refused\",\"refusal\"", records[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_revoked_API_key_ends_what_it_reads()
    {
        var key = new ApiKey("ci", ApiKey.HashOf("secret"), []);
        var keys = new ApiKeys([key]);
        var gate = new RequestGate(() => new GateSettings { Name = "px", LongestLife = TimeSpan.FromHours(1), ApiKeys = keys }, new OperatorBook(() => null, new ListLog()), TimeProvider.System);
        var request = new GateRequest { Head = new RequestHead { Method = "GET", Target = "/v1/events", ContentType = [], ContentDigest = [], SignatureInput = [], Signature = [], HasBody = false }, Peer = IPAddress.Parse("192.0.2.7"), IsSecure = true, Access = Access.Read, Bearer = new Secret("secret") };
        Assert.True(gate.TryAdmit(request, out var caller, out _));
        Assert.Null(gate.Ended(caller, request));
        keys = new ApiKeys([]);
        Assert.Equal(401, gate.Ended(caller, request)!.Status);
    }

    private async Task<string[]> RecordsAsync()
    {
        Assert.Null(await audit.FlushAsync());
        return File.ReadAllLines(folder["state/audit.ndjson"]);
    }

    /// <summary>A request of the network's, with <see cref="Document"/> signed and this body sent.</summary>
    private static async Task<V1Call> CallAsync(TestKey key, Stream body) => Call(await ProofAsync(key, DateTimeOffset.UtcNow, "/v1/jobs"), body);

    private static async Task<RequestProof> ProofAsync(TestKey key, DateTimeOffset now, string target) =>
        await RequestSigner.SignAsync(key, new SignatureClaims(now, now.AddMinutes(1), JobId.New(now).ToString(), string.Empty, SignatureTags.Order), "POST", target, Document, CancellationToken.None);

    private static V1Call Call(RequestProof proof, Stream body, string target = "/v1/jobs")
    {
        var request = new HttpRequestFeature { Method = "POST", RawTarget = target, Body = body };
        request.Headers["Signature-Input"] = proof.SignatureInput;
        request.Headers["Signature"] = proof.Signature;
        request.Headers["Content-Digest"] = proof.ContentDigest;
        request.Headers.ContentType = RequestSigner.ContentType;
        request.Headers.ContentLength = Document.Length;
        var context = new FeatureCollection();
        context.Set<IHttpRequestFeature>(request);
        context.Set<IHttpConnectionFeature>(new HttpConnectionFeature { RemoteIpAddress = IPAddress.Parse("192.0.2.7"), RemotePort = 4000 });
        context.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature());
        context.Set(new SecureChannel());
        return new V1Call(context);
    }

    /// <summary>Whoever reads it is wrong.</summary>
    private sealed class NobodysBody : MemoryStream
    {
        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) => throw new InvalidOperationException("it was read");
    }
}
