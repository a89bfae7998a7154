namespace Deploy.Bench.Report;

/// <summary>What was measured, round by round.</summary>
/// <param name="Values">One a round, in order; at least one.</param>
internal sealed record Sample(IReadOnlyList<double> Values)
{
    public double Median => MedianOf(Values);

    public double Least => Values.Min();

    public double Most => Values.Max();

    /// <summary>The median of the rounds' own ratios: both were measured in each round, so a machine that slows down meanwhile changes little.</summary>
    public double RatioTo(Sample other) => MedianOf([.. Values.Zip(other.Values, (one, two) => one / two)]);

    /// <summary>How much more it was than the other, round by round.</summary>
    public Sample Minus(Sample other) => new([.. Values.Zip(other.Values, (one, two) => one - two)]);

    /// <summary>In another unit.</summary>
    public Sample Times(double factor) => new([.. Values.Select(value => value * factor)]);

    private static double MedianOf(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
