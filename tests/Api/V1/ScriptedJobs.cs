using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Tests.Api.V1;

/// <summary>Jobs that are what a test says: the API in front of them is real, they are not.</summary>
internal sealed class ScriptedJobs : IJobs
{
    public const string Epoch = "01KAMQ3V000000000000000000";

    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    /// <summary>What was asked: the act and who asked.</summary>
    public ConcurrentQueue<(string What, Asker Asker)> Asked { get; } = new();

    public ConcurrentDictionary<JobId, (JobDocument Document, JobView View)> Taken { get; } = new();

    /// <summary>Refuses whatever comes; null takes it.</summary>
    public Problem? Refusal { get; set; }

    /// <summary>What a stream gives.</summary>
    public Func<JobId?, string?, CancellationToken, IAsyncEnumerable<JobEvent>> Events { get; set; } = (id, _, token) => Three(id, token);

    public ShapeContent Content { get; set; } = new(ShapeKind.Changes, "new f a\nnew f b\n"u8.ToArray());

    public static string Digest => new('a', 64);

    public static JobView View(JobId id) => new()
    {
        Id = id,
        Order = Order.Rsync,
        What = "site",
        Hosts = "web-[1-2]",
        State = JobState.Running,
        Accepted = Noon,
        By = "jo@desk",
        Peer = "127.0.0.1:1",
        Why = "a release",
        NotAfter = Noon.AddHours(1),
        Started = Noon,
        Rollout = new RolloutSpec { Batches = "1,100%", Canary = "1", OnFailure = OnFailure.Stop },
        Summary = Summary,
        Spec = new JobSpec { Id = id, Order = Order.Rsync, Hosts = "web-[1-2]", Group = "site", NotAfter = Noon, Plan = new Dictionary<string, string> { [Digest] = "web-[1-2]" } },
    };

    public static JobSummary Summary => new() { State = JobState.Running, Hosts = 2, Counts = new Dictionary<string, int> { ["ok"] = 1, ["running"] = 1 }, BytesDone = 5, BytesTotal = 10, BytesPerSecond = 3, EtaSeconds = 2 };

    public static HostStanding Standing(string host, HostState state) => new()
    {
        Host = host,
        State = state,
        Rev = 3,
        Reason = "why",
        Cause = Reasons.Guard,
        Warning = "look",
        Waiting = "for a turn",
        Batch = 1,
        Started = Noon,
        Ended = Noon,
        ExitCode = 23,
        Totals = new SyncTotals { New = 1, Bytes = 5 },
        Progress = new HostProgress { BytesDone = 1, FilesDone = 1, BytesTotal = 3 },
        Shape = Digest,
    };

    public static JobEvent Event(long seq, EventType type, JobId? job = null) => new() { Seq = seq, Epoch = Epoch, Time = Noon, Type = type, Job = job };

    public Task<Submission> SubmitAsync(JobDocument document, Asker asker, CancellationToken cancellationToken)
    {
        Asked.Enqueue(("submit", asker));
        if (Refusal is { } problem)
        {
            return Task.FromResult<Submission>(new Submission.Refused(problem));
        }

        bool isNew = Taken.TryAdd(document.Spec.Id, (document, View(document.Spec.Id)));
        var there = Taken[document.Spec.Id];
        return Task.FromResult<Submission>(there.Document.Digest().AsSpan().SequenceEqual(document.Digest())
            ? new Submission.Taken(there.View, isNew)
            : new Submission.Refused(new Problem(ProblemTypes.OtherContent, 409, "another job", "that id is another job's") { Job = document.Spec.Id }));
    }

    public Task<JobView?> FindAsync(JobId id, CancellationToken cancellationToken) => Task.FromResult(Taken.TryGetValue(id, out var job) ? job.View : null);

    public Task<Page<JobView>> ListAsync(JobQuery query, CancellationToken cancellationToken)
    {
        Asked.Enqueue((query.ToString(), new Asker(string.Empty, null)));
        if (query.Cursor == "not-ours")
        {
            throw new ArgumentException("not a cursor of jobs");
        }

        return Task.FromResult(new Page<JobView>([.. Taken.Values.Select(job => job.View)], "next"));
    }

    public Task<Page<HostStanding>?> HostsAsync(JobId id, IReadOnlyList<HostState> states, string? cursor, CancellationToken cancellationToken)
    {
        Asked.Enqueue(($"hosts {string.Join(',', states)} {cursor}", new Asker(string.Empty, null)));
        return Task.FromResult(Taken.ContainsKey(id) ? new Page<HostStanding>([Standing("web-1", HostState.Partial)], null) : null);
    }

    public IAsyncEnumerable<JobEvent> EventsAsync(JobId? id, string? since, CancellationToken cancellationToken)
    {
        Asked.Enqueue(($"events {id} {since}", new Asker(string.Empty, null)));
        return Events(id, since, cancellationToken);
    }

    public Task<IReadOnlyList<Shape>?> ShapesAsync(JobId id, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Shape>?>(
        Taken.ContainsKey(id) ? [new Shape { Digest = Digest, Kind = Content.Kind, Hosts = "web-[1-2]", HostCount = 2, Totals = new SyncTotals { New = 2 } }] : null);

    public Task<ShapeContent?> ShapeAsync(JobId id, string digest, CancellationToken cancellationToken) => Task.FromResult(Taken.ContainsKey(id) && digest == Digest ? Content : null);

    public Task<IReadOnlyList<LogLine>?> LogAsync(JobId id, string host, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<LogLine>?>(Taken.ContainsKey(id) && host is "web-1" or "::1" ? [new LogLine("stdout", "one"), new LogLine("stderr", "two\u001b")] : null);

    public Task<Submission> ActAsync(JobId id, JobAct act, Asker asker, CancellationToken cancellationToken)
    {
        Asked.Enqueue((act.ToString(), asker));
        return Task.FromResult<Submission>(
            Refusal is { } problem ? new Submission.Refused(problem)
            : Taken.TryGetValue(id, out var job) ? new Submission.Taken(job.View, false)
            : new Submission.Refused(new Problem(ProblemTypes.NotFound, 404, "not found", "no such job")));
    }

    public Task<IReadOnlyList<Lease>> LeasesAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Lease>>(
        [new Lease { What = "site", Job = JobId.New(Noon), Hosts = "web-[1-2]", Holder = "jo@desk", Reason = "a release", Since = Noon, Expires = Noon.AddMinutes(1) }]);

    public Task<Problem?> StealAsync(string what, string reason, Asker asker, CancellationToken cancellationToken)
    {
        Asked.Enqueue(($"steal {what}: {reason}", asker));
        return Task.FromResult(Refusal ?? (what == "site" ? null : new Problem(ProblemTypes.NotFound, 404, "not found", "nobody holds it")));
    }

    private static async IAsyncEnumerable<JobEvent> Three(JobId? id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        yield return Event(7, EventType.Hello);
        yield return Event(8, EventType.HostState, id) with { Host = "web-1", Standing = Standing("web-1", HostState.Ok), Content = new ShapeContent(ShapeKind.Changes, "new f a\n"u8.ToArray()) };
        yield return Event(9, EventType.HostLog, id) with { Host = "web-1", Log = new LogLine("stdout", "it went") };
        yield return Event(9, EventType.Bookmark);
        yield return Event(10, EventType.End, id) with { Summary = Summary, Reason = "because" };
    }
}
