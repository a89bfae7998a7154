using System.Collections.Concurrent;
using Deploy.Jobs.Engine;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Protocol.V1;

namespace Deploy.Jobs.Remote;

/// <summary>Fetches the contents of large shapes: each once a job, however many hosts end in it, and a few at a time, since each is held in memory whole.</summary>
/// <param name="time">The clock.</param>
internal sealed class ShapeFetches(TimeProvider time)
{
    private const int AtOnce = 4;

    /// <summary>Never disposed of: it has nothing that would need it.</summary>
    private SemaphoreSlim Room { get; } = new(AtOnce);

    private readonly ConcurrentDictionary<(JobId Job, string Digest), SemaphoreSlim> turns = new();

    /// <summary>Runs the end of a host whose shape's content did not come with its event: the first of each digest fetches it, the others wait for that and need not. Nobody waits behind a cancellation, or for ever.</summary>
    /// <param name="run">The host.</param>
    /// <param name="client">Asks it.</param>
    /// <param name="digest">Of the shape.</param>
    /// <param name="end">Ends the host: with the content, or null where the job has it; or with why it could not be had.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task EndAsync(IHostRun run, V1Client client, string digest, Func<ShapeContent?, V1Failure?, Task> end, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(V1Limits.ShapeTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, run.Cancelled, limit.Token);
        try
        {
            await EndInTimeAsync(run, client, digest, end, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await end(null, new V1Failure(V1Fault.Lost, client.Peer, run.Cancelled.IsCancellationRequested ? "the job was cancelled meanwhile" : $"not within {V1Limits.ShapeTime.TotalMinutes:0} min")).ConfigureAwait(false);
        }
    }

    private async Task EndInTimeAsync(IHostRun run, V1Client client, string digest, Func<ShapeContent?, V1Failure?, Task> end, CancellationToken cancellationToken)
    {
        var key = (run.Document.Spec.Id, digest);
        while (!run.HasShape(digest))
        {
            var own = new SemaphoreSlim(0, 1);
            var turn = turns.GetOrAdd(key, own);
            if (turn != own)
            {
                await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
                turn.Release(); // for the next that waits
                continue;
            }

            try
            {
                await FetchAsync(run, client, digest, end, cancellationToken).ConfigureAwait(false);
                return;
            }
            finally
            {
                turns.TryRemove(key, out _);
                own.Release();
            }
        }

        await end(null, null).ConfigureAwait(false);
    }

    private async Task FetchAsync(IHostRun run, V1Client client, string digest, Func<ShapeContent?, V1Failure?, Task> end, CancellationToken cancellationToken)
    {
        await Room.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ShapeContent? content = null;
            V1Failure? failure = null;
            try
            {
                content = await client.ShapeAsync(run.Document.Spec.Id, digest, cancellationToken).ConfigureAwait(false);
            }
            catch (V1Failure error)
            {
                failure = error;
            }

            await end(content, content is null ? failure ?? new V1Failure(V1Fault.Refused, client.Peer, "it does not have it any more") : null).ConfigureAwait(false);
        }
        finally
        {
            Room.Release();
        }
    }
}
