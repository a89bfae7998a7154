using System.Runtime.CompilerServices;
using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Tests.Modes.Client.Following;

/// <summary>Jobs that a test has written down.</summary>
internal sealed class ScriptedJobs : IJobs
{
    /// <summary>What is known, the newest first.</summary>
    public List<JobView> Known { get; } = [];

    public Dictionary<JobId, List<HostStanding>> HostsOf { get; } = [];

    public Dictionary<string, ShapeContent> Contents { get; } = [];

    public List<Shape> Shapes { get; } = [];

    public Dictionary<string, IReadOnlyList<LogLine>> Logs { get; } = [];

    /// <summary>What comes of a job that is handed in, one a try; the last one again.</summary>
    public Queue<Func<JobDocument, Submission>> Answers { get; } = new();

    /// <summary>What each reading of events gives, by what it is asked behind.</summary>
    public Func<string?, CancellationToken, IAsyncEnumerable<JobEvent>> Events { get; set; } = (_, _) => NoneAsync();

    /// <summary>Comes before the content of a shape, and before the list of them.</summary>
    public Func<CancellationToken, Task> Fetching { get; set; } = _ => Task.CompletedTask;

    public List<JobDocument> Submitted { get; } = [];

    public List<string?> Since { get; } = [];

    public Task<Submission> SubmitAsync(JobDocument document, Asker asker, CancellationToken cancellationToken)
    {
        Submitted.Add(document);
        var answer = Answers.Count > 1 ? Answers.Dequeue() : Answers.Peek();
        return Task.FromResult(answer(document));
    }

    public Task<JobView?> FindAsync(JobId id, CancellationToken cancellationToken) => Task.FromResult(Known.Find(job => job.Id == id));

    /// <summary>The pages of jobs; null for those of <see cref="Known"/>.</summary>
    public Func<Page<JobView>>? Listing { get; set; }

    public Task<Page<JobView>> ListAsync(JobQuery query, CancellationToken cancellationToken)
    {
        if (Listing is not null)
        {
            return Task.FromResult(Listing());
        }

        int from = query.Cursor is null ? 0 : int.Parse(query.Cursor, System.Globalization.CultureInfo.InvariantCulture);
        return Task.FromResult(new Page<JobView>([.. Known.Skip(from).Take(2)], from + 2 < Known.Count ? $"{from + 2}" : null));
    }

    public Task<Page<HostStanding>?> HostsAsync(JobId id, IReadOnlyList<HostState> states, string? cursor, CancellationToken cancellationToken) => Task.FromResult(
        HostsOf.TryGetValue(id, out var hosts) ? new Page<HostStanding>([.. hosts.Where(host => states.Count == 0 || states.Contains(host.State))], null) : null);

    public IAsyncEnumerable<JobEvent> EventsAsync(JobId? id, string? since, CancellationToken cancellationToken)
    {
        Since.Add(since);
        return Events(since, cancellationToken);
    }

    public async Task<IReadOnlyList<Shape>?> ShapesAsync(JobId id, CancellationToken cancellationToken)
    {
        await Fetching(cancellationToken);
        return Shapes;
    }

    public async Task<ShapeContent?> ShapeAsync(JobId id, string digest, CancellationToken cancellationToken)
    {
        await Fetching(cancellationToken);
        return Contents.GetValueOrDefault(digest);
    }

    public Task<IReadOnlyList<LogLine>?> LogAsync(JobId id, string host, CancellationToken cancellationToken) => Task.FromResult(Logs.GetValueOrDefault(host));

    public Task<Submission> ActAsync(JobId id, JobAct act, Asker asker, CancellationToken cancellationToken) => Task.FromResult<Submission>(new Submission.Taken(Known.Find(job => job.Id == id)!, IsNew: false));

    public Task<IReadOnlyList<Lease>> LeasesAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Lease>>([]);

    public Task<Problem?> StealAsync(string what, string reason, Asker asker, CancellationToken cancellationToken) => Task.FromResult<Problem?>(null);

    public static async IAsyncEnumerable<JobEvent> Of(IEnumerable<JobEvent> events, Exception? then = null, bool hangs = false, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var what in events)
        {
            yield return what;
        }

        if (hangs)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        if (then is not null)
        {
            throw then;
        }
    }

    private static IAsyncEnumerable<JobEvent> NoneAsync() => Of([]);
}
