using Deploy.Bench.Report;

namespace Deploy.Bench.Scenarios;

/// <summary>Measures several things in turn, A B C C B A A B C …, so that whatever else the machine does, and what one leaves to the next, meets all of them alike.</summary>
internal static class InTurn
{
    /// <summary>One sample for each, after one round that does not count.</summary>
    /// <param name="rounds">Counted rounds.</param>
    /// <param name="measures">Each measures once.</param>
    public static Sample[] Measure(int rounds, params Func<double>[] measures)
    {
        double[][] values = [.. measures.Select(_ => new double[rounds])];
        for (int round = -1; round < rounds; round++)
        {
            for (int turn = 0; turn < measures.Length; turn++)
            {
                int at = round % 2 == 0 ? turn : measures.Length - 1 - turn;
                double value = measures[at]();
                if (round >= 0)
                {
                    values[at][round] = value;
                }
            }
        }

        return [.. values.Select(all => new Sample(all))];
    }
}
