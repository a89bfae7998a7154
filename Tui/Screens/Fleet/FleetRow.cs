using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tui.Filters;
using Deploy.Tui.State;
using Deploy.Tui.State.Moments;

namespace Deploy.Tui.Screens.Fleet;

/// <summary>A host, with what is made of it for the moment that is shown.</summary>
/// <param name="Row">What is known.</param>
/// <param name="Health">Whether it answers.</param>
/// <param name="AsOf">The moment; <see cref="TuiModel.HostsAsOf"/>.</param>
/// <param name="Newest">The rsync that it should have; null where none is known.</param>
internal readonly record struct FleetRow(HostRow Row, HostHealth Health, DateTimeOffset AsOf, string? Newest)
{
    /// <summary>Signed requests are good for as long; beyond, nothing that is signed is taken there.</summary>
    private static readonly TimeSpan MostSkew = TimeSpan.FromSeconds(60);

    public static FleetRow Of(TuiModel model, HostRow row) => new(row, FleetHealth.Of(model, row), model.HostsAsOf, Wanted(model));

    /// <summary>The rsync that hosts should have: the newest of all.</summary>
    public static string? Wanted(TuiModel model) => model.Health.NewestRsync;

    public HostFacts? Facts => Row.Facts;

    /// <summary>Since it was heard of; null where it never was.</summary>
    public TimeSpan? Seen => AsOf - Facts?.LastContact;

    public bool HasOldRsync => Facts?.Rsync is { } rsync && Newest is not null && rsync != Newest && VersionOrder.Compare(rsync, Newest) < 0;

    public bool IsSkewed => Facts?.ClockSkewSeconds is { } skew && Math.Abs(skew) > MostSkew.TotalSeconds;

    /// <summary>The sync that ended last, of whatever group; null for none.</summary>
    public LastSync? LastSync
    {
        get
        {
            LastSync? last = null;
            foreach (var sync in Facts?.LastSyncs?.Values ?? [])
            {
                last = last is null || sync.Ended > last.Ended ? sync : last;
            }

            return last;
        }
    }

    /// <summary>The worse the lower; what is well is last.</summary>
    public int Problem => Health == HostHealth.Down ? 0
        : Row.Standing is { State: var state } && state.IsTerminal() && !state.IsGood() ? 1
        : Health == HostHealth.Suspect ? 2
        : LastSync is { } last && !last.State.IsGood() ? 3
        : IsSkewed ? 4
        : HasOldRsync ? 5
        : Health == HostHealth.Unknown ? 6
        : 7;
}
