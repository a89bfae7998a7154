using Deploy.Api.V1.Routes;
using Deploy.Model;
using Deploy.Security;
using Deploy.Security.Callers;
using Deploy.Security.Operators;
using Xunit;

namespace Deploy.Tests.Api.V1;

/// <summary>Who may read the audit log.</summary>
public class AuditRightsTests
{
    [Fact]
    public void Whoever_may_order_everywhere_may_read_it_and_nobody_else()
    {
        Assert.Null(AuditRoutes.Refusal(new Caller("jo", Rights.All)));
        Assert.Null(AuditRoutes.Refusal(new Caller("jo", Rights.All with { Orders = new HashSet<Order> { Order.Status } })));
        Assert.Contains("sync groups", AuditRoutes.Refusal(new Caller("jo", Rights.All with { Groups = new NamePatterns(["site"]) }))!.Detail, StringComparison.Ordinal);
        Assert.Contains("commands", AuditRoutes.Refusal(new Caller("jo", Rights.All with { Commands = new NamePatterns(["disk"]) }))!.Detail, StringComparison.Ordinal);
        foreach (string[] groups in new string[][] { [], ["web"] })
        {
            var problem = AuditRoutes.Refusal(new Caller("ci", Rights.All) { ApiKey = new ApiKey("ci", ApiKey.HashOf("x"), groups) })!;
            Assert.Equal((403, "not-allowed"), (problem.Status, problem.Type));
        }
    }
}
