namespace Deploy.Api.V1.Metrics;

/// <summary>A number, or several of one kind, as Prometheus takes them.</summary>
/// <param name="Name">Letters, digits and <c>_</c>; with its unit, and of a counter with <c>_total</c> behind it.</param>
/// <param name="Help">What it counts, one sentence.</param>
/// <param name="IsCounter">True where it only grows from the daemon's start on; else it is a gauge.</param>
/// <param name="Samples">The numbers.</param>
internal sealed record MetricFamily(string Name, string Help, bool IsCounter, IReadOnlyList<MetricSample> Samples)
{
    public static MetricFamily Counter(string name, string help, double value) => new(name, help, true, [new MetricSample(value)]);

    public static MetricFamily Gauge(string name, string help, double value) => new(name, help, false, [new MetricSample(value)]);
}

/// <summary>One number of a family.</summary>
/// <param name="Value">In the unit that the family's name says.</param>
/// <param name="Labels">Names and values that tell it from the others.</param>
internal readonly record struct MetricSample(double Value, params (string Name, string Value)[] Labels);
