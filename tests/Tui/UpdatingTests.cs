using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tui;
using Deploy.Tui.Screens;
using Deploy.Tui.State;
using Xunit;

namespace Deploy.Tests.Tui;

public class UpdatingTests
{
    private static readonly JobId Other = JobId.TryParse("01JDZZZZZZ00000000000009AB", out var id) ? id : default;

    [Fact]
    public void It_starts_by_asking_for_hosts_and_jobs() => Assert.Equal([typeof(Effect.ReadHosts), typeof(Effect.ReadJobs)], new Dashboard().Effects.Select(effect => effect.GetType()));

    [Fact]
    public void Escape_closes_the_overlay_then_the_filter_then_goes_back_and_never_quits()
    {
        var dashboard = new Dashboard().Connected().Press("2").Press("1/web<enter>?");
        Assert.IsType<Overlay.Help>(dashboard.Model.Overlay);
        Assert.Null(dashboard.Press("<escape>").Model.Overlay);
        Assert.Equal("web", dashboard.Model.Fleet.List.Filter);
        Assert.Empty(dashboard.Press("<escape>").Model.Fleet.List.Filter);
        Assert.Equal(ScreenName.Jobs, dashboard.Press("<escape>").Model.Place.Screen);
        Assert.Equal(ScreenName.Fleet, dashboard.Press("<escape>").Model.Place.Screen);
        dashboard.Press("<escape><escape><escape>");
        Assert.Empty(dashboard.Effects.OfType<Effect.Quit>());
    }

    [Theory]
    [InlineData("q")]
    [InlineData("<^c>")]
    [InlineData("?<^c>")]
    [InlineData("/we<^c>")]
    [InlineData(":quit<enter>")]
    public void Quitting_says_that_jobs_go_on(string keys)
    {
        Assert.Null(Assert.Single(new Dashboard().Connected().Press(keys).Effects.OfType<Effect.Quit>()).Say);
        Assert.Equal("a job goes on without the dashboard", Assert.Single(new Dashboard().Connected().Rolling().Press(keys).Effects.OfType<Effect.Quit>()).Say);
        var dashboard = new Dashboard(setup: setup => setup with { Future = "the proxy goes on with it" }).Connected().Rolling().Press(keys);
        Assert.Equal("the proxy goes on with it", Assert.Single(dashboard.Effects.OfType<Effect.Quit>()).Say);
    }

    [Fact]
    public void Q_in_a_line_is_a_letter()
    {
        var dashboard = new Dashboard().Connected().Press("/q");
        Assert.Equal("q", dashboard.Model.Fleet.List.Filter);
        Assert.Empty(dashboard.Effects.OfType<Effect.Quit>());
    }

    [Fact]
    public void A_filter_is_live_and_the_last_good_one_stays()
    {
        var dashboard = new Dashboard().Connected().Press("/group:db");
        Assert.Equal(["db-001", "db-002"], dashboard.Model.Fleet.Keys);
        dashboard.Press(" !");
        Assert.Equal(["db-001", "db-002"], dashboard.Model.Fleet.Keys);
        Assert.Equal(["db-002"], dashboard.Press("rsync:<3.5").Model.Fleet.Keys);
        Assert.Equal(118, dashboard.Press("<escape>").Model.Fleet.Keys.Count);
    }

    [Fact]
    public void A_filter_outlasts_other_screens_and_is_kept()
    {
        var dashboard = new Dashboard().Connected().Press("/group:db<enter>s21");
        Assert.Equal(2, dashboard.Model.Fleet.Keys.Count);
        var kept = dashboard.Effects.OfType<Effect.Remember>().Last().Kept;
        Assert.Equal("group:db", kept.Filters["Fleet"]);
        var next = new Dashboard(setup: setup => setup with { Kept = kept }).Connected();
        Assert.Equal(dashboard.Model.Fleet.Keys, next.Model.Fleet.Keys);
        Assert.Empty(next.Press("j").Effects.OfType<Effect.Remember>());
    }

    [Fact]
    public void A_state_file_of_another_version_harms_nothing()
    {
        var kept = new Kept { Screen = "Nowhere", Filters = new Dictionary<string, string> { ["Fleet"] = "nosuch:field" }, Sorts = new Dictionary<string, string> { ["Fleet"] = "-nosuch" } };
        Assert.Equal(118, new Dashboard(setup: setup => setup with { Kept = kept }).Connected().Model.Fleet.Keys.Count);
    }

    [Fact]
    public void A_job_that_only_events_tell_of_is_asked_for_once()
    {
        var dashboard = new Dashboard().Connected();
        dashboard.Effects.Clear();
        dashboard.Tell(Happened(State(Other, "web-001", HostState.Running, 2)), Happened(State(Other, "web-001", HostState.Ok, 3)));
        Assert.Equal(new Effect.ReadJob(Other), Assert.Single(dashboard.Effects));
        Assert.Equal(HostState.Ok, dashboard.Model.Hosts.Find("web-001")!.Standing!.State);
    }

    [Fact]
    public void Events_put_hosts_and_jobs_where_they_stand()
    {
        var dashboard = new Dashboard().Connected().Rolling();
        dashboard.Tell(Happened(
            State(Dashboard.Job, "web-002", HostState.Ok, 9),
            State(Dashboard.Job, "web-002", HostState.Running, 8), // older: says nothing
            new JobEvent { Seq = 3, Epoch = "A", Time = dashboard.Now, Type = EventType.End, Job = Dashboard.Job, Summary = Dashboard.Summary(JobState.Stopped), Reason = "max_failures" }));
        Assert.Equal(HostState.Ok, dashboard.Model.Jobs.Find(Dashboard.Job)!.Standings.Find("web-002")!.State);
        Assert.Equal(HostState.Ok, dashboard.Model.Hosts.Find("web-002")!.Standing!.State);
        var view = dashboard.Model.Jobs.Find(Dashboard.Job)!.View!;
        Assert.Equal((JobState.Stopped, "max_failures", (DateTimeOffset?)dashboard.Now), (view.State, view.Reason, view.Ended));
    }

    [Fact]
    public void A_late_answer_does_not_turn_a_job_back()
    {
        var dashboard = new Dashboard().Connected().Rolling();
        dashboard.Tell(new Message.JobsTold([Dashboard.View(Dashboard.Job, JobState.Done)]), new Message.JobsTold([Dashboard.View(Dashboard.Job)]));
        Assert.Equal(JobState.Done, dashboard.Model.Jobs.Find(Dashboard.Job)!.View!.State);
    }

    [Fact]
    public void After_a_restart_lower_numbers_count()
    {
        var dashboard = new Dashboard().Connected().Rolling().Tell(Happened(State(Dashboard.Job, "web-002", HostState.Running, 900)));
        dashboard.Tell(Happened(State(Dashboard.Job, "web-002", HostState.Ok, 3)));
        Assert.Equal(HostState.Running, dashboard.Model.Hosts.Find("web-002")!.Standing!.State);
        dashboard.Tell(Happened(new JobEvent { Seq = 0, Epoch = "B", Time = dashboard.Now, Type = EventType.Hello }), Happened("B", State(Dashboard.Job, "web-002", HostState.Ok, 3)));
        Assert.Equal(HostState.Ok, dashboard.Model.Hosts.Find("web-002")!.Standing!.State);
    }

    [Fact]
    public void Rates_are_a_sample_a_second()
    {
        var dashboard = new Dashboard().Connected().Rolling();
        for (int quarter = 0; quarter < 12; quarter++)
        {
            dashboard.Tell(Happened(new JobEvent { Seq = quarter, Epoch = "A", Time = dashboard.Now, Type = EventType.JobSummary, Job = Dashboard.Job, Summary = Dashboard.Summary(JobState.Running, rate: quarter) }));
            dashboard.Now += TimeSpan.FromMilliseconds(250);
        }

        Assert.Equal([0, 4, 8], dashboard.Model.Jobs.Find(Dashboard.Job)!.Rates);
    }

    [Fact]
    public void The_header_says_how_well_the_proxy_is_reached()
    {
        var dashboard = new Dashboard().Connected();
        Assert.Contains("LIVE 38ms", dashboard.Frame, StringComparison.Ordinal);
        Assert.Contains("LIVE 38ms", dashboard.Later(TimeSpan.FromSeconds(15)).Frame, StringComparison.Ordinal);
        Assert.Contains("STALE 17s", dashboard.Later(TimeSpan.FromSeconds(2)).Frame, StringComparison.Ordinal);
        Assert.Contains("LIVE", dashboard.Tell(new Message.Heard("proxy01")).Frame, StringComparison.Ordinal);
        Assert.Contains("LOST, again in 4s", dashboard.Tell(new Message.Lost("proxy01", "refused", dashboard.Now.AddSeconds(4))).Frame, StringComparison.Ordinal);
        Assert.Contains("LOST, again in 3s", dashboard.Later(TimeSpan.FromSeconds(1)).Frame, StringComparison.Ordinal);
        Assert.Contains("LIVE", dashboard.Connected().Frame, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_is_up_then_suspect_then_down()
    {
        var dashboard = new Dashboard().Connected();
        string At(TimeSpan time)
        {
            dashboard.Now = Dashboard.Start + time;
            dashboard.Tell(new Message.Heard("proxy01"));
            return string.Join(' ', dashboard.Model.Health.Up, dashboard.Model.Health.Suspects, dashboard.Model.Health.Downs);
        }

        Assert.Equal("116 1 1", At(TimeSpan.Zero));
        Assert.Equal("116 1 1", At(TimeSpan.FromSeconds(27)));
        Assert.Equal("0 117 1", At(TimeSpan.FromSeconds(28)));
        Assert.Equal("0 0 118", At(TimeSpan.FromSeconds(298)));
    }

    [Fact]
    public void While_nobody_tells_of_hosts_they_grow_no_older()
    {
        var dashboard = new Dashboard().Connected().Later(TimeSpan.FromMinutes(20));
        Assert.Equal((116, 1), (dashboard.Model.Health.Up, dashboard.Model.Health.Downs));
    }

    [Fact]
    public void A_host_that_nobody_asked_before_is_not_silent()
    {
        var dashboard = new Dashboard();
        dashboard.Tell(new Message.Connected("proxy01", new DaemonSelf { Name = "proxy01", Daemon = "proxy", Version = "1", Time = dashboard.Now }, TimeSpan.Zero), new Message.HostsTold([dashboard.Host("a") with { LastContact = dashboard.Now.AddHours(-3) }], IsAll: true));
        Assert.Equal(1, dashboard.Model.Health.Unknown);
        dashboard.Now += TimeSpan.FromSeconds(31);
        Assert.Equal(1, dashboard.Tell(new Message.Heard("proxy01")).Model.Health.Suspects);
    }

    [Fact]
    public void A_proxy_whose_clock_is_wrong_has_no_silent_hosts()
    {
        var dashboard = new Dashboard();
        var there = dashboard.Now.AddMinutes(-10);
        dashboard.Tell(new Message.Connected("proxy01", new DaemonSelf { Name = "proxy01", Daemon = "proxy", Version = "1", Time = there }, TimeSpan.Zero), new Message.HostsTold([dashboard.Host("a") with { LastContact = there.AddSeconds(-1) }], IsAll: true));
        Assert.Equal(1, dashboard.Model.Health.Up);
    }

    [Fact]
    public void At_rest_it_wakes_for_the_clock_alone()
    {
        var dashboard = new Dashboard();
        dashboard.Tell(new Message.Connected("proxy01", new DaemonSelf { Name = "proxy01", Daemon = "proxy", Version = "1", Time = dashboard.Now }, TimeSpan.FromMilliseconds(3)));
        dashboard.Tell(new Message.HostsTold([.. Enumerable.Range(1, 200).Select(number => dashboard.Host($"h{number}"))], IsAll: true));
        HashSet<string> frames = [];
        for (int second = 0; second < 50; second += 10)
        {
            dashboard.Tell(new Message.Heard("proxy01"), new Message.HostsTold([.. Enumerable.Range(1, 200).Select(number => dashboard.Host($"h{number}"))], IsAll: true));
            frames.Add(dashboard.Frame);
            Assert.True(dashboard.Model.Wake >= dashboard.Now.AddSeconds(10), $"{dashboard.Model.Wake - dashboard.Now}");
            dashboard.Now += TimeSpan.FromSeconds(9.9);
        }

        Assert.Single(frames);
    }

    [Fact]
    public void A_frozen_screen_stays_while_its_cursor_moves()
    {
        var dashboard = new Dashboard().Connected().Press("p").Press("j");
        string before = dashboard.Frame;
        dashboard.Tell(new Message.HostsTold([dashboard.Host("web-001")], IsAll: true));
        Assert.Equal(before.Split('\n')[1..^2], dashboard.Frame.Split('\n')[1..^2]); // the header is of now
        Assert.Contains("FROZEN", dashboard.Frame, StringComparison.Ordinal);
        Assert.Contains(" > db-001", dashboard.Press("j").Frame, StringComparison.Ordinal);
        Assert.Contains("img-001", dashboard.Frame, StringComparison.Ordinal);
        dashboard.Press("p");
        Assert.DoesNotContain("img-001", dashboard.Frame, StringComparison.Ordinal);
        Assert.DoesNotContain("FROZEN", dashboard.Frame, StringComparison.Ordinal);
    }

    [Fact]
    public void Pasted_text_goes_into_a_line_or_nowhere()
    {
        var dashboard = new Dashboard().Connected().Tell(new Message.Pasted("q2W"));
        Assert.Equal(ScreenName.Fleet, dashboard.Model.Place.Screen);
        Assert.Empty(dashboard.Effects.OfType<Effect.Quit>());
        Assert.Equal("web-[001-002]", dashboard.Press("/").Tell(new Message.Pasted("web-[001-002]\x1b\n")).Model.Fleet.List.Filter);
    }

    [Fact]
    public void In_a_terminal_too_small_to_show_anything_no_key_acts_but_those_that_leave()
    {
        var dashboard = new Dashboard().Connected().Press("WE");
        Assert.IsType<Overlay.Form>(dashboard.Model.Overlay);
        dashboard.Press("disk<enter>");
        Assert.IsType<Overlay.Confirm>(dashboard.Model.Overlay);
        dashboard.Tell(new Message.Resized(39, 24)).Press("y2D<enter>");
        Assert.IsType<Overlay.Confirm>(dashboard.Model.Overlay);
        Assert.Empty(dashboard.Effects.OfType<Effect.Submit>());
        Assert.Single(dashboard.Press("q").Effects.OfType<Effect.Quit>());
    }

    [Fact]
    public void A_daemon_whose_times_and_numbers_are_beyond_all_measure_ends_no_dashboard()
    {
        foreach (var time in new[] { DateTimeOffset.MaxValue, DateTimeOffset.MinValue })
        {
            var dashboard = new Dashboard().Connected().Tell(new Message.Connected("proxy01", new DaemonSelf { Name = "proxy01", Daemon = "proxy", Version = "1", Time = time }, TimeSpan.Zero));
            var summary = Dashboard.Summary(JobState.Running, int.MaxValue) with { Counts = new Dictionary<string, int> { ["ok"] = int.MaxValue, ["failed"] = int.MaxValue, ["running"] = int.MinValue }, BytesDone = long.MaxValue, BytesTotal = long.MaxValue, EtaSeconds = int.MaxValue };
            dashboard.Tell(
                new Message.HostsTold([dashboard.Host("web-001") with { LastContact = time, LastSyncs = new Dictionary<string, LastSync> { ["site"] = new(Dashboard.Job, HostState.Ok, time) } }], IsAll: true),
                new Message.JobsTold([Dashboard.View(Dashboard.Job) with { Accepted = time, Started = time, Summary = summary }]));
            foreach (string keys in new[] { "1", "<enter>", "2", "<enter>", "L", "5", "3" })
            {
                Assert.NotEmpty(dashboard.Press(keys).Later(TimeSpan.FromSeconds(61)).Frame);
            }
        }
    }

    [Fact]
    public void Copy_and_export_give_what_is_shown()
    {
        var dashboard = new Dashboard().Connected().Press("/web<enter>aAyYx");
        Assert.Equal(["web-001", "deploy client hosts --via proxy01"], dashboard.Effects.OfType<Effect.Copy>().Select(copy => copy.Text));
        var export = Assert.Single(dashboard.Effects.OfType<Effect.Export>());
        Assert.Equal(6, export.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    private static JobEvent State(JobId job, string host, HostState state, long rev) => new()
    {
        Seq = rev,
        Epoch = "A",
        Time = Dashboard.Start,
        Type = EventType.HostState,
        Job = job,
        Host = host,
        Standing = new HostStanding { Host = host, State = state, Rev = rev },
    };

    private static Message.Happened Happened(params JobEvent[] events) => new("proxy01", events);

    private static Message.Happened Happened(string epoch, params JobEvent[] events) => new("proxy01", [.. events.Select(one => one with { Epoch = epoch })]);

    [Fact]
    public void Old_jobs_keep_their_view_alone_but_for_the_one_that_is_looked_at()
    {
        var dashboard = new Dashboard().Connected();
        var ids = Enumerable.Range(0, 500).Select(number => JobId.TryParse($"01JDZZZZZZ000000000000{number:D4}", out var id) ? id : default).ToList();
        for (int at = 0; at < ids.Count; at++)
        {
            dashboard.Tell(new Message.JobsTold([Dashboard.View(ids[at], JobState.Done) with { Accepted = Dashboard.Start.AddMinutes(at) }]), new Message.StandingsTold(ids[at], [new HostStanding { Host = "web-001", State = HostState.Ok, Rev = 1 }], IsAll: true));
            if (at == 0)
            {
                dashboard.Press("2<enter>");
            }
        }

        var whole = ids.Where(id => dashboard.Model.Jobs.Find(id)!.Standings.Rows.Count > 0).ToList();
        Assert.InRange(whole.Count, 300, 402);
        Assert.Equal(dashboard.Model.Place.Job, whole[0]);
        Assert.Contains(ids[^1], whole);
        Assert.All(ids, id => Assert.NotNull(dashboard.Model.Jobs.Find(id)!.View));
    }
}
