using System.Globalization;
using System.Text.Json;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;
using Deploy.Model.Text;
using Deploy.Modes.Client.Following;
using Deploy.Modes.Client.Journal;
using Deploy.Modes.Client.Ordering;
using Deploy.Output.Folded;

namespace Deploy.Modes.Client.Acts;

/// <summary><c>jobs</c>, <c>leases</c>, <c>hosts</c> and <c>log</c>: what is there, printed.</summary>
internal sealed class JobLists(JobPlace place, Showing showing, ClientContext context)
{
    /// <summary>Jobs, the newest first.</summary>
    public async Task<int> JobsAsync(JobQuery query, int most, CancellationToken cancellationToken)
    {
        // One more than is shown tells whether there are more.
        var jobs = await JobPages.JobsAsync(place.Jobs, query, most + 1, cancellationToken).ConfigureAwait(false);
        var shown = jobs.Take(most).ToList();
        Write(showing.As == ShowAs.Text ? JobsTable.Jobs(shown, context.Time.LocalTimeZone) : [JobJson.Jobs(shown)]);
        if (shown.Count < jobs.Count && showing.As == ShowAs.Text)
        {
            context.Terminal.WriteHint(most < JobPages.MostListed ? "there are more: --all" : "there are more than are listed: --since, --state, --of and --host choose");
        }
        else if (jobs.Count == 0 && showing is { As: ShowAs.Text, Quiet: false })
        {
            context.Terminal.Error.WriteLine($"no job at {place.Name}");
        }

        return ExitCodes.Ok;
    }

    /// <summary>The leases.</summary>
    public async Task<int> LeasesAsync(CancellationToken cancellationToken)
    {
        var leases = await place.Jobs.LeasesAsync(cancellationToken).ConfigureAwait(false);
        Write(showing.As == ShowAs.Text ? JobsTable.Leases(leases, context.Time.LocalTimeZone) : [JobJson.Leases(leases)]);
        return ExitCodes.Ok;
    }

    /// <summary>The hosts that a proxy knows.</summary>
    public async Task<int> HostsAsync(CancellationToken cancellationToken)
    {
        var hosts = await place.HostsAsync(cancellationToken).ConfigureAwait(false);
        Write(showing.As == ShowAs.Text ? JobsTable.Table(["HOST", "ADDRESS", "WIRE", "HEARD OF", "CLOCK", "VERSION", "RUNNING"], hosts.Select(Row)) : [JobJson.Hosts(hosts)]);
        return ExitCodes.Ok;
    }

    /// <summary>What was printed on a host: a command's output stands in its shape, what rsync said in the log.</summary>
    public async Task<int> LogAsync(string text, string host, CancellationToken cancellationToken)
    {
        var job = await JobPages.FindAsync(place.Name, place.Jobs, text, cancellationToken).ConfigureAwait(false);
        var lines = await place.Jobs.LogAsync(job.Id, host, cancellationToken).ConfigureAwait(false)
            ?? throw new UserError($"job {job.Id} has no host {SafeText.Of(host, 80)}", ExitCodes.Usage, $"its hosts are {SafeText.Of(job.Hosts, 400)}");
        var standing = (await JobPages.HostsAsync(place.Jobs, job.Id, [], cancellationToken).ConfigureAwait(false))?.FirstOrDefault(one => one.Host.Equals(host, StringComparison.OrdinalIgnoreCase));
        var content = job.Order == Order.Exec && standing?.Shape is { } digest ? await place.Jobs.ShapeAsync(job.Id, digest, cancellationToken).ConfigureAwait(false) : null;
        if (showing.As == ShowAs.Text)
        {
            Write(lines.Select(line => (line.Stream == "stderr" ? "stderr: " : string.Empty) + SafeText.Of(line.Text, SafeTextKeep.Tab)));
            Write(content is null ? [] : OutputText.OfCommand(content) ?? []);
        }
        else
        {
            var output = content is null ? null : CommandOutput.Read(content);
            Write(lines.Concat(output?.Lines() ?? []).Select(line => JsonSerializer.Serialize(line, V1Json.Default.LogLine)));
        }

        return ExitCodes.Ok;
    }

    private string[] Row(HostFacts host) =>
    [
        SafeText.Of(host.Name),
        Said(host.Address),
        SafeText.Of(host.Wire),
        host.LastContact is { } last ? JobsTable.Moment(last, context.Time.LocalTimeZone) + (host.Reachable == false ? ", not since" : string.Empty) : host.Reachable == false ? "never" : "-",
        host.ClockSkewSeconds is { } skew ? string.Create(CultureInfo.InvariantCulture, $"{skew:+0.0;-0.0;0.0} s") : "-",
        Said(host.Version),
        host.Running?.ToString() ?? "-",
    ];

    private static string Said(string? text) => text is null ? "-" : SafeText.Of(text, 60);

    private void Write(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            context.Terminal.Out.WriteLine(line);
        }
    }
}
