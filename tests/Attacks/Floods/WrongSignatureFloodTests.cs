using System.Diagnostics;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tests.EndToEnd.Harness;
using Xunit;

namespace Deploy.Tests.Attacks.Floods;

/// <summary>Requests by the thousand: of those who prove nothing, and of one who may and overdoes it.</summary>
[Trait("Category", "EndToEnd")]
public class WrongSignatureFloodTests(AttackedAgent agent) : IClassFixture<AttackedAgent>
{
    private const int Requests = 10_000;

    [Fact]
    public async Task Ten_thousand_wrong_signatures_on_one_connection_get_one_answer()
    {
        var siege = await Siege.BeforeAsync(agent);
        byte[] wrong = Wrong();
        await using (var peer = await FloodPeer.TlsAsync(agent.Address))
        {
            var ending = peer.ReadToEndAsync();
            await peer.PourAsync(wrong, (long)wrong.Length * Requests);
            string end = await ending;
            Assert.StartsWith("HTTP/1.1 401 ", end, StringComparison.Ordinal);
            Assert.Equal(1, end.Split("HTTP/1.1 ").Length - 1);
        }

        await siege.EndsAsync();
    }

    [Fact]
    public async Task Ten_thousand_wrong_signatures_on_many_connections_fill_neither_memory_nor_the_audit_log()
    {
        var siege = await Siege.BeforeAsync(agent);
        byte[] many = [.. Enumerable.Repeat(Wrong(), 10).SelectMany(one => one)];
        int refused = 0, before = agent.Refusals();
        var watch = Stopwatch.StartNew();
        var flood = Parallel.ForEachAsync(Enumerable.Range(0, Requests / 10), new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (_, _) =>
        {
            await using var peer = await FloodPeer.TlsAsync(agent.Address);
            var ending = peer.ReadToEndAsync();
            await peer.SendAsync(many);
            string end = await ending;
            Assert.True(end.Length == 0 || end.StartsWith("HTTP/1.1 401 ", StringComparison.Ordinal), end);
            Interlocked.Add(ref refused, end.Length == 0 ? 0 : 1);
        });
        await siege.ServesAsync();
        await flood;
        Assert.True(refused > Requests / 20, $"{refused} answers"); // a reset may eat one
        siege.CostsAtMost(128 * 1024 * 1024);
        Assert.InRange(agent.Refusals() - before, 1, Limits.AuditRefusals + (int)(Limits.AuditRefusalsPerSecond * watch.Elapsed.TotalSeconds) + 1);
        await siege.EndsAsync();
    }

    [Fact]
    public async Task A_known_key_that_orders_without_end_waits_and_another_key_does_not()
    {
        var siege = await Siege.BeforeAsync(agent);
        int taken = 0, tooMany = 0;
        var watch = Stopwatch.StartNew();
        await Parallel.ForEachAsync(Enumerable.Range(0, 4), async (_, _) =>
        {
            for (int left = Limits.KeyOrders; left > 0 && Volatile.Read(ref tooMany) < 8 && watch.Elapsed < Eventually.Limit;)
            {
                const int Batch = 20;
                await using var peer = await FloodPeer.TlsAsync(agent.Address);
                byte[] asks = [.. Enumerable.Range(0, Batch).SelectMany(_ => new SignedRequest { Key = agent.Leaving, Target = $"/v1/jobs/{JobId.New(DateTimeOffset.UtcNow)}/pause" }.WithHead("Connection: close\r\n", "").ToBytes())];
                var ending = peer.ReadToEndAsync();
                await peer.SendAsync(asks);
                await peer.SendAsync("GET /healthz HTTP/1.1\r\nHost: web-001\r\nConnection: close\r\n\r\n");
                string end = await ending;
                Interlocked.Add(ref taken, end.Split("HTTP/1.1 404 ").Length - 1);
                Interlocked.Add(ref tooMany, end.Split("HTTP/1.1 429 ").Length - 1);
                Assert.True(!end.Contains("HTTP/1.1 429 ", StringComparison.Ordinal) || end.Contains("Retry-After: ", StringComparison.Ordinal), end);
                left -= Batch;
            }
        });
        double most = Limits.KeyOrders + (Limits.KeyOrdersPerSecond * watch.Elapsed.TotalSeconds);
        Assert.True(taken <= most + 1, $"{taken} orders were taken, and at most {most} should be");
        Assert.True(tooMany > 0 || taken < most, $"{taken} orders were taken"); // a machine that is slower than the rate has none too many
        Assert.True(tooMany == 0 || taken >= Limits.KeyOrders, $"{taken} orders were taken, then no more");
        await siege.ServesAsync(); // alice
        await siege.EndsAsync();
    }

    /// <summary>An order with one bit of its signature changed, on a connection that it would like to keep.</summary>
    private byte[] Wrong() => (SignedRequest.Mark(agent.Alice) with { Signature = bytes => [(byte)(bytes[0] ^ 1), .. bytes[1..]] }).WithHead("Connection: close\r\n", "").ToBytes();
}
