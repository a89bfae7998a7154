using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tui;
using Deploy.Tui.Views;
using Xunit;

namespace Deploy.Tests.Tui;

/// <summary>10,000 hosts cost what 40 do to draw, and an update copies each table once: counted in bytes, for time is the machine's.</summary>
public class ManyHostsTests
{
    [Fact]
    public void Rows_are_made_for_what_is_seen_alone()
    {
        long few = Cost(Fleet(40)), many = Cost(Fleet(10_000));
        Assert.InRange(many, 0, few * 2);

        static long Cost(Dashboard dashboard) => Allocated(() => Views.Draw(dashboard.Press("jjj").Model));
    }

    [Fact]
    public void A_thousand_events_copy_each_table_once()
    {
        var dashboard = Fleet(10_000).Tell(new Message.JobsTold([Dashboard.View(Dashboard.Job, hosts: 10_000)]));
        dashboard.Tell(Events(0, 10_000, 1));
        long cost = Allocated(() => dashboard.Tell(Events(4_000, 1_000, 2)));
        Assert.InRange(cost, 0, 2_000_000);
        Assert.Equal(2, dashboard.Model.Jobs.Find(Dashboard.Job)!.Standings.Find("web-04500")!.Rev);
        Assert.Equal(2, dashboard.Model.Hosts.Find("web-04500")!.Standing!.Rev);
    }

    [Fact]
    public void A_filtered_list_of_many_is_made_anew_once_a_second_and_by_each_key()
    {
        var dashboard = Fleet(10_000).Press("/state:failed<enter>");
        Assert.Empty(dashboard.Model.Fleet.Keys);
        dashboard.Now += TimeSpan.FromMilliseconds(500);
        Assert.Empty(dashboard.Tell(Events(0, 10, 1, HostState.Failed)).Model.Fleet.Keys);
        dashboard.Now += TimeSpan.FromMilliseconds(500);
        Assert.Equal(10, dashboard.Tell(new Message.Heard("proxy01")).Model.Fleet.Keys.Count);
        dashboard.Tell(Events(10, 10, 1, HostState.Failed));
        Assert.Equal(20, dashboard.Press("!").Model.Fleet.Keys.Count);
    }

    [Fact]
    public void Names_are_not_sorted_again_where_none_is_new()
    {
        var dashboard = Fleet(10_000);
        var names = dashboard.Model.Hosts.Names;
        dashboard.Tell(Events(0, 1_000, 1), new Message.HostsTold([.. names.Select(name => dashboard.Host(name))], IsAll: true));
        Assert.Same(names, dashboard.Model.Hosts.Names);
        Assert.Same(names, dashboard.Model.Fleet.Keys);
    }

    private static Dashboard Fleet(int hosts)
    {
        var dashboard = new Dashboard().Tell(new Message.Connected("proxy01", new DaemonSelf { Name = "proxy01", Daemon = "proxy", Version = "1", Time = Dashboard.Start }, TimeSpan.FromMilliseconds(1)));
        return dashboard.Tell(new Message.HostsTold([.. Enumerable.Range(0, hosts).Select(number => dashboard.Host($"web-{number:00000}"))], IsAll: true));
    }

    private static Message.Happened Events(int from, int count, long rev, HostState state = HostState.Running) => new("proxy01",
    [
        .. Enumerable.Range(from, count).Select(number => new JobEvent
        {
            Seq = number,
            Epoch = "A",
            Time = Dashboard.Start,
            Type = EventType.HostState,
            Job = Dashboard.Job,
            Host = $"web-{number:00000}",
            Standing = new HostStanding { Host = $"web-{number:00000}", State = state, Rev = rev },
        }),
    ]);

    private static long Allocated(Action act)
    {
        act();
        long before = GC.GetAllocatedBytesForCurrentThread();
        act();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
