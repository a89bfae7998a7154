using System.Text;
using Deploy.Jobs;
using Deploy.Model;
using Deploy.Security;
using Deploy.Security.Audit;

namespace Deploy.Api;

/// <summary>The original's agent routes, <c>/agent/&lt;order&gt;</c>: key and URL checked in its order, the order run, its answer in its form.</summary>
/// <param name="orders">Runs what passed.</param>
/// <param name="keyCipher">The shared secret in force; null makes every key invalid.</param>
/// <param name="audit">Records every order, and what was refused.</param>
/// <param name="time">The clock that keys are held against.</param>
internal sealed class LegacyAgentRoutes(AgentOrders orders, Func<Secret?> keyCipher, AuditLog audit, TimeProvider time)
{
    /// <summary>What a peer gets that is not in the allow list: whole, for the sniffer, which parses nothing.</summary>
    public static ReadOnlyMemory<byte> AddressRefusal { get; } = Encoding.ASCII.GetBytes(
        "HTTP/1.1 403 Permission Denied\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 36\r\nConnection: close\r\n\r\nYou don't have permission to access.");

    /// <summary>Answers one request.</summary>
    public async Task<LegacyReply> AnswerAsync(LegacyCall call)
    {
        var fields = await call.ReadFieldsAsync().ConfigureAwait(false);
        Order order = default;
        bool isOrder = call.Path is ["agent", var word, ..] && Orders.TryParse(word, out order);
        var request = new OrderRequest(order, fields.Options, call.From.ToString());
        if (keyCipher() is not { } cipher || !LegacyKey.Verify(fields.AuthKey.Reveal(), cipher, time.GetUtcNow()))
        {
            const string Why = "the auth_key is wrong, or this host's clock and the peer's differ by a minute";
            if (isOrder)
            {
                audit.Note(LegacyAudit.Of(request, call.From.Address, new AuditWho(AuditBy.Unknown)) with { Refusal = Why });
            }

            return new LegacyReply(401) { Refusal = Why };
        }

        call.Proved?.Invoke();
        if (!isOrder)
        {
            return new LegacyReply(404) { Refusal = "no such route" };
        }

        var (outcome, job) = await orders.RunAsync(request, CancellationToken.None).ConfigureAwait(false);
        audit.Note(LegacyAudit.Of(request, call.From.Address, new AuditWho(AuditBy.Legacy)) with { Job = job.Id, Refusal = LegacyAudit.Refusal(outcome) });
        return LegacyAnswers.Of(order, outcome) with { Job = LegacyAnswers.Header(job, outcome) };
    }
}
