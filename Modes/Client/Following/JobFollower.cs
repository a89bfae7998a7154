using System.Globalization;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Modes.Client.Journal;
using Deploy.Modes.Client.Ordering;
using Deploy.Output;
using Deploy.Output.Live;
using Deploy.Protocol.V1;

namespace Deploy.Modes.Client.Following;

/// <summary>How following a job ended.</summary>
internal enum Followed
{
    /// <summary>The job has ended, and the picture is whole.</summary>
    ToItsEnd,

    /// <summary>It was left: Ctrl-C twice, or SIGTERM.</summary>
    Left,

    /// <summary>The client's deadline passed.</summary>
    DeadlinePassed,
}

/// <summary>Follows a job from where it stands to its end, by its events; a connection that breaks is made again and goes on behind the last event.</summary>
/// <param name="place">Who has the job.</param>
/// <param name="picture">Takes what is heard.</param>
/// <param name="face">Shows it.</param>
/// <param name="time">The clock.</param>
internal sealed class JobFollower(JobPlace place, JobPicture picture, Face face, TimeProvider time)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200); // five times a second: an eye asks for no more
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500); // between two tries
    private const int MostBroken = 3; // answers that are none of v1: what does not speak it now does not speak it later
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private int broken;

    /// <summary>Ends with the job, or when it is to be left.</summary>
    /// <param name="interrupts">Ctrl-C.</param>
    /// <param name="deadline">How long at most; null is without end.</param>
    public async Task<Followed> RunAsync(Interrupts interrupts, TimeSpan? deadline)
    {
        using var late = new CancellationTokenSource(deadline ?? Timeout.InfiniteTimeSpan, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(interrupts.Leave, late.Token);
        using var ticking = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        interrupts.OnFirst(() => face.Say(Standing()));
        var ticks = TickAsync(ticking.Token);
        try
        {
            await FollowAsync(stop.Token).ConfigureAwait(false);
            return Followed.ToItsEnd;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return interrupts.Leave.IsCancellationRequested ? Followed.Left : Followed.DeadlinePassed;
        }
        finally
        {
            interrupts.OnFirst(null);
            await ticking.CancelAsync().ConfigureAwait(false);
            await ticks.ConfigureAwait(false);
        }
    }

    private string Standing()
    {
        var summary = picture.Summary;
        return $"{CountText.Ended(summary)} of {CountText.Hosts(summary.Hosts)} ended: {CountText.Of(summary)}. {place.Future}; stop it with: deploy client cancel {picture.Job.Id}{place.Option}";
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        string? since = null, said = null;
        var pause = FirstPause;
        while (true)
        {
            bool ended = false, heard = false;
            try
            {
                await foreach (var what in place.Jobs.EventsAsync(picture.Job.Id, since, cancellationToken).ConfigureAwait(false))
                {
                    Hear(what);
                    heard |= what.Type is not EventType.Hello;
                    since = string.Create(CultureInfo.InvariantCulture, $"{what.Epoch}:{what.Seq}");
                    if (what.Type == EventType.End)
                    {
                        ended = true;
                        break;
                    }
                }
            }
            catch (V1Failure failure) when (failure.Problem is { Status: 400 or 401 or 403 } problem)
            {
                throw JobExit.Refused(place, problem); // it would say the same again
            }
            catch (V1Failure failure) when (IsHopeless(failure))
            {
                throw JobExit.Lost(place, picture.Job, failure);
            }
            catch (IOException error)
            {
                if (said != error.Message)
                {
                    said = error.Message;
                    face.Say($"{said}; the job goes on there, it is asked again until it answers");
                }
            }

            said = heard ? null : said;

            if (await CompleteAsync(ended, cancellationToken).ConfigureAwait(false))
            {
                return;
            }

            pause = heard ? FirstPause : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What cannot be shown is not a connection that broke: it would be asked for again, and be missing.</summary>
    private void Hear(JobEvent what)
    {
        var moved = picture.Take(what);
        try
        {
            face.Heard(what, moved);
        }
        catch (IOException)
        {
            throw JobExit.Unwritten("an event", place, picture.Job);
        }
    }

    /// <summary>What GET says is the truth: true where the job has ended, and all of it is in the picture then.</summary>
    private async Task<bool> CompleteAsync(bool ended, CancellationToken cancellationToken)
    {
        if (ended && picture.IsWhole)
        {
            return true;
        }

        try
        {
            if (await place.Jobs.FindAsync(picture.Job.Id, cancellationToken).ConfigureAwait(false) is not { } job)
            {
                throw new UserError($"{place.Name} does not know job {picture.Job.Id} any more", ExitCodes.HostUnreachable, "what became of its hosts is not known: ask with the status order");
            }

            if (!job.State.IsTerminal())
            {
                return false;
            }

            picture.Take(job, await JobPages.HostsAsync(place.Jobs, job.Id, [], cancellationToken).ConfigureAwait(false) ?? []);
            return true;
        }
        catch (V1Failure failure) when (IsHopeless(failure))
        {
            throw JobExit.Lost(place, picture.Job, failure);
        }
        catch (IOException)
        {
            return false; // it is said when the events are asked for
        }
    }

    /// <summary>True where asking again does not help: it is somebody else now, or does not speak v1.</summary>
    private bool IsHopeless(V1Failure failure) => failure.IsOtherKey || (failure.Fault == V1Fault.Broken && ++broken >= MostBroken);

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Pace, time);
        try
        {
            do
            {
                face.Tick();
            }
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // It is over.
        }
    }
}
