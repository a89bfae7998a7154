using Deploy.Jobs.Engine;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Protocol.V1;

namespace Deploy.Jobs.Remote;

/// <summary>Handing in, asking by id, cancelling.</summary>
internal sealed partial class RemoteHost
{
    private const long MostUptimeSeconds = 1L << 32;

    private bool heard;
    private long heardAt; // when that was told last

    /// <summary>Hands in the job's document and follows what comes.</summary>
    /// <param name="first">Whether nothing has left for the host before: then what cannot be sent has not started.</param>
    /// <param name="cancellationToken">The daemon stops.</param>
    private async Task<Try> HandInAsync(bool first, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, run.Cancelled);
        try
        {
            // What nobody signed is signed on the way, where the agent takes nothing else: then it has to say until when it may start.
            var document = client.Signs && run.Document is { Proof: null, Spec.NotAfter: null } open ? open.Until(run.NotAfter) : run.Document;
            var (stream, problem) = await client.SubmitAndFollowAsync(document, run.Host, either.Token).ConfigureAwait(false);
            if (stream is null)
            {
                Heard(null, null, problem!.Type is ProblemTypes.Unauthenticated or ProblemTypes.ClockSkew ? Reasons.Unauthenticated : null);
                return await EndAsync(Refusal(problem)).ConfigureAwait(false);
            }

            return await FollowAsync(stream, cancellationToken).ConfigureAwait(false);
        }
        catch (V1Cancelled cancelled) when (!cancellationToken.IsCancellationRequested)
        {
            return cancelled.Sent || !first ? new Try.Lost("cancelled before it answered") : await EndAsync(new HostEnd(HostState.Cancelled, "nothing was sent to it")).ConfigureAwait(false);
        }
        catch (V1Failure failure) when (failure.Fault == V1Fault.NotReached && first)
        {
            contacts.Missed(run.Host, failure.IsOtherKey);
            return await EndAsync(new HostEnd(HostState.Unreachable, failure.Why) { Cause = failure.IsOtherKey ? Reasons.OtherKey : null }).ConfigureAwait(false);
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

    /// <summary>Asks by the job's id.</summary>
    private async Task<Try> AskAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, run.Cancelled);
        try
        {
            var (stream, problem) = await client.FollowAsync(id, null, either.Token).ConfigureAwait(false);
            return stream is not null ? await FollowAsync(stream, cancellationToken).ConfigureAwait(false)
                : problem!.Type != ProblemTypes.NotFound ? new Try.Lost(problem.Detail)
                : !await IsNewThereAsync(either.Token).ConfigureAwait(false) ? await EndAsync(Forgotten()).ConfigureAwait(false)
                : denied is not null ? await EndAsync(new HostEnd(HostState.Cancelled, "it had not started there")).ConfigureAwait(false)
                : !taken && IsLate() ? await EndAsync(HostEnd.TooLate with { Reason = "it never came there, and its time to start is over (not_after); order again" }).ConfigureAwait(false)
                : await HandInAsync(first: false, cancellationToken).ConfigureAwait(false);
        }
        catch (V1Cancelled) when (!cancellationToken.IsCancellationRequested)
        {
            return new Try.Lost("cancelled while it was asked");
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

    /// <summary>Whether a job that the agent does not know may be handed in again: where it cannot have run there, and where it does no harm twice.</summary>
    private async Task<bool> IsNewThereAsync(CancellationToken cancellationToken)
    {
        if (taken || ReadsOnly)
        {
            return ReadsOnly;
        }

        var self = await client.SelfAsync(cancellationToken).ConfigureAwait(false);
        return self.IsKept == true || (self.UptimeSeconds is { } up && firstAskedAt is { } asked && TimeSpan.FromSeconds(Math.Min(up, MostUptimeSeconds)) > Since(asked) + UptimeMargin);
    }

    /// <summary>By the clock that nobody sets, or by the other where that went on while this machine slept.</summary>
    private TimeSpan Since(long asked) => time.GetElapsedTime(asked) is var ticked && time.GetUtcNow() - firstAsked is { } passed && passed > ticked ? passed : ticked;

    private HostEnd Forgotten() => new(
        HostState.Unknown,
        $"{(taken ? "its agent was restarted and does not know the order any more: it had started, and was cut short or not" : "its agent does not know the order, and was restarted since, or does not say whether: it may have started")}; {NextStep()}");

    /// <summary>Has it cancelled there, and waits for what it says; bounded.</summary>
    /// <returns>True where the agent does not let it, and the host is to be followed to its end; false where it has ended.</returns>
    private async Task<bool> CancelAsync(string why, CancellationToken cancellationToken)
    {
        denied = null;
        Wait("to be cancelled");
        using var limit = new CancellationTokenSource(settings.CancelTime, time);
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var again = new AskingAgain(settings, time);
        try
        {
            while (true)
            {
                var proof = run.CancelProof;
                var result = await CancelOnceAsync(proof, bounded.Token).ConfigureAwait(false);
                if (result is Try.Denied no)
                {
                    run.NotCancelled();
                    if (proof == run.CancelProof)
                    {
                        denied = $"could not be cancelled: {no.Why}";
                        Wait(null);
                        return true;
                    }
                }
                else if (result is not Try.Lost)
                {
                    return false;
                }

                why = result is Try.Lost lost ? lost.Why : why;
                await again.WaitAsync(bounded.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            await EndUnknownAsync($"it was to be cancelled, and did not say within {Shown(settings.CancelTime)} that it has stopped ({why})").ConfigureAwait(false);
            return false;
        }
    }

    private async Task<Try> CancelOnceAsync(RequestProof? proof, CancellationToken cancellationToken)
    {
        try
        {
            var asker = new Asker(client.Peer.Shown, run.Document.Spec.By) { Proof = proof };
            if (await client.ActAsync(id, JobAct.Cancel, asker, cancellationToken).ConfigureAwait(false) is Submission.Refused { Problem: var problem })
            {
                // An agent that does not know the id takes no job of it later either.
                return problem.Status is 401 or 403 ? new Try.Denied(problem.Detail)
                    : problem.Type != ProblemTypes.NotFound ? new Try.Lost(problem.Detail)
                    : await IsNewThereAsync(cancellationToken).ConfigureAwait(false) ? await EndAsync(new HostEnd(HostState.Cancelled, "it had not started there")).ConfigureAwait(false)
                    : await EndAsync(Forgotten()).ConfigureAwait(false);
            }

            var (stream, none) = await client.FollowAsync(id, null, cancellationToken).ConfigureAwait(false);
            return stream is null ? new Try.Lost(none!.Detail) : await FollowAsync(stream, cancellationToken, heedsCancel: false).ConfigureAwait(false);
        }
        catch (V1Failure failure)
        {
            return Missed(failure);
        }
    }

    private async Task<Try> EndAsync(HostEnd end)
    {
        await TellEndAsync(end).ConfigureAwait(false);
        return Done;
    }

    /// <summary>What the agent sends is not what v1 says: it is not asked again, since it would say the same.</summary>
    private Task<Try> BadAsync(string why) => EndAsync(ReadsOnly && taken
        ? new HostEnd(HostState.Failed, $"{why}; see that it is a deploy agent, and of which version") { Cause = Reasons.BadAnswer }
        : new HostEnd(HostState.Unknown, $"{why}; {(taken ? "it had started" : "it may have started")}: {NextStep()}") { Cause = Reasons.BadAnswer });

    private Try.Lost Missed(V1Failure failure)
    {
        if (failure.Fault == V1Fault.NotReached)
        {
            contacts.Missed(run.Host, failure.IsOtherKey);
        }

        return new Try.Lost(failure.Why);
    }

    private void Heard(DateTimeOffset? its, string? server, string? keyTrouble = null)
    {
        heard = true;
        heardAt = time.GetTimestamp();
        var now = time.GetUtcNow();
        contacts.Heard(run.Host, now, its - now, Versions.Of(server), keyTrouble: keyTrouble);
    }

    /// <summary>The agent's no.</summary>
    private static HostEnd Refusal(Problem problem) => new(problem.Type == ProblemTypes.Cancelled ? HostState.Cancelled : HostState.Refused, problem.Hint is null ? problem.Detail : $"{problem.Detail}; {problem.Hint}")
    {
        Cause = problem.Type switch
        {
            ProblemTypes.PlanDrift => Reasons.PlanDrift,
            ProblemTypes.Busy => Reasons.Busy,
            ProblemTypes.TooLate => Reasons.TooLate,
            ProblemTypes.Unauthenticated or ProblemTypes.ClockSkew => Reasons.Unauthenticated,
            _ => null,
        },
    };
}
