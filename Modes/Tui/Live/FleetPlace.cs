using Deploy.Modes.Client.Journal;

namespace Deploy.Modes.Tui.Live;

/// <summary>What a dashboard shows: a proxy, or agents and this user's own jobs on them.</summary>
/// <param name="Jobs">Takes orders and knows jobs.</param>
/// <param name="Daemons">Those that are followed: the proxy alone, or each agent.</param>
internal sealed record FleetPlace(JobPlace Jobs, IReadOnlyList<Followed> Daemons)
{
    /// <summary>As a header has it: <c>proxy-01:3441</c>, <c>web-001</c>, <c>3 agents</c>.</summary>
    public string Shown => Daemons is [var one] ? one.Name : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Daemons.Count} agents");

    /// <summary>Whether hosts are asked without a proxy.</summary>
    public bool IsDirect => Daemons is not [{ IsProxy: true }];
}
