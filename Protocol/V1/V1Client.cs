using System.Globalization;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;

namespace Deploy.Protocol.V1;

/// <summary>The jobs of a daemon, asked across the v1 wire. Small: make one for each daemon, and for each host that is asked.</summary>
/// <param name="wire">Carries the requests.</param>
/// <param name="peer">The daemon.</param>
internal sealed partial class V1Client(V1Wire wire, V1Peer peer) : IJobs
{
    private const string Root = "/v1/jobs";

    /// <summary>An act of cancelling is answered when every host has ended, or its time there is over.</summary>
    private static readonly TimeSpan ActTime = TimeSpan.FromMinutes(2);

    /// <summary>Whom it asks.</summary>
    public V1Peer Peer => peer;

    /// <summary>Whether what is asked of it is signed on the way, where it is not signed yet.</summary>
    public bool Signs => wire.Signs(peer);

    /// <summary>The longest wait for each next byte of an answer.</summary>
    public TimeSpan Silence { get; init; } = V1Limits.Silence;

    /// <summary>The same with another wait.</summary>
    public V1Client Within(TimeSpan silence) => new(wire, peer) { Silence = silence };

    public async Task<Submission> SubmitAsync(JobDocument document, Asker asker, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(new V1Request(HttpMethod.Post, Root) { Body = document.Bytes, Proof = document.Proof, AsHost = asker.AsHost }, cancellationToken).ConfigureAwait(false);
        return await SubmissionAsync(answer, document.Spec.Id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Hands in a job and reads its events on the same connection: one request for one host.</summary>
    /// <returns>The stream, the caller's to dispose of; or why it was refused.</returns>
    /// <exception cref="V1Failure">On the way.</exception>
    /// <exception cref="V1Cancelled">The caller gave up.</exception>
    public Task<(V1Stream? Stream, Problem? Problem)> SubmitAndFollowAsync(JobDocument document, string? asHost, CancellationToken cancellationToken) =>
        StreamAsync(new V1Request(HttpMethod.Post, Root) { Body = document.Bytes, Proof = document.Proof, AsHost = asHost, Accept = V1Names.Lines, IsLast = true }, cancellationToken);

    /// <summary>The events of a job that is there.</summary>
    /// <returns>The stream, the caller's to dispose of; or why there is none.</returns>
    /// <exception cref="V1Failure">On the way.</exception>
    /// <exception cref="V1Cancelled">The caller gave up.</exception>
    public Task<(V1Stream? Stream, Problem? Problem)> FollowAsync(JobId? id, string? since, CancellationToken cancellationToken)
    {
        string path = id is null ? "/v1/events" : $"{Root}/{id}/events";
        return StreamAsync(new V1Request(HttpMethod.Get, path + Query(("since", since))) { Accept = V1Names.Lines, IsLast = true }, cancellationToken);
    }

    public async IAsyncEnumerable<JobEvent> EventsAsync(JobId? id, string? since, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (stream, problem) = await FollowAsync(id, since, cancellationToken).ConfigureAwait(false);
        if (stream is null)
        {
            if (problem!.Type != ProblemTypes.NotFound)
            {
                throw Refusal(problem);
            }

            yield break;
        }

        using (stream)
        {
            await foreach (var next in stream.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return id is null || next.Job is null || next.Job == id ? next : throw new V1Failure(V1Fault.Broken, peer, $"it was asked about job {id}, and tells of {next.Job}");
            }
        }
    }

    public async Task<Submission> ActAsync(JobId id, JobAct act, Asker asker, CancellationToken cancellationToken)
    {
        string word = act switch { JobAct.Cancel => "cancel", JobAct.Pause => "pause", JobAct.Resume => "resume", _ => throw new ArgumentOutOfRangeException(nameof(act)) };
        using var answer = await SendAsync(new V1Request(HttpMethod.Post, $"{Root}/{id}/{word}") { Body = ReadOnlyMemory<byte>.Empty, Proof = asker.Proof, By = asker.By, HeadTime = ActTime }, cancellationToken).ConfigureAwait(false);
        return await SubmissionAsync(answer, id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A document that is there; null where the daemon says that there is none.</summary>
    /// <exception cref="V1Failure">On the way, or it said no for another reason.</exception>
    private async Task<T?> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using var answer = await SendAsync(new V1Request(HttpMethod.Get, path), cancellationToken).ConfigureAwait(false);
        return await IsThereAsync(answer, cancellationToken).ConfigureAwait(false) ? await answer.DocumentAsync(type, cancellationToken).ConfigureAwait(false) : null;
    }

    /// <summary>False for what the daemon says is not there.</summary>
    private async Task<bool> IsThereAsync(V1Answer answer, CancellationToken cancellationToken)
    {
        if (answer.IsGood)
        {
            return true;
        }

        var problem = await answer.ProblemAsync(cancellationToken).ConfigureAwait(false);
        return problem.Type == ProblemTypes.NotFound ? false : throw Refusal(problem);
    }

    private Task<V1Answer> SendAsync(V1Request request, CancellationToken cancellationToken) => wire.SendAsync(peer, request, Silence, cancellationToken);

    private async Task<(V1Stream? Stream, Problem? Problem)> StreamAsync(V1Request request, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (answer.IsGood)
        {
            return (new V1Stream(answer), null);
        }

        using (answer)
        {
            return (null, await answer.ProblemAsync(cancellationToken).ConfigureAwait(false));
        }
    }

    private async Task<Submission> SubmissionAsync(V1Answer answer, JobId id, CancellationToken cancellationToken) => answer.IsGood
        ? new Submission.Taken(Of(id, await answer.DocumentAsync(V1PeerJson.Default.JobView, cancellationToken).ConfigureAwait(false)), IsNew: answer.Status == 202)
        : new Submission.Refused(await answer.ProblemAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>What it tells of a job, which must be the one that it was asked about.</summary>
    private JobView Of(JobId id, JobView view) => view.Id == id ? view : throw new V1Failure(V1Fault.Broken, peer, $"it was asked about job {id}, and answers about {view.Id}");

    private V1Failure Refusal(Problem problem) => new(V1Fault.Refused, peer, problem.Hint is null ? problem.Detail : $"{problem.Detail}; {problem.Hint}") { Problem = problem };

    /// <summary>E.g. <c>?state=failed&amp;host=web-1</c>; what is null is left out.</summary>
    private static string Query(params ReadOnlySpan<(string Name, string? Value)> parts)
    {
        var query = new StringBuilder();
        foreach (var (name, value) in parts)
        {
            if (value is not null)
            {
                query.Append(CultureInfo.InvariantCulture, $"{(query.Length == 0 ? '?' : '&')}{name}={Uri.EscapeDataString(value)}");
            }
        }

        return query.ToString();
    }
}
