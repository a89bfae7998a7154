using Deploy.Jobs.Engine;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Text;
using Deploy.Protocol.V1;

namespace Deploy.Jobs.Remote;

/// <summary>What an agent tells of its host, until its end.</summary>
internal sealed partial class RemoteHost
{
    private const int LogBytes = 64 * 1024; // of rsync's words that are kept here; the agent keeps its own

    private readonly List<LogLine> log = [];
    private int logBytes;

    /// <summary>Reads a stream to its host's end.</summary>
    /// <param name="stream">Its events; disposed of here.</param>
    /// <param name="cancellationToken">The daemon stops, or nobody waits any longer.</param>
    /// <param name="heedsCancel">False while it is being cancelled: then its end is what is waited for.</param>
    private async Task<Try> FollowAsync(V1Stream stream, CancellationToken cancellationToken, bool heedsCancel = true)
    {
        using var own = stream;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, heedsCancel ? run.Cancelled : CancellationToken.None);
        var check = new StreamCheck(id, run.Host);
        long began = time.GetTimestamp();
        bool isHere = false;
        await using var events = stream.ReadAsync(either.Token).GetAsyncEnumerator(CancellationToken.None);
        try
        {
            while (await events.MoveNextAsync().ConfigureAwait(false))
            {
                var next = events.Current;
                if (check.Fault(next) is { } fault)
                {
                    return await BadAsync($"its stream {fault}").ConfigureAwait(false);
                }

                if (stream.BytesRead > settings.StreamBytes + (settings.StreamBytesPerSecond * time.GetElapsedTime(began).TotalSeconds))
                {
                    return await BadAsync("its stream says more than any order has to say").ConfigureAwait(false);
                }

                if (!isHere)
                {
                    isHere = true;
                    run.Lost(false);
                    Heard(next.Time, stream.Server);
                    await TakenAsync().ConfigureAwait(false);
                }
                else if (time.GetElapsedTime(heardAt) >= settings.HeardPace)
                {
                    Heard(null, null);
                }

                if (next is { Type: EventType.HostState, Standing: { } standing } && standing.State.IsTerminal())
                {
                    await Task.WhenAll(EndAsync(standing, next.Content, cancellationToken), DrainAsync(events, either)).ConfigureAwait(false);
                    return Done;
                }

                Tell(next);
            }

            return new Try.Lost("its stream ended before its host did");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Try.Lost("it is to be cancelled");
        }
        catch (V1Failure failure) when (failure.Fault == V1Fault.Broken)
        {
            return await BadAsync(failure.Why).ConfigureAwait(false);
        }
        catch (V1Failure failure)
        {
            return Missed(failure);
        }
    }

    /// <summary>The agent has the job: it runs, as far as is known here.</summary>
    private async Task TakenAsync()
    {
        if (!taken)
        {
            taken = true;
            await run.RunningAsync().ConfigureAwait(false);
        }

        Wait(null);
    }

    private void Tell(JobEvent what)
    {
        switch (what.Type)
        {
            case EventType.HostState or EventType.HostProgress:
                Wait(what.Standing!.Waiting is { } waits ? SafeText.Of(waits, V1Answer.TextLength) : null);
                if (what.Standing.Progress is { } progress)
                {
                    run.Progress(progress);
                }

                break;
            case EventType.HostLog:
                run.Log(what.Log!);
                if ((logBytes += what.Log!.Text.Length) <= LogBytes && run.Document.Spec.Order != Order.Exec)
                {
                    log.Add(what.Log); // a command's output is its shape
                }

                break;
        }
    }

    /// <summary>Ends the host as its agent says.</summary>
    private async Task EndAsync(HostStanding standing, ShapeContent? content, CancellationToken cancellationToken)
    {
        var end = new HostEnd(standing.State, Safe(standing.Reason))
        {
            Cause = standing.Cause is { } cause ? SafeText.Of(cause, 64) : null,
            Warning = Safe(standing.Warning),
            ExitCode = standing.ExitCode,
            Totals = standing.Totals,
            Shape = standing.Shape,
            Log = log,
            Ended = Plausible(standing.Ended),
        };
        switch (standing.State)
        {
            case HostState.Skipped:
                end = end with { State = HostState.Refused, Cause = end.Cause ?? Reasons.TooLate, Reason = end.Reason ?? "it had no turn there in its time" };
                break;
            case HostState.Unreachable:
                end = new HostEnd(HostState.Unknown, "its agent calls itself unreachable") { Cause = Reasons.BadAnswer };
                break;
        }

        if (end.Shape is not { } digest || content is not null)
        {
            bool needed = end.Shape is { } named && !run.HasShape(named);
            await TellEndAsync(end with { Content = needed ? content : null }).ConfigureAwait(false);
            return;
        }

        await shapes.EndAsync(
            run,
            client,
            digest,
            (fetched, failure) => TellEndAsync(failure switch
            {
                null => end with { Content = fetched },
                { Fault: V1Fault.Broken } => end with { State = ReadsOnly ? HostState.Failed : HostState.Unknown, Cause = Reasons.BadAnswer, Reason = failure.Why, Shape = null },
                _ => end with { Warning = $"{(end.Warning is null ? string.Empty : end.Warning + "; ")}what it changed or printed could not be fetched: {failure.Why}" },
            }),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads what follows the host's end, so that the agent may close in peace; a moment at most.</summary>
    private async Task DrainAsync(IAsyncEnumerator<JobEvent> events, CancellationTokenSource stop)
    {
        stop.CancelAfter(settings.DrainTime);
        try
        {
            while (await events.MoveNextAsync().ConfigureAwait(false) && events.Current.Type != EventType.End)
            {
            }
        }
        catch (Exception error) when (error is V1Failure or OperationCanceledException)
        {
            // The host has ended; what else there was to say does not matter.
        }
    }

    /// <summary>A time by the host's clock that can be true; else null, which is now.</summary>
    private DateTimeOffset? Plausible(DateTimeOffset? ended) => ended >= firstAsked && ended <= time.GetUtcNow() ? ended : null;

    private static string? Safe(string? text) => text is null ? null : SafeText.Of(text, V1Answer.TextLength);
}
