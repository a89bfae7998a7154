using Deploy.Bench.Report;
using Deploy.Bench.Stage;

namespace Deploy.Bench.Scenarios;

/// <summary>Something to measure.</summary>
/// <param name="Name">The word for the command line.</param>
/// <param name="What">One line for a person.</param>
/// <param name="Rounds">Counted rounds where nobody says otherwise; one more goes before them, uncounted.</param>
/// <param name="RunAsync">Measures so many rounds. Throws <see cref="BenchError"/> when something does not do what is measured.</param>
internal sealed record Scenario(string Name, string What, int Rounds, Func<Scene, int, Task<IReadOnlyList<Figure>>> RunAsync);
