using Deploy.Model.Jobs;

namespace Deploy.Output.Folded;

/// <summary>What a sync changes, in a few letters.</summary>
internal static class TotalsText
{
    /// <summary><c>+12 ~3 -0</c>: new, changed, deleted; <c>=4</c> behind them are entries of which attributes alone change.</summary>
    public static string Changes(SyncTotals totals) =>
        $"+{ByteSize.Count(totals.New)} ~{ByteSize.Count(totals.Changed)} -{ByteSize.Count(totals.Deleted)}{(totals.Attributes > 0 ? " =" + ByteSize.Count(totals.Attributes) : string.Empty)}";

    /// <summary><c>+12 ~3 -0, 41.2 MB</c>, or <c>no changes</c>; and the links that are left out.</summary>
    public static string Whole(SyncTotals totals) =>
        (ChangesNothing(totals) ? "no changes" : $"{Changes(totals)}, {ByteSize.Format(totals.Bytes)}") + (LeftOut(totals) is { } links ? ", " + links : string.Empty);

    /// <summary><c>2 links left out</c>: they lead outside the origin; null where there is none.</summary>
    public static string? LeftOut(SyncTotals totals) => totals.SkippedLinks == 0 ? null : $"{ByteSize.Count(totals.SkippedLinks)} {(totals.SkippedLinks == 1 ? "link" : "links")} left out";

    public static bool ChangesNothing(SyncTotals totals) => totals is { New: 0, Changed: 0, Attributes: 0, Deleted: 0 };
}
