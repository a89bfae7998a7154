using Deploy.Tui.Filters;

namespace Deploy.Tui.State.Moments;

/// <summary>Whether a host answers, as an operator wants to know it.</summary>
internal enum HostHealth
{
    /// <summary>Nothing was heard of it yet since the dashboard looks.</summary>
    Unknown,
    Up,

    /// <summary>No answer for <see cref="FleetHealth.Suspect"/>.</summary>
    Suspect,

    /// <summary>None for <see cref="FleetHealth.Down"/>, or never any.</summary>
    Down,
}

/// <summary>The hosts, added up.</summary>
/// <param name="Up">How many.</param>
/// <param name="Suspects">How many.</param>
/// <param name="Downs">How many.</param>
/// <param name="Unknown">How many.</param>
internal sealed record FleetHealth(int Up, int Suspects, int Downs, int Unknown)
{
    public static readonly FleetHealth Empty = new(0, 0, 0, 0);

    /// <summary>Three questions of the daemon went without an answer: it asks every 10 s.</summary>
    public static readonly TimeSpan Suspect = TimeSpan.FromSeconds(30);

    public static readonly TimeSpan Down = TimeSpan.FromMinutes(5);

    /// <summary>A stream says every 10 s that it lives.</summary>
    public static readonly TimeSpan Stale = TimeSpan.FromSeconds(15);

    /// <summary>The newest rsync of all hosts; null where none is known.</summary>
    public string? NewestRsync { get; init; }

    /// <summary>When time alone makes another of it; null for never.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Adds up; one pass over all hosts.</summary>
    public static FleetHealth Of(TuiModel model)
    {
        var (asOf, since) = (AsOf(model), Since(model));
        Span<int> counts = [0, 0, 0, 0];
        string? newest = null;
        DateTimeOffset? until = null;
        foreach (var row in model.Hosts.Rows)
        {
            var health = Of(row, asOf, since);
            counts[(int)health]++;
            if (row.Facts?.Rsync is { } rsync && rsync != newest && (newest is null || VersionOrder.Compare(rsync, newest) > 0))
            {
                newest = rsync;
            }

            var start = row.Facts?.LastContact is { } contact && contact > since ? (contact < asOf ? contact : asOf) : since; // nothing is heard later than now
            var next = health switch
            {
                HostHealth.Up or HostHealth.Unknown => start + Suspect,
                HostHealth.Suspect => start + Down,
                _ => null,
            };
            until = next > asOf && (until is null || next < until) ? next : until;
        }

        // Back to the dashboard's own clock, by which it is woken.
        return new FleetHealth(counts[1], counts[2], counts[3], counts[0]) { NewestRsync = newest, Until = until + (model.Now - asOf) };
    }

    /// <summary>Of one host, now.</summary>
    public static HostHealth Of(TuiModel model, HostRow row) => Of(row, AsOf(model), Since(model));

    /// <summary>Of all, in the order of the table.</summary>
    public static HostHealth[] Each(TuiModel model)
    {
        var (asOf, since) = (AsOf(model), Since(model));
        return [.. model.Hosts.Rows.Select(row => Of(row, asOf, since))];
    }

    /// <summary>As <see cref="TuiModel.HostsAsOf"/>: while nobody tells of hosts, they are as they were told of last and grow no older.</summary>
    public static DateTimeOffset AsOf(TuiModel model)
    {
        DateTimeOffset? heard = null;
        foreach (var link in model.Links.Values)
        {
            heard = link.Heard > heard || heard is null ? link.Heard : heard;
        }

        var now = heard is { } last && model.Now - last > Stale ? last + Stale : model.Now;
        return now + (model.Links.Count == 1 ? model.Links.Values.First().Ahead : TimeSpan.Zero);
    }

    /// <summary>Since when hosts are asked for the dashboard's sake, by the clock of <see cref="AsOf"/>: a host that nobody asked is not silent.</summary>
    private static DateTimeOffset? Since(TuiModel model) => model.Links.Count == 1 ? model.Links.Values.First() is var link ? link.Since + link.Ahead : null : model.Links.Values.Min(link => link.Since);

    private static HostHealth Of(HostRow row, DateTimeOffset asOf, DateTimeOffset? since)
    {
        if (row.Facts is not { } facts || (facts.LastContact is null && facts.Reachable is null))
        {
            return HostHealth.Unknown;
        }

        if (facts.LastContact is not { } last)
        {
            return facts.Reachable == true ? HostHealth.Unknown : HostHealth.Down; // somebody is there, who has told nothing: a key that is not known
        }

        var silent = asOf - last;
        if (silent < Suspect)
        {
            return HostHealth.Up;
        }

        // Told of a contact of long ago, before anybody looked: not known yet, but where the daemon says that it does not answer.
        var asked = since > last && facts.Reachable != false ? asOf - since.Value : silent;
        return asked < Suspect ? HostHealth.Unknown : asked < Down ? HostHealth.Suspect : HostHealth.Down;
    }
}

/// <summary>The words of <see cref="HostHealth"/>.</summary>
internal static class HostHealths
{
    public static readonly IReadOnlyList<string> Words = ["up", "suspect", "down", "unknown"];

    /// <summary>Lower case, as in the table and in filters.</summary>
    public static string Word(this HostHealth health) => health switch
    {
        HostHealth.Up => "up",
        HostHealth.Suspect => "suspect",
        HostHealth.Down => "down",
        _ => "unknown",
    };
}
