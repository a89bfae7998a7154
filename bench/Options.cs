using System.Globalization;
using Deploy.Bench.Scenarios;

namespace Deploy.Bench;

/// <summary>The command line: <c>[SCENARIO…] [--rounds N] [--json FILE]</c>, in the repository's root.</summary>
internal sealed record Options
{
    private const int MostRounds = 1000;

    /// <summary>In the order of the list, whatever the order asked.</summary>
    public required IReadOnlyList<Scenario> Scenarios { get; init; }

    /// <summary>Counted rounds of each; null is each scenario's own number.</summary>
    public int? Rounds { get; init; }

    /// <summary>Where the figures go.</summary>
    public required string JsonPath { get; init; }

    /// <summary>The binary that is measured, absolute.</summary>
    public string Binary { get; } = Path.GetFullPath("out/deploy");

    /// <summary>What is written while measuring; removed at the end. On a disk, as trees are.</summary>
    public string Scratch { get; } = Path.GetFullPath(Path.Combine("artifacts", "bench", $"run-{Environment.ProcessId}"));

    /// <exception cref="BenchError">A mistake.</exception>
    public static Options Read(IReadOnlyList<string> arguments)
    {
        var asked = new List<Scenario>();
        int? rounds = null;
        string json = Path.Combine("artifacts", "bench", $"bench-{TimeProvider.System.GetUtcNow():yyyyMMdd-HHmmss}.json");
        for (int at = 0; at < arguments.Count; at++)
        {
            switch (arguments[at])
            {
                case "--rounds" when at + 1 < arguments.Count && int.TryParse(arguments[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= MostRounds:
                    rounds = number;
                    at++;
                    break;
                case "--json" when at + 1 < arguments.Count:
                    json = arguments[++at];
                    break;
                case var word when All.Scenarios.FirstOrDefault(scenario => scenario.Name == word) is { } scenario:
                    asked.Add(scenario);
                    break;
                default:
                    throw new BenchError($"'{arguments[at]}': usage: bench [SCENARIO…] [--rounds N] [--json FILE]; scenarios are {string.Join(", ", All.Scenarios.Select(scenario => scenario.Name))}; rounds 1 to {MostRounds}");
            }
        }

        return new Options { Scenarios = asked.Count == 0 ? All.Scenarios : [.. All.Scenarios.Where(asked.Contains)], Rounds = rounds, JsonPath = json };
    }
}
