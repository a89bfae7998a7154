using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Text;
using Deploy.Modes.Client.Following;
using Deploy.Modes.Client.Journal;
using Deploy.Modes.Client.Ordering;
using Deploy.Output;
using Deploy.Output.Folded;

namespace Deploy.Modes.Client.Acts;

/// <summary><c>steal</c>: takes the lease of a sync group.</summary>
internal sealed class Stealing(JobPlace place, Showing showing, Terminal terminal)
{
    /// <summary>Takes it, and says whose it was.</summary>
    public async Task<int> RunAsync(string what, string reason, CancellationToken cancellationToken)
    {
        Words.RefuseBytes([what, reason]);
        var before = (await place.Jobs.LeasesAsync(cancellationToken).ConfigureAwait(false)).Where(lease => lease.What == what).ToList();
        if (await place.Jobs.StealAsync(what, reason, new Asker("local", Surroundings.UserAtHost), cancellationToken).ConfigureAwait(false) is { } problem)
        {
            throw JobExit.Refused(place, problem);
        }

        if (showing.As == ShowAs.Json)
        {
            terminal.Out.WriteLine(JobJson.Leases(before, "taken"));
            return ExitCodes.Ok;
        }

        foreach (var lease in before)
        {
            terminal.Out.WriteLine($"taken from job {lease.Job}{(lease.Holder is { } holder ? $" of {SafeText.Of(holder)}" : string.Empty)}: it starts no other host");
        }

        if (before.Count == 0)
        {
            terminal.Out.WriteLine($"nobody held '{SafeText.Of(what)}'");
        }

        return ExitCodes.Ok;
    }
}
