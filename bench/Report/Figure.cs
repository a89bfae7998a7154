namespace Deploy.Bench.Report;

/// <summary>One row: what deploy took, beside what another took for the same or for a part of it.</summary>
/// <param name="Scenario">Its scenario's name.</param>
/// <param name="Name">What was measured.</param>
/// <param name="Unit">e.g. <c>ms</c>, <c>MiB</c>, <c>%</c>.</param>
/// <param name="Ours">deploy's figures.</param>
internal sealed record Figure(string Scenario, string Name, string Unit, Sample Ours)
{
    /// <summary>The other's name; null together with <see cref="Peer"/>.</summary>
    public string? PeerName { get; init; }

    /// <summary>Measured in the same rounds, in turn.</summary>
    public Sample? Peer { get; init; }

    /// <summary>What is aimed at; null for nothing.</summary>
    public Target? Target { get; init; }

    /// <summary>What the reader must know to compare the two, or null.</summary>
    public string? Note { get; init; }

    /// <summary>Ours to the peer's; null without one.</summary>
    public double? Ratio => Peer is null ? null : Ours.RatioTo(Peer);

    /// <summary>Whether the median meets the target; null without one.</summary>
    public bool? Met => Target is null ? null : (Target.OfRatio ? Ratio : Ours.Median) <= Target.Most;
}

/// <summary>An upper bound of a median.</summary>
/// <param name="Most">In the figure's unit, or a ratio.</param>
/// <param name="OfRatio">Whether it bounds the ratio to the peer.</param>
internal sealed record Target(double Most, bool OfRatio);
