using Deploy.Jobs.Rollouts;
using Deploy.Model.Jobs;
using Deploy.Tests.Model.Hosts;
using FsCheck.Fluent;
using Xunit;

namespace Deploy.Tests.Jobs.Rollouts;

public class RolloutPlanTests
{
    [Theory]
    [InlineData("1,10%,100%", 100, null, "1 10 100")]
    [InlineData("1,10%", 100, null, "1 10 100")]
    [InlineData("1, 5, 10", 7, null, "1 5 7")]
    [InlineData("5,10%,100%", 20, null, "5 5 20")]
    [InlineData("100%", 3, "1", "3")]
    [InlineData("1,3", 9, "5%", "1 3 9")]
    public void Batches_end_where_they_say_and_the_rest_is_one_more(string batches, int hosts, string? canary, string ends)
    {
        var plan = Plan(new RolloutSpec { Batches = batches, Canary = canary }, hosts);
        Assert.Equal(ends, string.Join(' ', plan.Ends));
    }

    [Fact]
    public void Every_place_is_in_one_batch_and_batches_do_not_fall() => HostGen.Holds(RolloutGen.Case, one =>
    {
        var plan = Plan(one.Spec, one.Hosts);
        int before = 0;
        for (int place = 0; place < one.Hosts; place++)
        {
            int batch = plan.BatchOf(place);
            Assert.InRange(batch, before, plan.Ends.Count);
            Assert.InRange(place, batch == 0 ? 0 : plan.EndOf(batch - 1), plan.EndOf(batch) - 1);
            before = batch;
        }

        Assert.Equal(one.Hosts, plan.Ends[^1]);
        Assert.Equal(one.Hosts, plan.EndOf(plan.Ends.Count));
    });

    [Theory]
    [InlineData("batches", "1,x")]
    [InlineData("batches", "")]
    [InlineData("batches", "10,5")]
    [InlineData("batches", "50%,10%")]
    [InlineData("batches", "0,5")]
    [InlineData("batches", "1,,5")]
    [InlineData("canary", "0")]
    [InlineData("canary", "some")]
    [InlineData("max_failures", "-1")]
    [InlineData("max_failures", "0%")]
    public void A_mistake_names_its_member_and_what_stands_there(string member, string text)
    {
        var spec = member switch
        {
            "batches" => new RolloutSpec { Batches = text },
            "canary" => new RolloutSpec { Canary = text },
            _ => new RolloutSpec { MaxFailures = text },
        };
        Assert.False(RolloutPlan.TryParse(spec, 10, 50, out _, out var mistake));
        Assert.Equal((member, text), (mistake.Member, mistake.Text));
        Assert.StartsWith($"rollout.{member}: '{text}' is not ", mistake.ToProblem().Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_have_their_ranges()
    {
        Assert.Equal("'0' is not a number from 1", Mistake(new RolloutSpec { MaxParallel = 0 }));
        Assert.Equal("'-5' is not seconds, from 1", Mistake(new RolloutSpec { DeadlineSeconds = -5 }));
        Assert.Equal("'3' is not a batch: there are 2, counted from 1", Mistake(new RolloutSpec { Batches = "1,2", PauseAfter = 3 }));
        Assert.Equal("'0' is not a batch: there is 1, counted from 1", Mistake(new RolloutSpec { PauseAfter = 0 }));
        Assert.Equal("'4' is not a batch: there are 2, counted from 1; the canary is 0", Mistake(new RolloutSpec { Batches = "1,2", Canary = "1", PauseAfter = 4 }));
    }

    [Fact]
    public void Whatever_is_written_there_it_is_read_or_named() => HostGen.Holds(HostGen.Text, text =>
    {
        foreach (var spec in new[] { new RolloutSpec { Batches = text }, new RolloutSpec { Canary = text }, new RolloutSpec { MaxFailures = text } })
        {
            Assert.True(RolloutPlan.TryParse(spec, 10, 50, out _, out var mistake) || mistake.ToString().Length < 400);
        }
    });

    internal static RolloutPlan Plan(RolloutSpec spec, int hosts, int parallel = 50)
    {
        Assert.True(RolloutPlan.TryParse(spec, hosts, parallel, out var plan, out var mistake), mistake?.ToString());
        return plan;
    }

    private static string Mistake(RolloutSpec spec)
    {
        Assert.False(RolloutPlan.TryParse(spec, 10, 50, out _, out var mistake));
        return mistake.ToString();
    }
}
