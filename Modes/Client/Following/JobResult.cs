using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Model.Text;
using Deploy.Modes.Client.Journal;
using Deploy.Output;
using Deploy.Output.Folded;
using Deploy.Output.Live;

namespace Deploy.Modes.Client.Following;

/// <summary>Prints a job that has ended to standard output, and says its exit code.</summary>
/// <param name="place">Who has the job.</param>
/// <param name="showing">How.</param>
/// <param name="terminal">Where.</param>
internal sealed class JobResult(JobPlace place, Showing showing, Terminal terminal)
{
    /// <summary>Prints it whole.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> PrintAsync(JobPicture picture, CancellationToken cancellationToken)
    {
        var job = picture.Job;
        IReadOnlyList<HostStanding> hosts = [.. picture.Hosts.OrderBy(host => host.Host, HostOrder.Natural)];
        int exit = JobExit.Of(hosts);
        if (showing.DetailedExitCode && exit == ExitCodes.Ok && hosts.Any(host => host.Totals is { } totals && !TotalsText.ChangesNothing(totals)))
        {
            exit = ExitCodes.Changes;
        }

        try
        {
            if (showing.As == ShowAs.Json)
            {
                var shapes = await ShapesAsync(job.Id, cancellationToken).ConfigureAwait(false);
                await JobJson.WriteAsync(terminal.Out, job with { Summary = picture.Summary }, hosts, shapes, shape => ContentAsync(picture, shape, cancellationToken)).ConfigureAwait(false);
            }

            foreach (string line in showing.As == ShowAs.Text ? await LinesAsync(picture, job, hosts, cancellationToken).ConfigureAwait(false) : [])
            {
                terminal.Out.WriteLine(line);
            }

            terminal.Out.Flush();
        }
        catch (IOException)
        {
            throw new UserError("the result could not be written to standard output", ExitCodes.HostUnreachable, place.Outlives(job) ? $"it is kept: deploy client watch {job.Id}{place.Option}" : null);
        }

        if (showing is { As: ShowAs.Text, Quiet: false } && job.IsKept)
        {
            SayNext(job, hosts);
        }

        return exit;
    }

    private async Task<IEnumerable<string>> LinesAsync(JobPicture picture, JobView job, IReadOnlyList<HostStanding> hosts, CancellationToken cancellationToken)
    {
        var layout = showing.LayoutOn(terminal);
        var contents = await ShapeContents.OfAsync(place, picture, hosts.Where(host => WantsContent(job, host)).Select(host => host.Shape!), cancellationToken).ConfigureAwait(false);
        IEnumerable<string>? Names(string digest) => contents.GetValueOrDefault(digest) is { } content ? ShownChange.Of(content)?.Select(change => $"{change.Sign} {change.Name}") : null;
        return job switch
        {
            { IsPlan: true } => PlanText.Lines(hosts, digest => contents.GetValueOrDefault(digest) is { } content ? ShownChange.Of(content) : null, showing.Changes, layout),
            { Order: Order.Exec } => OutputText.Lines(hosts, digest => contents.GetValueOrDefault(digest) is { } content ? OutputText.OfCommand(content) : null, layout)
                .Concat(SummaryText.Lines(job, hosts, layout)),
            { Order: Order.Rlist } => OutputText.Lines(hosts, Names, layout).Concat(SummaryText.Lines(job, hosts, layout)),
            _ when showing.Changes => OutputText.Lines(hosts, Names, layout).Concat(SummaryText.Lines(job, hosts, layout)),
            _ => SummaryText.Lines(job, hosts, layout),
        };
    }

    private bool WantsContent(JobView job, HostStanding host) => host.Shape is not null && !(showing.Quiet && host.State.IsGood())
        && (job is { IsPlan: false, Order: Order.Exec or Order.Rlist } || showing.Changes || (job.IsPlan && host.Totals?.Deleted > 0));

    /// <summary>What a program gets of a shape: the output of a command, the names of what lists them.</summary>
    private async Task<ShapeContent?> ContentAsync(JobPicture picture, Shape shape, CancellationToken cancellationToken)
    {
        if (picture.Job.Order is not (Order.Exec or Order.Rlist) && !showing.Changes)
        {
            return null;
        }

        try
        {
            if ((picture.Content(shape.Digest) ?? await place.Jobs.ShapeAsync(picture.Job.Id, shape.Digest, cancellationToken).ConfigureAwait(false)) is { } content)
            {
                return content;
            }

            terminal.WriteWarning($"{place.Name} does not have the content of shape {SafeText.Of(shape.Digest)} any more; it is missing");
        }
        catch (IOException error)
        {
            terminal.WriteWarning($"{error.Message}; the content of shape {SafeText.Of(shape.Digest)} is missing");
        }

        return null;
    }

    private async Task<IReadOnlyList<Shape>> ShapesAsync(JobId id, CancellationToken cancellationToken)
    {
        try
        {
            return await place.Jobs.ShapesAsync(id, cancellationToken).ConfigureAwait(false) ?? [];
        }
        catch (IOException error)
        {
            terminal.WriteWarning($"{error.Message}; the shapes are missing");
            return [];
        }
    }

    /// <summary>The next step, where there is one.</summary>
    private void SayNext(JobView job, IReadOnlyList<HostStanding> hosts)
    {
        if (hosts.Any(host => Retrying.Default.Contains(host.State)) && !job.IsPlan)
        {
            terminal.WriteHint($"deploy client retry {job.Id}{place.Option}");
        }
        else if (job.IsPlan && hosts.Any(host => host.State.IsGood() && host.Totals is { } totals && !TotalsText.ChangesNothing(totals)))
        {
            terminal.WriteHint($"deploy client rsync {SafeText.Of(job.What)} --plan {job.Id}{place.Option}");
        }
    }
}
