namespace Deploy.Tui.Loop;

/// <summary>How a dashboard ended.</summary>
/// <param name="Say">A line for the shell; null for none.</param>
/// <param name="Signal">The number of the signal that ended it; null where it was left with a key. A terminal that has gone is 1, SIGHUP.</param>
internal sealed record DashboardEnd(string? Say, int? Signal);
