using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Tui.Filters;
using Deploy.Tui.Screen;
using Deploy.Tui.State;

namespace Deploy.Tui.Screens.Fleet;

/// <summary>Which hosts are shown, in which order.</summary>
internal static class FleetRows
{
    private const int Many = 2000; // from so many hosts on what is told makes the list anew at most once a second

    private static readonly TimeSpan Seldom = TimeSpan.FromSeconds(1);

    /// <summary>The names by which it can be sorted.</summary>
    public static readonly IReadOnlyList<string> Columns = ["host", "group", "state", "rsync", "seen", "skew", "sync", "now", "version"];

    /// <summary>The list after something was told.</summary>
    public static TuiModel Told(TuiModel model)
    {
        bool isPlain = model.Fleet.List is { Filter.Length: 0, Sort: null, ProblemsFirst: false, IsDescending: false };
        return isPlain ? ReferenceEquals(model.Fleet.Keys, model.Hosts.Names) ? model : Made(model)
            : model.Hosts.Count > Many && model.Fleet.Made is { } made && model.Now - made < Seldom ? model
            : Made(model);
    }

    /// <summary>The list anew.</summary>
    public static TuiModel Made(TuiModel model)
    {
        var pane = model.Fleet;
        bool isNamesNew = !ReferenceEquals(pane.Of, model.Hosts.Names);
        return model with
        {
            Fleet = pane with
            {
                Keys = Keys(model, pane.List),
                Made = model.Now,
                Of = model.Hosts.Names,
                Widths = isNamesNew || pane.Groups != model.Groups ? Widths(model) : pane.Widths,
                Groups = model.Groups,
            },
        };
    }

    private static IReadOnlyList<string> Keys(TuiModel model, ListState list)
    {
        if (list is { Filter.Length: 0, Sort: null, ProblemsFirst: false, IsDescending: false })
        {
            return model.Hosts.Names;
        }

        var filter = Filter<FleetRow>.Parse(list.Filter, FleetFields.All).Filter ?? Filter<FleetRow>.None;
        var (asOf, wanted) = (model.HostsAsOf, FleetRow.Wanted(model));
        var healths = State.Moments.FleetHealth.Each(model);
        List<FleetRow> rows = new(model.Hosts.Count);
        for (int place = 0; place < model.Hosts.Count; place++)
        {
            var row = new FleetRow(model.Hosts.Rows[place], healths[place], asOf, wanted);
            if (filter.Lets(row))
            {
                rows.Add(row);
            }
        }

        IEnumerable<FleetRow> sorted = rows;
        if (list.Sort is { } column)
        {
            var order = Order(column);
            sorted = list.IsDescending ? rows.OrderDescending(order) : rows.Order(order); // stable: equal ones stay by name
        }
        else if (list.IsDescending)
        {
            sorted = Enumerable.Reverse(rows);
        }

        return [.. (list.ProblemsFirst ? sorted.OrderBy(row => row.Problem) : sorted).Select(row => row.Row.Name)];
    }

    private static Comparer<FleetRow> Order(string column) => column switch
    {
        "group" => By(row => row.Row.Groups is [var first, ..] ? first : null, HostOrder.Natural.Compare),
        "state" => By(row => (int?)-(int)row.Health, (left, right) => left!.Value.CompareTo(right!.Value)),
        "rsync" => By(row => row.Facts?.Rsync, (left, right) => VersionOrder.Compare(left!, right!)),
        "version" => By(row => row.Facts?.Version, (left, right) => VersionOrder.Compare(left!, right!)),
        "seen" => By(row => row.Facts?.LastContact, (left, right) => right!.Value.CompareTo(left!.Value)),
        "skew" => By(row => row.Facts?.ClockSkewSeconds, (left, right) => Math.Abs(left!.Value).CompareTo(Math.Abs(right!.Value))),
        "sync" => By(row => row.LastSync?.Ended, (left, right) => left!.Value.CompareTo(right!.Value)),
        "now" => By(row => row.Row.Standing, Standings),
        _ => By(row => row.Row.Name, HostOrder.Natural.Compare),
    };

    /// <summary>What is not known comes first: turned round it is last.</summary>
    private static Comparer<FleetRow> By<TKey>(Func<FleetRow, TKey?> key, Comparison<TKey?> order) => Comparer<FleetRow>.Create((left, right) =>
    {
        var (mine, other) = (key(left), key(right));
        return mine is null || other is null ? (mine is null ? 0 : 1) - (other is null ? 0 : 1) : order(mine, other);
    });

    private static int Standings(HostStanding? left, HostStanding? right) => left!.State != right!.State
        ? left.State.CompareTo(right.State)
        : (left.Progress?.BytesDone ?? 0).CompareTo(right.Progress?.BytesDone ?? 0);

    private static (int Host, int Group) Widths(TuiModel model)
    {
        var (host, group) = (HostColumns.LeastHost, HostColumns.LeastGroup);
        foreach (var row in model.Hosts.Rows)
        {
            host = Math.Max(host, Math.Min(row.Name.Length, HostColumns.MostHost));
            group = Math.Max(group, Math.Min(HostColumns.Groups(row).Length, HostColumns.MostGroup));
        }

        return (host, group);
    }
}
