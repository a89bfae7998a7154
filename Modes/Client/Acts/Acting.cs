using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Modes.Client.Following;
using Deploy.Modes.Client.Journal;
using Deploy.Modes.Client.Ordering;
using Deploy.Output;
using Deploy.Output.Folded;
using Deploy.Output.Live;

namespace Deploy.Modes.Client.Acts;

/// <summary><c>cancel</c>, <c>pause</c>, <c>resume</c>.</summary>
internal sealed class Acting(JobPlace place, Showing showing, Terminal terminal)
{
    /// <summary>Asks it, and says how the job stands then. A job that was cancelled, but has hosts that have not ended or of which nobody knows, is exit code 4.</summary>
    public async Task<int> RunAsync(string text, JobAct act, CancellationToken cancellationToken)
    {
        var job = await JobPages.FindAsync(place.Name, place.Jobs, text, cancellationToken).ConfigureAwait(false);
        var after = await place.Jobs.ActAsync(job.Id, act, new Asker("local", Surroundings.UserAtHost), cancellationToken).ConfigureAwait(false) switch
        {
            Submission.Taken taken => taken.Job,
            Submission.Refused refused => throw JobExit.Refused(place, refused.Problem),
            _ => throw new InvalidOperationException(),
        };
        if (showing.As == ShowAs.Json)
        {
            terminal.Out.WriteLine(JobJson.Document(after, await HostsAsync(after.Id, cancellationToken).ConfigureAwait(false), null));
        }
        else if (!showing.Quiet)
        {
            terminal.Out.WriteLine($"job {after.Id}: {LiveText.Subject(after)} {after.State.Word()}; {CountText.Hosts(after.Summary.Hosts)}: {CountText.Of(after.Summary)}");
        }

        int open = after.Summary.Hosts - CountText.Ended(after.Summary);
        if (act != JobAct.Cancel || (open == 0 && CountText.In(after.Summary, HostState.Unknown) == 0))
        {
            return ExitCodes.Ok;
        }

        terminal.WriteWarning(open > 0 ? $"{CountText.Hosts(open)} did not end in time" : "of some hosts nobody knows whether they ended");
        terminal.WriteHint($"deploy client watch {after.Id}{place.Option}");
        return ExitCodes.HostUnreachable;
    }

    /// <summary>How they stand; null, and said, where they cannot be had: what was asked was done all the same.</summary>
    private async Task<IReadOnlyList<HostStanding>?> HostsAsync(JobId id, CancellationToken cancellationToken)
    {
        try
        {
            return await JobPages.HostsAsync(place.Jobs, id, [], cancellationToken).ConfigureAwait(false);
        }
        catch (IOException error)
        {
            terminal.WriteWarning($"{error.Message}; the hosts are missing");
            return null;
        }
    }
}
