using Deploy.Jobs.Relay;
using Deploy.Jobs.Relay.Judging;
using Deploy.Model;
using Deploy.Protocol;
using Deploy.Security;

namespace Deploy.Jobs.Remote.Legacy;

/// <summary>The orders of one job to one host on the original's wire, and what their answers mean.</summary>
/// <param name="host">Whom.</param>
/// <param name="options">As that wire has them.</param>
/// <param name="rules">Times.</param>
/// <param name="exchange">Carries the requests.</param>
/// <param name="budget">Gets back what answers took of it.</param>
/// <param name="contacts">Takes what is learned of the host.</param>
/// <param name="time">The clock.</param>
internal sealed class LegacyCalls(RelayHost host, string options, RelayRules rules, LegacyExchange exchange, ReceiveBudget budget, HostContacts contacts, TimeProvider time)
{
    /// <summary>Gives an order and judges the answer.</summary>
    /// <param name="order">The job's own; or status and rkill about its sync.</param>
    /// <param name="longest">The whole wait; null is the proxy's host_timeout.</param>
    /// <param name="cancellationToken">Stops waiting: then the report says whether it may have started.</param>
    public async Task<(HostReport Report, LegacyOutcome Outcome)> AskAsync(Order order, TimeSpan? longest, CancellationToken cancellationToken)
    {
        var outcome = await exchange.SendAsync(
            new LegacyRequest
            {
                Host = host.Address,
                Port = host.Port,
                Order = order,
                Body = LegacyForm.Encode(new LegacyFields(LegacyKey.Make(host.KeyCipher, time.GetUtcNow()), options, string.Empty, new Secret(string.Empty))), // the key is good for a minute
                Ssl = host.Ssl,
                ThreadTimeout = longest ?? rules.HostTimeout,
                SocketTimeout = longest ?? rules.HostSocketTimeout,
            },
            cancellationToken).ConfigureAwait(false);
        try
        {
            Learn(outcome);
            return (new Judge(order, string.Empty, options) { Encrypted = host.Ssl is not null }.Of(host.Name, outcome).Reports[0], outcome);
        }
        finally
        {
            budget.Return((outcome as Answered)?.HeldBytes ?? 0);
        }
    }

    private void Learn(LegacyOutcome outcome)
    {
        if (outcome is Answered answer)
        {
            contacts.Heard(host.Name, time.GetUtcNow(), null, Versions.Of(answer.Server));
        }
        else if (outcome is NotReached or TimedOut { Sent: false })
        {
            contacts.Missed(host.Name);
        }
    }
}
