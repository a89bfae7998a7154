using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Tui.Screens;
using Deploy.Tui.State;

namespace Deploy.Tests.Tui.Screens;

/// <summary>Models with jobs, as the dashboard would have them after its fleet has told.</summary>
internal static class JobModels
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 14, 2, 10, TimeSpan.Zero);

    public static JobId Id(string end) => JobId.TryParse("01JDQ8X5X3T4V6W7Y8Z9A0B8K2"[..^end.Length] + end, out var id) ? id : throw new ArgumentException(end);

    public static TuiModel Empty(int columns = 80, int rows = 24) => new()
    {
        Setup = new TuiSetup { Place = "proxy01:3441", Option = " --via proxy01", By = "alice@desk", Zone = TimeZoneInfo.Utc, IsAscii = true },
        Now = Now,
        Columns = columns,
        Rows = rows,
        ArmedUntil = Now.AddMinutes(15),
        Groups = [new GroupFacts("web", "web-[001-040]", 40)],
    };

    public static TuiModel With(this TuiModel model, params JobRecord[] records) => model with { Jobs = model.Jobs.With(records) };

    public static TuiModel At(this TuiModel model, ScreenName screen, JobId? job = null, string? host = null) => model with { Place = new Place(screen, job, host) };

    /// <summary>A job of these hosts.</summary>
    public static JobRecord Job(string end, Order order, IReadOnlyList<HostStanding> hosts, JobState state = JobState.Done, bool isPlan = false, string what = "site") => new()
    {
        Id = Id(end),
        Standings = StandingTable.Empty.With(hosts),
        View = new JobView
        {
            Id = Id(end),
            Order = order,
            IsPlan = isPlan,
            What = what,
            Hosts = HostFold.Fold(hosts.Select(host => host.Host)),
            State = state,
            By = "alice@desk",
            Accepted = Now.AddSeconds(-72),
            Started = Now.AddSeconds(-72),
            Ended = state.IsTerminal() ? Now.AddSeconds(-8) : null,
            Spec = new JobSpec
            {
                Id = Id(end),
                Order = order,
                Hosts = HostFold.Fold(hosts.Select(host => host.Host)),
                Group = order == Order.Exec ? null : what,
                Command = order == Order.Exec ? what : null,
                Keep = isPlan ? true : null,
            },
            Summary = Deploy.Tests.Output.JobCases.Summary([.. hosts], state),
        },
    };

    public static JobRecord Viewed(this JobRecord record, Func<JobView, JobView> change) => record with { View = change(record.View!) };

    public static IEnumerable<HostStanding> Hosts(string hosts, HostState state, Func<HostStanding, HostStanding>? like = null) => Deploy.Tests.Output.JobCases.Hosts(hosts, state, like);

    /// <summary>The rollout of the specification: 21 ok, 10 running, 7 queued, one partial, one unreachable.</summary>
    public static JobRecord Rollout()
    {
        var began = Now.AddSeconds(-72);
        List<HostStanding> hosts =
        [
            .. Hosts("web-[001-003],web-[005-021]", HostState.Ok, host => host with { Started = began, Ended = began.AddSeconds(35 + host.Host[^1] - '0'), Totals = new SyncTotals { New = 311, Changed = 17, Deleted = 4, Files = 328, Bytes = 24_800_000 } }),
            .. Hosts("web-023", HostState.Unchanged, host => host with { Started = began, Ended = began.AddSeconds(58), Totals = new SyncTotals() }),
            .. Hosts("web-004", HostState.Partial, host => host with { Started = began, Ended = began.AddSeconds(40), ExitCode = 23, Reason = "permission denied; mkstemp img/.a.png: Permission denied", Totals = new SyncTotals { New = 300, Changed = 11, Files = 311, Bytes = 23_000_000 } }),
            .. Hosts("web-040", HostState.Unreachable, host => host with { Started = began, Ended = began.AddSeconds(5), Reason = "dial timeout" }),
            .. Hosts("web-022,web-[024-030]", HostState.Running, host => host with { Started = began, Progress = Progress(201, 15_000_000, 2_100_000) }),
            .. Hosts("web-031", HostState.Running, host => host with { Started = began, Progress = Progress(36, 2_700_000, 100_000) }),
            .. Hosts("web-032", HostState.Running, host => host with { Started = began, Progress = Progress(12, 1_000_000, null) with { StalledSeconds = 31 } }),
            .. Hosts("web-[033-039]", HostState.Queued),
        ];
        return Job("8K2", Order.Rsync, hosts, JobState.Running).Viewed(job => job with
        {
            Rollout = new RolloutSpec { MaxParallel = 10, MaxFailures = "3" },
            Summary = job.Summary with { BytesDone = 605_000_000, BytesTotal = 992_000_000, BytesPerSecond = 18_400_000, EtaSeconds = 160 },
        }) with
        { Rates = [.. Enumerable.Range(0, 72).Select(second => (long)(9e6 + 9e6 * Math.Sin(second / 6.0)))] };
    }

    /// <summary>The plan of the specification: 37 hosts of one shape, two that delete much, one without a plan.</summary>
    public static JobRecord Plan()
    {
        var (usual, odd) = (Changes(311, 17, 4), Changes(311, 17, 212));
        List<HostStanding> hosts =
        [
            .. Hosts("web-[001-037]", HostState.Ok, host => host with { Shape = usual.Digest(), Totals = new SyncTotals { New = 311, Changed = 17, Deleted = 4, Files = 328, Bytes = 24_800_000 } }),
            .. Hosts("web-[038-039]", HostState.Ok, host => host with { Shape = odd.Digest(), Totals = new SyncTotals { New = 311, Changed = 17, Deleted = 212, Files = 328, Bytes = 24_800_000 } }),
            .. Hosts("web-040", HostState.Unreachable, host => host with { Reason = "no answer within 5 s" }),
        ];
        return Job("8K1", Order.Rlist, hosts, isPlan: true) with { Contents = ImmutableDictionary<string, ShapeContent?>.Empty.Add(usual.Digest(), usual).Add(odd.Digest(), odd) };
    }

    /// <summary>A command on twelve hosts: ten said the same, one something else, one failed.</summary>
    public static JobRecord Command()
    {
        var (usual, other, failed) = (Output(0, "nginx: the configuration file is ok\nreloaded\n"), Output(0, "nginx: the configuration file is ok\n", "warning: low on space\n"), Output(1, string.Empty, "nginx: [emerg] unknown directive \"sevrer\" in /etc/nginx/nginx.conf:7\n"));
        List<HostStanding> hosts =
        [
            .. Hosts("web-[001-010]", HostState.Ok, host => host with { Started = Now.AddSeconds(-70), Ended = Now.AddSeconds(-69), ExitCode = 0, Shape = usual.Digest() }),
            .. Hosts("web-011", HostState.Ok, host => host with { Started = Now.AddSeconds(-70), Ended = Now.AddSeconds(-68), ExitCode = 0, Shape = other.Digest() }),
            .. Hosts("web-012", HostState.Failed, host => host with { Started = Now.AddSeconds(-70), Ended = Now.AddSeconds(-66), ExitCode = 1, Shape = failed.Digest(), Reason = "exit code 1" }),
        ];
        return Job("8K3", Order.Exec, hosts, what: "nginx-reload") with
        {
            Contents = ImmutableDictionary<string, ShapeContent?>.Empty.Add(usual.Digest(), usual).Add(other.Digest(), other).Add(failed.Digest(), failed),
        };
    }

    /// <summary>A change set of so many of each kind.</summary>
    public static ShapeContent Changes(int added, int changed, int deleted)
    {
        List<Change> all =
        [
            .. Enumerable.Range(1, changed).Select(number => new Change { Kind = ChangeKind.Changed, Type = 'f', Size = 6100 + number, Time = "2026-11-22T10:00:00Z", Name = Encoding.UTF8.GetBytes($"app/page-{number:000}.html") }),
            .. Enumerable.Range(1, deleted).Select(number => new Change { Kind = ChangeKind.Deleted, Type = Change.NotTold, Name = Encoding.UTF8.GetBytes($"uploads/2026/11/22/{number:0000}.jpg") }),
            .. Enumerable.Range(1, added).Select(number => new Change { Kind = ChangeKind.New, Type = 'f', Size = 412_000 + number, Time = "2026-11-22T09:30:00Z", Name = Encoding.UTF8.GetBytes($"app/release/9f3c2e/{number:000000}.js") }),
        ];
        var lines = new ArrayBufferWriter<byte>();
        foreach (var change in all)
        {
            change.WriteTo(lines);
        }

        return new ShapeContent(ShapeKind.Changes, lines.WrittenMemory);
    }

    public static ShapeContent Output(int exitCode, string output, string errors = "") => ShapeContent.OfOutput(exitCode, Encoding.UTF8.GetBytes(output), Encoding.UTF8.GetBytes(errors));

    /// <summary>What runs, what has ended, well and badly.</summary>
    public static JobRecord[] SomeJobs() =>
    [
        Rollout(),
        Plan().Viewed(job => job with { Accepted = Now.AddMinutes(-3), Ended = Now.AddMinutes(-2) }),
        Command().Viewed(job => job with { Accepted = Now.AddHours(-2), Ended = Now.AddHours(-2).AddSeconds(4), Why = "release 7" }),
        Job("8K4", Order.Rsync, [.. Hosts("db-[001-003]", HostState.Ok), .. Hosts("db-004", HostState.Failed)], what: "config").Viewed(job => job with { Accepted = Now.AddDays(-2), Started = Now.AddDays(-2), Ended = Now.AddDays(-2).AddMinutes(4), By = "bob@laptop" }),
        Job("8K5", Order.Rsync, [.. Hosts("img-[001-200]", HostState.Ok), .. Hosts("img-[201-400]", HostState.Skipped)], JobState.Stopped, what: "static").Viewed(job => job with { Accepted = Now.AddDays(-400), Started = Now.AddDays(-400), Ended = Now.AddDays(-400).AddHours(3), Reason = "more than 3 hosts failed", By = null }),
    ];

    private static HostProgress Progress(long files, long bytes, long? rate) => new() { BytesDone = bytes, BytesTotal = 24_800_000, FilesDone = files, FilesTotal = 328, BytesPerSecond = rate };
}
