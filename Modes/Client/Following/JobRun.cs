using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Modes.Client.Journal;
using Deploy.Modes.Client.Ordering;
using Deploy.Output;
using Deploy.Output.Live;

namespace Deploy.Modes.Client.Following;

/// <summary>A job from being handed in, or from where it stands, to its exit code.</summary>
/// <param name="place">Who has it.</param>
/// <param name="showing">How it is shown.</param>
/// <param name="terminal">Where.</param>
/// <param name="time">The clock.</param>
internal sealed class JobRun(JobPlace place, Showing showing, Terminal terminal, TimeProvider time)
{
    /// <summary>Gives an order and follows it.</summary>
    public async Task<int> OrderAsync(OrderAsk ask, Interrupts interrupts)
    {
        PlannedHosts? planned = ask.Plan is null ? null : await PlannedHosts.OfAsync(ask, place, interrupts.Leave).ConfigureAwait(false);
        if (planned?.Left is { Length: > 0 } left)
        {
            terminal.WriteWarning($"the plan has nothing for these hosts, which are left out: {Model.Text.SafeText.Of(left)}");
        }

        var hosts = planned?.Hosts ?? await ChosenHosts.OfAsync(ask.Hosts, place, interrupts.Leave).ConfigureAwait(false);
        if (hosts.Seed is { } seed)
        {
            terminal.Error.WriteLine($"picked {Model.Text.SafeText.Of(hosts.Folded)} (--seed {seed} picks them again)");
        }

        var document = new SpecMaker(time).Make(ask, hosts, planned?.Digests);
        return await SubmitAsync(document, hosts, ask.Wait, ask.Deadline, interrupts).ConfigureAwait(false);
    }

    /// <summary>Hands in a job and follows it.</summary>
    public async Task<int> SubmitAsync(JobDocument document, ChosenHosts hosts, bool wait, TimeSpan? deadline, Interrupts interrupts)
    {
        await place.PrepareAsync(document.Spec.Id, hosts.Names, hosts.Ports, document.Spec.IsKept, interrupts.Leave).ConfigureAwait(false);
        document = await place.SignedAsync(document, hosts.Names, interrupts.Leave).ConfigureAwait(false);
        var job = await new Submitting(place, terminal, time).TakeAsync(document, wait, interrupts.Leave).ConfigureAwait(false);
        if (document.Spec.IsKept && showing is { As: ShowAs.Text, Quiet: false })
        {
            terminal.Error.WriteLine($"job {job.Id}: {LiveText.Subject(job)} on {CountText.Hosts(hosts.Names.Count)}");
        }

        return await FollowAsync(new JobPicture(job, hosts.Names), deadline, interrupts).ConfigureAwait(false);
    }

    /// <summary>Follows a job that is there.</summary>
    public Task<int> FollowAsync(JobView job, TimeSpan? deadline, Interrupts interrupts) => FollowAsync(new JobPicture(job), deadline, interrupts);

    private async Task<int> FollowAsync(JobPicture picture, TimeSpan? deadline, Interrupts interrupts)
    {
        var job = picture.Job;
        Followed how;
        using (var face = showing.FaceOn(terminal, picture, time))
        {
            place.Says = face.Say;
            try
            {
                how = await new JobFollower(place, picture, face, time).RunAsync(interrupts, deadline).ConfigureAwait(false);
            }
            finally
            {
                place.Says = null;
            }
        }

        var result = new JobResult(place, showing, terminal);
        if (how == Followed.ToItsEnd)
        {
            return await result.PrintAsync(picture, interrupts.Leave).ConfigureAwait(false);
        }

        if (!place.Outlives(job))
        {
            await result.PrintAsync(picture, CancellationToken.None).ConfigureAwait(false); // what is known is all there will be
        }

        string left = await place.LeaveAsync(picture.Summary).ConfigureAwait(false);
        terminal.Error.WriteLine($"{(how == Followed.Left ? "left" : "the deadline passed")}: {left}");
        if (place.Outlives(job))
        {
            result.PrintLeft(picture);
            terminal.WriteHint($"deploy client watch {job.Id}{place.Option}");
        }

        return how == Followed.Left ? ExitCodes.Interrupted : ExitCodes.DeadlinePassed;
    }
}
