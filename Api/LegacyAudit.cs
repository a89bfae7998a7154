using System.Net;
using Deploy.Jobs;
using Deploy.Model;
using Deploy.Security.Audit;

namespace Deploy.Api;

/// <summary>Orders of the original's wire as the audit log has them. They are recorded once they are answered, and done whether or not that can be written: that wire has no word for it.</summary>
internal static class LegacyAudit
{
    public static AuditEntry Of(OrderRequest request, IPAddress peer, AuditWho who) => new()
    {
        Ask = AuditAsk.LegacyOrder,
        Order = request.Order.Word(),
        What = request.Subject,
        Peer = peer,
        Who = who,
    };

    /// <summary>Why an order was not done; null where it was.</summary>
    public static string? Refusal(OrderOutcome outcome) => outcome switch
    {
        OrderOutcome.OptionsUnusable => "the options are empty or name no group",
        OrderOutcome.NotAllowed => "the target or the origin is not allowed",
        OrderOutcome.CommandUnknown => "no command of that name",
        _ => null,
    };
}
