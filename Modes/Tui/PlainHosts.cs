using Deploy.Model;
using System.Threading.Channels;
using Deploy.Model.Text;
using Deploy.Modes.Tui.Live;
using Deploy.Output;
using Deploy.Output.Folded;
using Deploy.Tui;
using Deploy.Tui.Screens.Fleet;
using Deploy.Tui.State;
using Deploy.Tui.State.Moments;
using Deploy.Tui.Views;

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
        foreach (string line in JobsTable.Table(heads, model.Hosts.Rows.Select(row => Cells(model, FleetRow.Of(model, row)))))
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

    private static string[] Cells(TuiModel model, FleetRow host) =>
    [
        .. ((string?[])
        [
            host.Row.Name,
            HostColumns.Groups(host.Row),
            host.Health.Word(),
            host.Facts?.Version,
            host.Facts?.Rsync,
            host.Seen is { } seen ? Ages.Of(seen) : null,
            host.Facts?.ClockSkewSeconds is { } skew ? Ages.Skew(skew) : null,
            host.LastSync is { } last ? $"{last.State.Word()} {Ages.Moment(last.Ended, model.Now, model.Setup.Zone)}" : null,
            host.Facts?.KeyTrouble ?? HostColumns.Now(model, host).Text,
        ]).Select(cell => cell is null ? "-" : SafeText.Of(cell, MostText)),
    ];

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
