using Deploy.Jobs.Remote.Legacy;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Modes.Client.Ordering;
using Xunit;

namespace Deploy.Tests.Jobs.Remote;

public class LegacyWordsTests
{
    [Fact]
    public void An_empty_argument_is_refused_where_the_wire_would_drop_it()
    {
        var spec = new JobSpec { Id = JobId.New(DateTimeOffset.UnixEpoch), Order = Order.Exec, Hosts = "web-1", Command = "x", Arguments = ["a", "", "b"] };
        Assert.Null(LegacyWords.Of(spec, out string? why));
        Assert.Equal("the original's wire, which this host is asked by, drops an empty argument", why);
        Assert.Equal("x,a,b", LegacyWords.Of(spec with { Arguments = ["a", "b"] }, out why));
        Assert.Null(why);
        Assert.Contains("an argument is empty", Assert.Throws<UserError>(() => Words.Joined(["x", "a", ""])).Message, StringComparison.Ordinal);
    }
}
