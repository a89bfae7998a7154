using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tui.Filters;
using Deploy.Tui.State.Moments;

namespace Deploy.Tui.Screens.Fleet;

/// <summary>What the hosts can be filtered by.</summary>
internal static class FleetFields
{
    public static readonly IReadOnlyList<FilterField<FleetRow>> All =
    [
        FilterField<FleetRow>.Host("name", host => host.Row.Name),
        FilterField<FleetRow>.Words("state", States, [.. HostHealths.Words.Concat(Enum.GetValues<HostState>().Select(state => state.Word())).Distinct()]),
        FilterField<FleetRow>.Words("group", host => host.Row.Groups),
        FilterField<FleetRow>.Version("rsync", host => host.Facts?.Rsync),
        FilterField<FleetRow>.Version("version", host => host.Facts?.Version),
        FilterField<FleetRow>.Age("seen", host => host.Seen),
        FilterField<FleetRow>.Age("skew", host => host.Facts?.ClockSkewSeconds is { } skew && double.IsFinite(skew) ? TimeSpan.FromSeconds(Math.Min(Math.Abs(skew), 1e9)) : null),
        FilterField<FleetRow>.Age("sync", host => host.AsOf - host.LastSync?.Ended),
        FilterField<FleetRow>.Words("synced", host => host.Facts?.LastSyncs?.Keys ?? []),
        FilterField<FleetRow>.Text("address", host => host.Facts?.Address),
        FilterField<FleetRow>.Word("wire", host => host.Facts?.Wire),
        FilterField<FleetRow>.Text("job", host => host.Row.Job?.ToString()),
    ];

    /// <summary>Whether it answers; where it stands in its job; how its last sync ended.</summary>
    private static IEnumerable<string> States(FleetRow host)
    {
        yield return host.Health.Word();
        if (host.Row.Standing is { } standing)
        {
            yield return standing.State.Word();
        }
        else if (host.LastSync is { } last)
        {
            yield return last.State.Word();
        }
    }
}
