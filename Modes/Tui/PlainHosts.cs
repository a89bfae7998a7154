using System.Globalization;
using System.Threading.Channels;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Modes.Tui.Live;
using Deploy.Output;
using Deploy.Output.Folded;
using Deploy.Tui;
using Deploy.Tui.State;
using Deploy.Tui.State.Moments;

namespace Deploy.Modes.Tui;

/// <summary>The hosts as a plain table, for where there is no terminal to draw on: what the dashboard's first screen says, once.</summary>
/// <param name="setup">As of the dashboard.</param>
/// <param name="time">The clock.</param>
internal sealed class PlainHosts(TuiSetup setup, TimeProvider time)
{
    private const int MostText = 60; // columns of a text that others wrote

    /// <summary>How long is waited for hosts that were not heard of lately: a proxy asks a hundred a second once somebody looks.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    /// <summary>What is heard at once, when nobody is waited for any more.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(200);

    /// <summary>Looks, and prints; whether any daemon answered.</summary>
    /// <param name="fleet">Whose hosts.</param>
    /// <param name="output">Takes the table.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<bool> PrintAsync(IFleet fleet, TextWriter output, CancellationToken cancellationToken)
    {
        var model = await LookAsync(fleet, cancellationToken).ConfigureAwait(false);
        string[] heads = ["HOST", "GROUP", "STATE", "VERSION", "RSYNC", "SEEN", "SKEW", "LAST SYNC", "NOW"];
        foreach (string line in JobsTable.Table(heads, model.Hosts.Rows.Select(row => Cells(model, row))))
        {
            await output.WriteLineAsync(line.AsMemory(), cancellationToken).ConfigureAwait(false);
        }

        if (model.Hosts.Count > 0)
        {
            var health = FleetHealth.Of(model);
            await output.WriteLineAsync().ConfigureAwait(false);
            (string Word, int Count)[] counts = [("up", health.Up), ("suspect", health.Suspects), ("down", health.Downs), ("unknown", health.Unknown)];
            await output.WriteLineAsync($"{CountText.Hosts(model.Hosts.Count)}: {string.Join(", ", counts.Where(one => one.Count > 0).Select(one => $"{ByteSize.Count(one.Count)} {one.Word}"))}").ConfigureAwait(false);
        }

        return model.Links.Values.Any(link => link.Self is not null);
    }

    private static string[] Cells(TuiModel model, HostRow row)
    {
        var last = row.Facts?.LastSyncs?.Values.MaxBy(sync => sync.Ended);
        string?[] cells =
        [
            row.Name,
            row.Groups.Count == 0 ? null : string.Join(',', row.Groups),
            FleetHealth.Of(model, row).Word(),
            row.Facts?.Version,
            row.Facts?.Rsync,
            row.Facts?.LastContact is { } seen ? Age(model.HostsAsOf - seen) : null,
            row.Facts?.ClockSkewSeconds is { } skew ? skew.ToString("+0s;-0s;0s", CultureInfo.InvariantCulture) : null,
            last is null ? null : $"{last.State.Word()} {JobsTable.Moment(last.Ended, model.Setup.Zone)}",
            row.Facts?.KeyTrouble ?? Now(row),
        ];
        return [.. cells.Select(cell => cell is null ? "-" : SafeText.Of(cell, MostText))];
    }

    /// <summary>What runs there: a whole id, as commands take it; null for nothing.</summary>
    private static string? Now(HostRow row) => row is { Job: { } job, Standing: { } standing } && !standing.State.IsTerminal() ? $"{job} {standing.State.Word()}" : row.Facts?.Running?.ToString();

    private static string Age(TimeSpan age) =>
        age < TimeSpan.FromMinutes(1) ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (int)age.TotalSeconds)}s")
        : age < TimeSpan.FromHours(1) ? string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalMinutes}m")
        : age < TimeSpan.FromDays(1) ? string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalHours}h")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalDays}d");

    /// <summary>The model as it is once every host was heard of, or will not be soon.</summary>
    private async Task<TuiModel> LookAsync(IFleet fleet, CancellationToken cancellationToken)
    {
        var messages = Channel.CreateBounded<Message>(256);
        var model = Updating.Start(setup).Model;
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = fleet.RunAsync(messages.Writer, stop.Token);
        try
        {
            bool isResting = false;
            while (true)
            {
                if (!isResting && IsKnown(model))
                {
                    isResting = true;
                    limit.CancelAfter(Rest);
                }

                await Task.WhenAny(messages.Reader.WaitToReadAsync(either.Token).AsTask(), running).Unwrap().ConfigureAwait(false);
                while (messages.Reader.TryRead(out var message))
                {
                    model = Updating.Update(model, message with { At = time.GetUtcNow() }).Model;
                }
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return model with { Now = time.GetUtcNow() };
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            while (!running.IsCompleted && messages.Reader.TryRead(out _))
            {
            }

            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Whether there is nothing to wait for: each host that is asked was heard of lately, or was asked and did not answer.</summary>
    private static bool IsKnown(TuiModel model) =>
        model.Hosts.Count > 0 && model.Hosts.Rows.All(row => row.Facts is { Wire: not "v1" } or { Reachable: false } || (row.Facts?.LastContact is { } last && model.HostsAsOf - last < FleetHealth.Suspect));
}
