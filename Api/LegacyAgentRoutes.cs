using System.Text;
using Deploy.Jobs;
using Deploy.Model;
using Deploy.Security;

namespace Deploy.Api;

/// <summary>The original's agent routes, <c>/agent/&lt;order&gt;</c>: key and URL checked in its order, the order run, its answer in its form.</summary>
/// <param name="orders">Runs what passed.</param>
/// <param name="keyCipher">The shared secret in force; null makes every key invalid.</param>
/// <param name="time">The clock that keys are held against.</param>
internal sealed class LegacyAgentRoutes(AgentOrders orders, Func<Secret?> keyCipher, TimeProvider time)
{
    /// <summary>What a peer gets that is not in the allow list: whole, for the sniffer, which parses nothing.</summary>
    public static ReadOnlyMemory<byte> AddressRefusal { get; } = Encoding.ASCII.GetBytes(
        "HTTP/1.1 403 Permission Denied\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 36\r\nConnection: close\r\n\r\nYou don't have permission to access.");

    /// <summary>Answers one request.</summary>
    public async Task<LegacyReply> AnswerAsync(LegacyCall call)
    {
        var fields = await call.ReadFieldsAsync().ConfigureAwait(false);
        if (keyCipher() is not { } cipher || !LegacyKey.Verify(fields.AuthKey.Reveal(), cipher, time.GetUtcNow()))
        {
            return new LegacyReply(401) { Refusal = "the auth_key is wrong, or this host's clock and the peer's differ by a minute" };
        }

        if (call.Path is not ["agent", var word, ..] || !Orders.TryParse(word, out var order))
        {
            return new LegacyReply(404) { Refusal = "no such route" };
        }

        var (outcome, job) = await orders.RunAsync(new OrderRequest(order, fields.Options, call.From.ToString()), CancellationToken.None).ConfigureAwait(false);
        return LegacyAnswers.Of(order, outcome) with { Job = LegacyAnswers.Header(job, outcome) };
    }
}
