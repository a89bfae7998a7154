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
    /// <summary>Prints it whole; where it is interrupted, without what was not there yet.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> PrintAsync(JobPicture picture, CancellationToken cancellationToken)
    {
        var job = picture.Job;
        var hosts = Ordered(picture);
        int exit = JobExit.Of(hosts);
        if (showing.DetailedExitCode && exit == ExitCodes.Ok && hosts.Any(host => host.Totals is { } totals && !TotalsText.ChangesNothing(totals)))
        {
            exit = ExitCodes.Changes;
        }

        if (showing.As == ShowAs.Json)
        {
            await WriteJsonAsync(picture, hosts, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            Write(job, showing.As == ShowAs.Text ? await LinesAsync(picture, job, hosts, cancellationToken).ConfigureAwait(false) : []);
        }

        if (cancellationToken.IsCancellationRequested)
        {
            terminal.WriteWarning("interrupted: the job has ended, and what its hosts printed or changed is not all here");
            if (place.Outlives(job))
            {
                terminal.WriteHint($"deploy client watch {job.Id}{place.Option}");
            }

            return ExitCodes.Interrupted;
        }

        if (showing is { As: ShowAs.Text, Quiet: false } && job.IsKept)
        {
            SayNext(job, hosts);
        }

        return exit;
    }

    /// <summary>Prints a job that is left before its end, as far as it is known: as JSON. People have been told on standard error.</summary>
    public void PrintLeft(JobPicture picture)
    {
        if (showing.As == ShowAs.Json)
        {
            Write(picture.Job, [JobJson.Document(picture.Job with { Summary = picture.Summary }, Ordered(picture), null)]);
        }
    }

    private static IReadOnlyList<HostStanding> Ordered(JobPicture picture) => [.. picture.Hosts.OrderBy(host => host.Host, HostOrder.Natural)];

    private void Write(JobView job, IEnumerable<string> lines)
    {
        try
        {
            foreach (string line in lines)
            {
                terminal.Out.WriteLine(line);
            }

            terminal.Out.Flush();
        }
        catch (IOException)
        {
            throw JobExit.Unwritten("the result", place, job);
        }
    }

    private async Task WriteJsonAsync(JobPicture picture, IReadOnlyList<HostStanding> hosts, CancellationToken cancellationToken)
    {
        var job = picture.Job with { Summary = picture.Summary };
        if (await ShapesAsync(job.Id, cancellationToken).ConfigureAwait(false) is not { } shapes)
        {
            Write(job, [JobJson.Document(job, hosts, null)]);
            return;
        }

        try
        {
            await JobJson.WriteAsync(terminal.Out, job, hosts, shapes, shape => ContentAsync(picture, shape, cancellationToken)).ConfigureAwait(false);
            terminal.Out.Flush();
        }
        catch (IOException)
        {
            throw JobExit.Unwritten("the result", place, job);
        }
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
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Whoever asked says so.
        }

        return null;
    }

    /// <summary>The shapes; null where they cannot be had: that is not none.</summary>
    private async Task<IReadOnlyList<Shape>?> ShapesAsync(JobId id, CancellationToken cancellationToken)
    {
        try
        {
            return await place.Jobs.ShapesAsync(id, cancellationToken).ConfigureAwait(false) ?? [];
        }
        catch (IOException error)
        {
            terminal.WriteWarning($"{error.Message}; the shapes are missing");
            return null;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null; // whoever asked says so
        }
    }

    /// <summary>The next step, where there is one.</summary>
    private void SayNext(JobView job, IReadOnlyList<HostStanding> hosts)
    {
        if (hosts.Any(host => Retrying.Default.Contains(host.State)) && !job.IsPlan)
        {
            string left = string.Join(" or ", hosts.Select(host => host.State).Where(state => Retrying.Possible.Contains(state) && !Retrying.Default.Contains(state)).Distinct().Order().Select(state => "--" + state.Word()));
            terminal.WriteHint($"deploy client retry {job.Id}{place.Option}{(left.Length > 0 ? $"; some hosts are left out, see {left} in its --help" : string.Empty)}");
        }
        else if (job.IsPlan && hosts.Any(host => host.State.IsGood() && host.Totals is { } totals && !TotalsText.ChangesNothing(totals)))
        {
            terminal.WriteHint($"deploy client rsync {SafeText.Of(job.What)} --plan {job.Id}{place.Option}");
        }
    }
}
