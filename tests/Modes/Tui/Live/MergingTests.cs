using Deploy.Model.Jobs;
using Deploy.Modes.Tui.Live;
using Xunit;

namespace Deploy.Tests.Modes.Tui.Live;

public class MergingTests
{
    [Fact]
    public void Agents_that_say_more_than_there_can_be_add_up_to_the_most()
    {
        var part = new JobSummary { State = JobState.Running, Hosts = int.MaxValue, Counts = new Dictionary<string, int>(), BytesDone = long.MaxValue, BytesTotal = long.MaxValue, BytesPerSecond = long.MaxValue, Stalled = int.MaxValue, Slow = -1 };
        var whole = Merging.Summary([part, part, part]);
        Assert.Equal((int.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue, int.MaxValue, 0), (whole.Hosts, whole.BytesDone, whole.BytesTotal, whole.BytesPerSecond, whole.Stalled, whole.Slow));
    }
}
