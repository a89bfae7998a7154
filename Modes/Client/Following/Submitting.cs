using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Text;
using Deploy.Modes.Client.Journal;
using Deploy.Output;
using Deploy.Protocol.V1;

namespace Deploy.Modes.Client.Following;

/// <summary>Hands in a job: what is asked twice by one id is one job, so it is asked again where the answer was lost.</summary>
/// <param name="place">Who takes it.</param>
/// <param name="terminal">Says what is waited for.</param>
/// <param name="time">The clock.</param>
internal sealed class Submitting(JobPlace place, Terminal terminal, TimeProvider time)
{
    private const int Tries = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeasePause = TimeSpan.FromSeconds(5);

    /// <summary>The job as it was taken.</summary>
    /// <param name="document">The job.</param>
    /// <param name="wait">Whether another job's lease is waited for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="UserError">It is refused, or nobody answers.</exception>
    public async Task<JobView> TakeAsync(JobDocument document, bool wait, CancellationToken cancellationToken)
    {
        string? said = null;
        for (int tries = 1; ;)
        {
            try
            {
                switch (await place.Jobs.SubmitAsync(document, new Asker("local", document.Spec.By), cancellationToken).ConfigureAwait(false))
                {
                    case Submission.Taken taken:
                        return taken.Job;
                    case Submission.Refused { Problem: { Type: ProblemTypes.Leased } lease } when wait:
                        if (said != lease.Detail)
                        {
                            terminal.Error.WriteLine($"waiting: {SafeText.Of(lease.Detail)}");
                            said = lease.Detail;
                        }

                        await WaitAsync(document.Spec.Id, cancellationToken).ConfigureAwait(false);
                        break;
                    case Submission.Refused refused:
                        throw JobExit.Refused(place, refused.Problem);
                }
            }
            catch (V1Failure failure) when (failure.IsOtherKey && tries == 1)
            {
                throw; // it, or whoever is in between, got nothing, and did not before
            }
            catch (IOException error) when (error is not V1Failure { IsOtherKey: true } && tries++ < Tries)
            {
                terminal.Error.WriteLine($"{error.Message}; asking again, which starts nothing twice");
                await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
            }
            catch (IOException error)
            {
                throw new UserError(error.Message, ExitCodes.HostUnreachable, $"whether it was taken is told by: deploy client watch {document.Spec.Id}{place.Option}");
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw new UserError("interrupted before the job was taken for sure", ExitCodes.Interrupted, $"whether it was is told by: deploy client watch {document.Spec.Id}{place.Option}");
            }
        }
    }

    /// <summary>Between two tries, of which the last was refused: what is interrupted here was not taken.</summary>
    private async Task WaitAsync(JobId id, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(LeasePause, time, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw new UserError($"interrupted while it waited: job {id} was not taken, nothing was started", ExitCodes.Interrupted);
        }
    }
}
